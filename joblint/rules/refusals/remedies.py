"""The fix for a rejection: what was clearly meant, as edits of the text; knows rules by name, the subject, the error.

A fix is safe if it writes what was clearly intended (a typo); otherwise it is a choice that somebody must make.
"""

from __future__ import annotations

from joblint.api.shared_names import GENERATED_LABELS, INDEX_LABEL, UID_LABELS
from joblint.rules.finding import Fix
from joblint.rules.fixes import edits
from joblint.rules.fixes.compose import fix, take_out
from joblint.rules.refusals.remedy_values import enum, mode, port_number, quantity, wrong_type
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from joblint.api.verdict import ApiError
    from joblint.rules.subject import Subject

    Remedy = Callable[[Subject, ApiError], Fix | None]


def remedy_for(name: str, s: Subject, error: ApiError) -> Fix | None:
    """Return the fix for an error that the rule `name` reports, None if there is none."""
    found = _REMEDIES.get(name)
    return found(s, error) if found is not None else None


def _unknown_field(s: Subject, error: ApiError) -> Fix | None:
    """A typo is fixed in its place; a misplaced field moves to the only place where it is valid."""
    from joblint.api.version.fields import known_since, names_at, places_of
    from joblint.api.version.versions import VERSIONS
    from joblint.base.nearest import nearest
    from joblint.rules.checks.refused.fields import meant_cronjob
    from joblint.rules.refusals.renamed import meant_sibling
    from joblint.source.places.paths import steps

    path = steps(error.field)
    if not path or not path[-1]:
        return None  # an empty key is not a typo
    if error.field == "spec.jobTemplate" and meant_cronjob(s):
        safe = "schedule" in as_dict(s.object.get("spec"))
        return fix("kind: Job → CronJob", edits.replace_value(s.document, s.prefix + "kind", "CronJob"), safe=safe)
    word, kind = str(path[-1]), s.kind if s.kind in ("Job", "CronJob") else "Job"
    if known_since(s.version, kind, path, VERSIONS):
        return None
    sibling = meant_sibling(s, error.field)
    if sibling:
        return fix(f"{word} → {sibling}", edits.rename_key(s.document, s.prefix + error.field, sibling), safe=False)
    near = nearest(word, names_at(s.version, kind, path[:-1]))
    places = places_of(s.version, kind, word)
    if near and not places and not places_of(s.version, "CronJob", word) and (len(near) > 3 or near.lower() == word.lower()):
        renamed = edits.rename_key(s.document, s.prefix + error.field, near)
        value = _value_under(s, path, near) if renamed else None
        title = f"{word} → {near}"
        return fix(title, renamed) if renamed is None or value is None else Fix(f"{title}, {value.title}", renamed + value.edits)
    from joblint.rules.fixes.moves import move_entry

    homes, only = _homes(s, error.field, places)
    if len(homes) != 1 or word in _ANYWHERE:
        return None
    at = homes[0]
    made = move_entry(s.document, s.prefix + error.field, s.prefix + at)
    return fix(f"{word} moves to {at}", made, safe=only)


# Names that so many structs have that the place cannot be guessed.
_ANYWHERE = (
    "name",
    "namespace",
    "labels",
    "annotations",
    "kind",
    "apiVersion",
    "key",
    "value",
    "values",
    "type",
    "spec",
    "metadata",
)


def _value_under(s: Subject, path: list[str | int], name: str) -> Fix | None:
    """The fix of the value of a misspelled field: with the right name, the server may reject the value."""
    from joblint.api.judge import judge
    from joblint.base.record import replace
    from joblint.source.places.paths import changed, value_at, without

    trial = changed(without(s.object, path), [*path[:-1], name], value_at(s.object, path))
    verdict = judge(trial, s.version)
    for error in verdict.errors if verdict is not None else ():
        if error.field.rpartition(".")[2] == name:
            found = (wrong_type if error.type == "Decode" else enum)(
                s, replace(error, field=_as_sent(error.field, str(path[-1])))
            )
            if found is not None and found.safe:
                return found
    return None


def _as_sent(field: str, word: str) -> str:
    parent, dot, _ = field.rpartition(".")
    return parent + dot + word


