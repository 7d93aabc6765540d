"""Explanations as JSON (`schemas/output/explain.json`)."""

from __future__ import annotations

from joblint.report.check.json import crash_data, verdict_data
from joblint.report.safe import json_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.controller.live.states import Live
    from joblint.explain.explanation import Explanation, Schedule, Told
    from joblint.run.explain import Explained


def render(explained: Explained) -> str:
    """Return all explanations as one JSON text."""
    return json_text(data(explained))


def data(explained: Explained) -> dict[str, Any]:
    """Return all explanations as JSON data."""
    return {
        "version": 1,
        "jobs": [job(e) for e in explained.explanations],
        "skipped": [{"file": s.file, "document": s.document, "reason": s.reason} for s in explained.skipped],
        "crashes": [crash_data(c) for c in explained.crashes],
    }


def job(e: Explanation) -> dict[str, Any]:
    """Return one explanation as JSON data."""
    told = e.asked or next(iter(e.scenarios), None)
    return {
        "file": e.file,
        "document": e.document,
        "line": e.line,
        "kind": e.kind,
        "name": e.name,
        "kubernetes": e.kubernetes,
        "apiserver": verdict_data(e.verdict),
        "pattern": e.pattern,
        "fits": {"name": e.documented[0], "when": e.documented[1]} if e.documented[0] else None,
        "headline": e.headline,
        "facts": _facts(e),
        "limits": [
            {"field": r.field, "name": r.name, "value": r.value, "set": r.set, "wins": r.wins, "at": r.at, "text": r.here}
            for r in e.limits
        ],
        "simulation": _simulation(told) if told is not None else None,
        "scenarios": {t.name: {"title": t.title, "text": t.text, **t.end.as_dict()} for t in e.scenarios},
        "schedule": _schedule(e.schedule) if e.schedule is not None else None,
        **({"live": _live(e.live)} if e.live is not None else {}),
    }


def _live(live: Live) -> dict[str, Any]:
    following = live.next
    times = {"at": _iso(following.at), "at_latest": _iso(following.latest)}
    found = {
        "now": _iso(live.now),
        "state": live.state,
        "why": live.why,
        "next": {"event": following.event, **times, "because": following.because},
    }
    told = live.starts
    if told is None:
        return found
    return found | {
        "starts": {
            "last": _iso(told.last),
            "active": [{"name": name, "since": _iso(since)} for name, since in told.active],
            "missed": {"count": told.count, "latest": [_iso(at) for at in told.missed], "why": told.why},
        }
    }


def _iso(at: float | None) -> str | None:
    """An instant in ISO 8601, UTC, to the millisecond."""
    from joblint.api.go.civil import rfc3339

    if at is None:
        return None
    thousandths = round(at * 1000)
    return f"{rfc3339(thousandths // 1000)[:19]}.{thousandths % 1000:03d}Z"


def _facts(e: Explanation) -> list[dict[str, str]]:
    from joblint.explain.cron import told_once

    found = [{"field": "", "text": e.headline}] if e.headline else []
    found += [{"field": r.field, "text": f"{r.name} {r.value}: {r.here}"} for r in e.limits]
    if e.schedule is not None:
        found += [{"field": field, "text": text} for field, text in (("spec.schedule", e.schedule.words), *e.schedule.notes)]
        found += [{"field": "spec.concurrencyPolicy", "text": text} for text, _ in told_once(e.schedule.overlaps)]
    return found + [{"field": "", "text": f"{title}: {text}"} for title, text in e.notes]


def _simulation(told: Told) -> dict[str, Any]:
    return {"scenario": told.name, **told.run.as_dict()}


def _schedule(s: Schedule) -> dict[str, Any]:
    return {
        "schedule": s.schedule,
        "timeZone": s.zone,
        "text": s.words,
        "starts": [{"local": t.local, "utc": t.utc, "job": t.job} for t in s.starts],
        "overlaps": [
            {
                "run": o.run,
                "text": o.text,
                "started": o.started,
                "skipped": o.skipped,
                "most_at_once": o.most_at_once,
                "until": o.until,
                "jobs": [{"start": start, "end": end, "outcome": outcome} for start, end, outcome in o.jobs],
                "missed": list(o.missed),
            }
            for o in s.overlaps
        ],
        "notes": [{"field": field, "text": text} for field, text in s.notes],
    }
