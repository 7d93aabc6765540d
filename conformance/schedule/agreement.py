"""joblint's answers to the questions that robfig/cron and the CronJob controller are asked; needs no Go."""

from __future__ import annotations

from functools import cache
from typing import Any

from joblint.api.go.schedule import ScheduleError, parse_standard
from joblint.api.go.zone import load
from joblint.controller.cron.calendar import next_start
from joblint.controller.cron.missed import MANY, InvalidSchedule, most_recent, next_look

_zone = cache(load)


def mine(question: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """What joblint says to a question, in the form of the library's answer, with as many starts as that has."""
    length = len(theirs.get("next", ()))
    try:
        schedule = parse_standard(question["schedule"])
    except ScheduleError as error:
        return {"error": str(error)}
    zone = _zone(question.get("zone"))
    if "after" in question:
        at, found = question["after"], []
        while len(found) < length:
            at = next_start(schedule, at, zone)
            found.append(at)
            if at is None:
                break
        return {"next": found} if found else {}
    if "now" in question:
        said: dict[str, Any] = {"look": round(next_look(schedule, zone, question["last"], question["now"]), 3)}
        try:
            recent = most_recent(schedule, zone, question["last"], question["now"], question.get("deadline"))
        except InvalidSchedule as error:
            return said | {"error": str(error)}
        if recent.latest is not None:
            said["latest"] = recent.latest
        if recent.missed:
            said["missed"] = 2 if recent.missed > MANY else 1  # many or few, as the controller has it
        return said
    if schedule.every is not None:
        return {"every": schedule.every}
    return {"masks": [schedule.minute, schedule.hour, schedule.dom, schedule.month, schedule.dow]}