def _homes(s: Subject, field: str, places: tuple[str, ...]) -> tuple[list[str], bool]:
    """The mappings of the object that may contain a field of this name and have none, those of the Job or its Pod before those
    of a container; and whether the first of them is the only possible place."""
    name = field.rpartition(".")[2]
    near: list[str] = []
    deep: list[str] = []
    spots = 0
    for place in places:
        parent = place[: -len(name)].rstrip(".")
        if place.startswith("status.") or (s.kind == "CronJob" and parent == "spec.jobTemplate"):
            continue
        spots += "[*]" not in parent
        plain = parent.replace("[*]", "[0]")
        value = _at(s.object, parent)
        if not isinstance(value, dict) or not value or name in value or field.startswith(plain + "." + name):
            continue
        (deep if "[*]" in parent else near).append(plain)
    if s.kind == "CronJob" and field == f"spec.{name}" and "spec.jobTemplate.spec" in near:
        return ["spec.jobTemplate.spec"], True  # one level above a Job's fields: the most common mistake
    if spots:
        return near, len(near) == spots == 1
    homes = [p for p in deep if p.endswith("containers[0]")]
    return homes, len(homes) == 1


def _at(value: Any, path: str) -> Any:
    """The value at a path whose lists (`[*]`) have one item each."""
    for step in path.split(".") if path else ():
        name, mark, _ = step.partition("[")
        value = as_dict(value).get(name)
        if mark:
            items = as_list(value)
            value = items[0] if len(items) == 1 else None
    return value


def _restart_policy_unknown(s: Subject, error: ApiError) -> Fix | None:
    made = enum(s, error)
    if made is not None:
        return made
    return fix("restartPolicy: Never", edits.replace_value(s.document, s.prefix + error.field, "Never"), safe=False)


def _restart_policy_required(s: Subject, error: ApiError) -> Fix | None:
    """A choice: Never keeps the logs of every attempt."""
    if not s.sent_pod:
        return None
    from joblint.rules.checks.refused.values import deep_restart_policy

    deep = deep_restart_policy(s)
    if deep is not None and "restartPolicy" not in s.sent_pod:
        from joblint.rules.fixes.moves import move_entry

        moved = move_entry(s.document, s.prefix + deep[0], s.prefix + s.pod_at)
        return fix(f"restartPolicy moves to {s.pod_at}", moved, safe=len(as_list(s.sent_pod.get("containers"))) == 1)
    if "restartPolicy" in s.sent_pod:
        made = edits.replace_raw(s.document, s.prefix + error.field, "Never")
    else:
        made = edits.insert_key(s.document, s.prefix + s.pod_at, "restartPolicy", _string(s, "Never"))
    return fix("restartPolicy: Never", made, safe=False)


def _restart_policy_always(s: Subject, error: ApiError) -> Fix | None:
    return fix("Always → Never", edits.replace_value(s.document, s.prefix + error.field, "Never"), safe=False)


def _string(s: Subject, value: str) -> str:
    return edits.quoted(value) if s.document.source.part.json or not edits.is_plain_string(value) else value


# Versions that mean batch/v1; another group may be a custom one that this cluster does not have.
_MEANT_BATCH = ("v1", "batch", "batch/V1", "extensions/v1beta1")


def _what_it_is(s: Subject, error: ApiError) -> Fix | None:
    """apiVersion and kind as they were meant: another value, another spelling of the key, or a missing line."""
    from joblint.api.ours import meant

    raw = s.document.object(s.prefix)
    right = meant(raw) if isinstance(raw, dict) else None
    if right is None or not isinstance(raw, dict):
        return None
    version = raw.get("apiVersion")
    if isinstance(version, str) and version not in _MEANT_BATCH and not version.lower().startswith(("batch/v", "apps/v")):
        return None
    made: edits.Edits = ()
    titles = []
    for key, after in (("apiVersion", ""), ("kind", "apiVersion")):
        step = _said_rightly(s, raw, key, right[key], after)
        if step is None:
            return None
        made += step[0]
        titles += [step[1]] if step[1] else []
    return fix(", ".join(titles), made)


def _said_rightly(s: Subject, raw: dict[str, Any], key: str, value: str, after: str) -> tuple[edits.Edits, str] | None:
    """The edits, and their title, after which the object has `key: value`; None if the text allows none."""
    if raw.get(key) == value:
        return (), ""
    written = key if key in raw else next((k for k in raw if k.lower() == key.lower()), None)
    if written is None:
        added = edits.insert_key(s.document, s.prefix.rstrip("."), key, value, after if after in raw else "")
        return None if added is None else (added, f"{key}: {value}")
    made: edits.Edits = ()
    if written != key:
        renamed = edits.rename_key(s.document, s.prefix + written, key)
        if renamed is None:
            return None
        made = renamed
    if raw[written] == value:
        return made, f"{written} → {key}"
    if not isinstance(raw[written], str):
        return None
    replaced = edits.replace_value(s.document, s.prefix + written, value)
    return None if replaced is None else (made + replaced, f"{raw[written]} → {value}")


