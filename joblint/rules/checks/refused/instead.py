"""Rejected variables, probes, schedules with time zones, and completions: what to write instead, from the manifest's values."""

from __future__ import annotations

from joblint.rules.finding import Hit
from joblint.rules.subject import as_dict, as_list, sent_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.verdict import ApiError
    from joblint.rules.subject import Subject


def server_crashes(s: Subject, error: ApiError) -> Hit:
    """As many completions as the policy and parallelism refer to."""
    numbers = [2, s.sent_spec.get("parallelism")]
    for rule in as_list(as_dict(s.sent_spec.get("successPolicy")).get("rules")):
        numbers.append(as_dict(rule).get("succeededCount"))
        indexes = as_dict(rule).get("succeededIndexes")
        if isinstance(indexes, str):
            numbers += [int(n) + 1 for n in indexes.replace("-", ",").split(",") if n.isascii() and n.isdecimal() and len(n) < 7]
    most = max([n for n in numbers if isinstance(n, int)])
    return Hit(error.field, {"advice": f"completions: {most}    the number of indexes"})


def env_malformed(s: Subject, error: ApiError) -> Hit:
    """What to write instead, depending on what is wrong with the variable."""
    if "may not be specified when `value` is not empty" in error.message:
        advice = "Remove value, or remove valueFrom."
    elif "must specify one of" in error.message:
        advice = "valueFrom:\n  secretKeyRef:\n    name: <secret-name>\n    key: <key>"
    elif error.field.endswith(".name") and error.type == "FieldValueRequired":
        advice = "name: <variable-name>"
    else:
        advice = "Correct the field shown in the message."
    return Hit(error.field, {"advice": advice})


def volume_malformed(s: Subject, error: ApiError) -> Hit:
    """What to write instead, depending on what is wrong with the volume."""
    last = error.field.rpartition(".")[2]
    if "volume type" in error.message:
        advice = "Write exactly one source for each volume, for example:\nvolumes:\n- name: data\n  emptyDir: {}"
    elif "0777" in error.message:
        advice = f"{last}: 0644    an octal number from 0000 to 0777"
    elif error.type == "FieldValueRequired" and last.isalpha():
        advice = f"{last}: <value>"
    else:
        advice = "Correct the field shown in the message."
    return Hit(error.field, {"advice": advice})


_PROBES = (
    ("more than 1 handler type", "Keep exactly one handler: exec, httpGet, tcpSocket or grpc."),
    ("must specify a handler type", "Add a handler (exec, httpGet, tcpSocket or grpc), or remove it."),
    ("may not be set for init containers", "Remove it, or make the init container a sidecar: restartPolicy: Always"),
)


def probe_malformed(s: Subject, error: ApiError) -> Hit:
    """What to write instead, depending on what is wrong with the probe or hook."""
    value = sent_value(s.object, error.field)
    if error.field.endswith(".port") and isinstance(value, str) and value.isascii() and value.isdecimal():
        return Hit(error.field, {"advice": f"port: {int(value)}    without quotes"})
    advice = next((words for mark, words in _PROBES if mark in error.message), "Correct the field shown in the message.")
    return Hit(error.field, {"advice": advice})


def schedule_time_zone(s: Subject, error: ApiError) -> Hit:
    """The two fields, from the schedule."""
    schedule = sent_value(s.object, "spec.schedule")
    head, _, rest = schedule.partition(" ") if isinstance(schedule, str) else ("", "", "")
    zone = head.partition("=")[2]
    return Hit(error.field, {"advice": f'schedule: "{rest.strip() or "<schedule>"}"\ntimeZone: {zone or "<time-zone>"}'})