def _schedule_time_zone(s: Subject, error: ApiError) -> Fix | None:
    """`TZ=Zone ` before a schedule becomes the field timeZone."""
    spec = as_dict(s.object.get("spec"))
    schedule = spec.get("schedule")
    if not isinstance(schedule, str) or not schedule.startswith(("TZ=", "CRON_TZ=")):
        return None
    head, _, rest = schedule.partition(" ")
    zone, rest = head.partition("=")[2], rest.strip()
    at = s.prefix + "spec.schedule"
    style = s.document.style(at)
    if not zone or not rest:
        return None
    raw = "'" + rest + "'" if style == "single" else edits.quoted(rest)
    first = edits.replace_raw(s.document, at, raw)
    if spec.get("timeZone") == zone:
        return fix(f"{head} moves from the schedule to timeZone", first)
    if "timeZone" in spec or first is None:
        return None
    second = edits.insert_key(s.document, s.prefix + "spec", "timeZone", _string(s, zone), after="schedule")
    return fix(f"timeZone: {zone} instead of {head}", None if second is None else first + second)


def _schedule_malformed(s: Subject, error: ApiError) -> Fix | None:
    """Sunday is 0, not 7."""
    from joblint.rules.refusals.schedules import weekdays

    schedule = as_dict(s.object.get("spec")).get("schedule")
    fields = schedule.split(" ") if isinstance(schedule, str) else []
    if len(fields) != 5 or "7" not in fields[4]:
        return None
    fixed = " ".join([*fields[:4], weekdays(fields[4])])
    if fixed == schedule:
        return None
    made = edits.replace_value(s.document, s.prefix + "spec.schedule", fixed)
    return fix(f"day of the week {fields[4]} → {fixed.split(' ')[4]}", made)


def _time_zone(s: Subject, error: ApiError) -> Fix | None:
    """A zone in the wrong case: safe; a similar one is a choice."""
    from joblint.rules.refusals.schedules import zone_meant

    value = as_dict(s.object.get("spec")).get("timeZone")
    near, safe = zone_meant(value) if isinstance(value, str) and value else ("", False)
    if not near:
        return None
    return fix(f"{value} → {near}", edits.replace_value(s.document, s.prefix + "spec.timeZone", near), safe=safe)


_GENERATED = (*GENERATED_LABELS, INDEX_LABEL)
"""Labels that the server sets on the Pods of a Job, and that its selector contains."""


def _exported_selector(s: Subject, error: ApiError) -> Fix | None:
    """An exported Job contains the selector and the Pods' labels that the server generated for the old one."""
    template = as_dict(s.sent_spec.get("template"))
    labels = as_dict(as_dict(template.get("metadata")).get("labels"))
    if not any(label in labels for label in UID_LABELS):
        return None
    at = f"{s.spec_at}.template.metadata"
    if all(key in _GENERATED for key in labels):
        rest = [k for k, v in as_dict(template.get("metadata")).items() if k != "labels" and v is not None]
        fields = [f"{at}.labels"] if rest else [at]
    else:
        fields = [f"{at}.labels[{key}]" for key in labels if key in _GENERATED]
    if "selector" in s.sent_spec:
        fields.append(f"{s.spec_at}.selector")
    return take_out(s, fields, "the generated selector and labels of the old Job are removed")


_REMEDIES: dict[str, Remedy] = {
    "unknown-field": _unknown_field,
    "wrong-type": wrong_type,
    "value-not-supported": enum,
    "restart-policy-unknown": _restart_policy_unknown,
    "restart-policy-required": _restart_policy_required,
    "restart-policy-always": _restart_policy_always,
    "removed-api-version": _what_it_is,
    "kind-unknown": _what_it_is,
    "api-version-or-kind-missing": _what_it_is,
    "schedule-time-zone": _schedule_time_zone,
    "schedule-malformed": _schedule_malformed,
    "time-zone-unknown": _time_zone,
    "probe-malformed": port_number,
    "quantity-malformed": quantity,
    "volume-malformed": mode,
    "selector-set-by-hand": _exported_selector,
}
