"""What the API server refuses, told with the manifest at hand: which word was meant, what to type instead.

These functions take a Subject and an ApiError and return the Hit that tells of it, or None where the rule's general
words serve. They run only for what is refused, so they may take their time.
"""

from __future__ import annotations

from joblint.rules.checks import check
from joblint.rules.finding import Hit
from joblint.rules.server import relative, sent_value
from joblint.rules.subject import as_list
from joblint.rules.words import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.api.verdict import ApiError
    from joblint.rules.finding import Fix
    from joblint.rules.subject import Subject


@check
def unknown_field(s: Subject, error: ApiError) -> Hit:
    """Tells a typo (the nearest name in that place), a misplaced field (where it belongs), or a field of another version."""
    from joblint.api.fields import known_since, names_at, places_of
    from joblint.api.versions import VERSIONS
    from joblint.source.paths import steps

    path = steps(error.field)
    *parents, name = path
    word = str(name)
    here = error.field[: -len(word)].rstrip(".") or "the object"
    kind = s.kind if s.kind in ("Job", "CronJob") else "Job"
    siblings = names_at(s.version, kind, parents)
    near = nearest(word, siblings)
    places = [p for p in places_of(s.version, kind, word) if not p.endswith(f".status.{word}")]
    others = known_since(s.version, kind, path, VERSIONS)
    if others and s.version not in others:
        newer = others[0] > s.version
        when = f"is known from Kubernetes {others[0]} on" if newer else f"was last known to Kubernetes {others[-1]}"
        return Hit(
            error.field,
            {"hint": f'"{word}" {when}, not to {s.version}.', "advice": f"Leave {word} out for {s.version}."},
            part="key",
        )
    crons = places_of(s.version, "CronJob", word) if kind == "Job" and not places else ()
    if crons:
        hint = f'{here} has no field "{word}"; it belongs to a CronJob ({crons[0]}).'
        return Hit(error.field, {"hint": hint, "advice": f"Leave {word} out, or make it a CronJob."}, part="key")
    if near and not places and (len(near) > 3 or near.lower() == word.lower()):
        return Hit(
            error.field,
            {"hint": f'{here} has no field "{word}"; "{near}" is meant.', "advice": f"{near}: …"},
            label=f"{near}?",
            part="key",
        )
    if places:
        best = _closest_place(error.field, places, s.at)
        return Hit(
            error.field,
            {"hint": f'{here} has no field "{word}"; it belongs at {best}.', "advice": f"Move it: {best}"},
            label=f"belongs at {best}",
            part="key",
        )
    anywhere = nearest(word, _all_names(s.version, kind))
    spots = [p for p in places_of(s.version, kind, anywhere) if not p.startswith("status.")] if anywhere else []
    if spots:
        best = _closest_place(error.field, spots, s.at)
        hint = f'{here} has no field "{word}"; the nearest is "{anywhere}" at {best}.'
        return Hit(error.field, {"hint": hint, "advice": f"Move it: {best}"}, label=f"{best}?", part="key")
    listed = ", ".join(siblings[:12]) + (", …" if len(siblings) > 12 else "")
    hint = f'{here} has no field "{word}".'
    return Hit(
        error.field, {"hint": hint, "advice": f"Leave it out. There are: {listed}." if listed else "Leave it out."}, part="key"
    )


def nearest(word: str, names: tuple[str, ...]) -> str:
    """The name that a word is a slip for, "" where none is near enough."""
    lowered = {n.lower().replace("_", "").replace("-", ""): n for n in names}
    plain = word.lower().replace("_", "").replace("-", "")
    if plain in lowered:
        return lowered[plain]
    from difflib import get_close_matches

    found = get_close_matches(plain, list(lowered), 1, 0.8)
    return lowered[found[0]] if found else ""


def _all_names(version: str, kind: str) -> tuple[str, ...]:
    from joblint.api.schema import load

    return tuple(dict.fromkeys([key for struct in load(version)["structs"] for key in struct[1]]))


def _closest_place(field: str, places: list[str], at: str) -> str:
    """The likeliest of several places: the one sharing the longest way with where the field stands, then the shortest."""
    trunk = [p.split("[")[0] for p in field.split(".")]

    def shared(place: str) -> tuple[int, int]:
        steps = [p.split("[")[0] for p in place.split(".")]
        same = 0
        for a, b in zip(trunk, steps, strict=False):
            if a != b:
                break
            same += 1
        return (-same, len(steps))

    within = [p for p in places if p.startswith(at + ".")] or places
    if len(within) == 1:
        return within[0]
    return sorted(within, key=shared)[0]


def _rename(s: Subject, field: str, name: str) -> Fix | None:
    return None


_GO_WORDS = {
    "int32": "a whole number",
    "int64": "a whole number",
    "bool": "true or false",
    "string": "a string",
    "float64": "a number",
}
_JSON_WORDS = {"string": "a string", "number": "a number", "bool": "a boolean", "array": "a list", "object": "a mapping"}


@check
def wrong_type(s: Subject, error: ApiError) -> Hit:
    """Tells what stands there and what is wanted: a string that should be a number, a boolean that YAML made of `yes`."""
    head, _, wanted = error.message.rpartition(" of type ")
    given = head.partition("cannot unmarshal ")[2].split(" ")[0]
    field = error.field
    value = sent_value(s.object, field)
    want = _wanted(wanted)
    have = _JSON_WORDS.get(given, given)
    raw = s.document.raw(s.prefix + field) if field else None
    told = f"{field or 'a field'} takes {want}, but {_shown(value, raw)} is {have}."
    advice = "Write " + want + "."
    if wanted == "string" and given == "bool":
        told = f"{field} takes a string, and YAML reads {raw or value} without quotes as a boolean."
        advice = f'"{raw}"' if raw else "Put it in quotes."
    elif wanted == "string" and given == "number":
        told = f"{field} takes a string, and YAML reads {raw or value} without quotes as a number."
        advice = f'"{raw}"' if raw else "Put it in quotes."
    elif wanted in ("int32", "int64") and isinstance(value, str) and value.strip().lstrip("+-").isdecimal():
        advice = f"{value.strip()}    without quotes"
    elif wanted == "bool" and isinstance(value, str) and value.lower() in ("true", "false"):
        advice = f"{value.lower()}    without quotes"
    elif wanted.startswith("[]") and given in ("string", "object"):
        advice = (
            f"A list: begin each entry with a dash, or write [{raw or value}]."
            if given == "string"
            else "A list: a dash before each entry."
        )
    elif wanted in ("int32", "int64") and given == "number":
        told = f"{field} takes a whole number of {wanted[3:]} bits, and {raw or value} is none."
    return Hit(field, {"hint": told + " " + f"(The server: {error.message})", "advice": advice}, label=f"{want} here")


def _wanted(go_type: str) -> str:
    if go_type in _GO_WORDS:
        return _GO_WORDS[go_type]
    if go_type.startswith("[]"):
        return "a list"
    if go_type.startswith("map["):
        return "a mapping"
    name = go_type.rpartition(".")[2]
    words = ("Policy", "Mode", "Type", "Operator", "Action", "Protocol", "Scheme", "Signal", "Effect")
    if name.endswith(words) and name not in ("PodFailurePolicy", "SuccessPolicy"):
        return "a string"
    return "a mapping with fields"


def _shown(value: object, raw: str | None) -> str:
    if isinstance(value, dict):
        return "what stands there"
    if isinstance(value, list):
        return "what stands there"
    text = raw if raw is not None else repr(value)
    return text if len(text) <= 40 else text[:37] + "…"


@check
def removed_api_version(s: Subject, error: ApiError) -> Hit:
    """Points at the apiVersion, which the server's words do not name as a field."""
    return Hit("apiVersion", {})


@check
def api_version_or_kind_missing(s: Subject, error: ApiError) -> Hit:
    """Points at whichever of the two is wrong, or at the first key where it is missing."""
    field = "apiVersion" if "apiVersion" in error.message else "kind"
    return Hit(field if field in s.object else "", {})


@check
def quantity_malformed(s: Subject, error: ApiError) -> Hit | None:
    """Finds the amount that the server could not read: its error names no field."""
    field, value = error.field, sent_value(s.object, error.field) if error.field else None
    if not field:
        found = _bad_quantity(s)
        if found is None:
            return Hit("", {"value": "an amount", "hint": error.message})
        field, value = found
    text = str(value)
    hint = "write a number and one of m, k, M, G, T, Ki, Mi, Gi, Ti, without a blank."
    number = text.strip().rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    suffix = text.strip()[len(number) :].strip()
    meant = {
        "mb": "M",
        "gb": "G",
        "kb": "k",
        "tb": "T",
        "mib": "Mi",
        "gib": "Gi",
        "kib": "Ki",
        "tib": "Ti",
        "mi": "Mi",
        "gi": "Gi",
        "ki": "Ki",
    }
    unit = meant.get(suffix.lower())
    if unit and number:
        hint = f"{number}{unit} is meant."
    elif suffix.lower() in ("core", "cores", "cpu", "cpus", "vcpu") and number:
        hint = f"{number} is meant: CPU has no unit."
    return Hit(field, {"value": text, "hint": hint}, label=hint.rstrip("."))


def _bad_quantity(s: Subject) -> tuple[str, object] | None:
    from joblint.api.validate.quantity import parse

    for path, value in s.document.scalars():
        if not path.startswith(s.prefix):
            continue
        field = path[len(s.prefix) :]
        if (
            ".limits" not in field
            and ".requests" not in field
            and not field.endswith(("sizeLimit", "divisor"))
            and ".overhead" not in field
        ):
            continue
        try:
            parse(str(value))
        except ValueError:
            return field, value
    return None


@check
def name_invalid(s: Subject, error: ApiError) -> Hit:
    """Says which name it is, and how it would be written rightly where that can be told."""
    value = sent_value(s.object, error.field)
    what = {"metadata.name": "name", "metadata.generateName": "generateName", "metadata.namespace": "namespace"}.get(
        error.field, error.field.rpartition(".")[2] if error.field else "name"
    )
    hint = error.message.partition('": ')[2] or error.message
    if isinstance(value, str):
        dots = what in ("name", "generateName") and error.field.startswith("metadata")
        right = "".join(
            [c if c.isascii() and c.isalnum() or c == "-" or (dots and c == ".") else "-" for c in value.lower()]
        ).strip("-.")
        if right and right != value and len(right) <= (253 if dots else 63):
            hint = f"small letters, digits and dashes only; {right} would do. (The server: {hint})"
    return Hit(error.field, {"what": what, "value": value, "hint": hint})


@check
def name_too_long(s: Subject, error: ApiError) -> Hit:
    """Puts together what the server says at several places about one long name."""
    value = s.name
    completions = s.sent_spec.get("completions")
    if s.kind == "CronJob":
        hint = "at most 52 for a CronJob, whose Jobs are called NAME-<minutes>."
    elif s.sent_spec.get("completionMode") == "Indexed" and isinstance(completions, int) and completions > 0:
        last = len(str(completions - 1))
        hint = f"at most {62 - last} here, since each Pod's host name is NAME-<index>."
        if len(value) <= 62 - last:
            return Hit(
                "metadata.name",
                {
                    "value": value,
                    "length": len(value),
                    "hint": f"the Pods of an Indexed Job are called {value}-<index>, which is no host name: {error.message}",
                },
            )
    else:
        hint = "at most 63, since it becomes a label of the Job's Pods."
    return Hit("metadata.name", {"value": value, "length": len(value), "hint": hint})


@check
def mount_without_volume(s: Subject, error: ApiError) -> Hit:
    """Names the volume that was probably meant."""
    value = str(sent_value(s.object, error.field))
    pod = s.sent_pod
    names = tuple([str(v.get("name")) for v in as_list(pod.get("volumes")) if isinstance(v, dict)])
    near = nearest(value, names)
    hint = f" ({near} is meant?)" if near else f" (it has {', '.join(names)})" if names else ""
    return Hit(error.field, {"value": value, "hint": hint})


@check
def value_not_supported(s: Subject, error: ApiError) -> Hit:
    """Names the values that the field takes, and the one that was meant."""
    value = sent_value(s.object, error.field)
    choices = error.message.partition("supported values: ")[2]
    listed = tuple([c.strip().strip('"') for c in choices.split(",") if c.strip()])
    near = nearest(str(value), listed) or next((c for c in listed if str(value).lower() in c.lower() and len(str(value)) > 3), "")
    name = error.field.rpartition(".")[2]
    advice = f"{name}: {near}" if near else f"{name}: one of {', '.join(listed)}"
    return Hit(
        error.field, {"name": name, "choices": _or(listed), "value": value, "advice": advice}, label=f"{near}?" if near else ""
    )


def _or(words: tuple[str, ...]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


@check
def number_out_of_range(s: Subject, error: ApiError) -> Hit:
    """Quotes the bound."""
    value = sent_value(s.object, error.field)
    return Hit(error.field, {"value": value, "hint": "it " + error.message.rpartition(": ")[2] + "."})


@check
def needs_indexed_mode(s: Subject, error: ApiError) -> Hit:
    """Names the setting."""
    return Hit(error.field, {"name": error.field.rpartition(".")[2]}, part="key")


_DAYS_AND_SLIPS = (
    ("@reboot", "there is no @reboot; a Job of its own runs once."),
    ("@every", "@every takes a duration such as 90m or 1h30m."),
    ("L", "L (last day) is not known here."),
    ("W", "W (nearest weekday) is not known here."),
    ("#", "# (nth weekday) is not known here."),
    ("H", "H (Jenkins' hash) is not known here."),
)


@check
def schedule_malformed(s: Subject, error: ApiError) -> Hit:
    """Says what is wrong with the expression in the words of somebody who writes one."""
    value = s.object.get("spec", {}).get("schedule") if isinstance(s.object.get("spec"), dict) else None
    if not value:
        return Hit("spec.schedule", {"value": "", "hint": "it is required."})
    text = str(value)
    fields = text.split()
    says = error.message.rpartition('": ')[2] or error.message
    hint = says + "."
    if text.startswith("@"):
        hint = next(
            (h for mark, h in _DAYS_AND_SLIPS if text.startswith(mark)),
            "of the words only @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly and @every are known.",
        )
    elif len(fields) != 5:
        hint = f"it has {count(len(fields), 'field')}; five are wanted: minute, hour, day of month, month, day of week."
        if len(fields) == 6:
            hint += " There are no seconds here, and no years."
    elif "7" in fields[4].replace("/7", "").replace(",", "-").split("-"):
        hint = "the day of the week goes from 0 (Sunday) to 6; write 0 for Sunday, 7 is no day here."
    else:
        for mark, words in _DAYS_AND_SLIPS[2:]:
            if any(
                mark in f.upper().replace("JUL", "").replace("WED", "").replace("THU", "").replace("MARCH", "") for f in fields
            ):
                hint = words
                break
    return Hit("spec.schedule", {"value": value, "hint": hint})


@check
def time_zone_unknown(s: Subject, error: ApiError) -> Hit:
    """Names the zone that was meant, where one is near."""
    value = sent_value(s.object, "spec.timeZone")
    hint = error.message.rpartition('": ')[2] or error.message
    near = ""
    if isinstance(value, str) and value:
        from difflib import get_close_matches
        from zoneinfo import available_timezones

        zones = {z.lower(): z for z in available_timezones()}
        plain = value.strip().lower().replace(" ", "_")
        found = get_close_matches(plain, list(zones), 1, 0.75)
        city = [z for low, z in zones.items() if low.rpartition("/")[2] == plain.rpartition("/")[2] and "/" in z]
        near = zones.get(plain) or (zones[found[0]] if found else min(city, key=len) if city else "")
    return Hit("spec.timeZone", {"value": value, "hint": f"{near} is meant?" if near else hint}, label=f"{near}?" if near else "")


@check
def selector_set_by_hand(s: Subject, error: ApiError) -> Hit:
    """Points at the selector, and tells an export from a hand-written one."""
    labels = s.sent_spec.get("template")
    meta = labels.get("metadata") if isinstance(labels, dict) else None
    sent = meta.get("labels") if isinstance(meta, dict) else None
    exported = isinstance(sent, dict) and ("controller-uid" in sent or "batch.kubernetes.io/controller-uid" in sent)
    at = s.at + ".selector" if "selector" in s.sent_spec else error.field
    if exported:
        short = "it was exported from a cluster and carries the generated selector and labels of the old Job."
    elif s.sent_spec.get("manualSelector") is True:
        says = error.message.rpartition(": ")[2]
        short = f"with manualSelector the template's labels must match the selector ({relative(error.field)}: {says})."
    else:
        short = "a Job's selector is generated; this one was set by hand."
    return Hit(at, {"says_short": short}, part="key")


@check
def refused_by_api_server(s: Subject, error: ApiError) -> Hit:
    """The server's own words, with the field before them where it names one."""
    return Hit(error.field, {"says_at": f"{error.field}: {error.message}" if error.field else error.message})


@check
def server_warns(s: Subject) -> Iterator[Hit]:
    """Each warning that the server sends with its answer, at the field that it names."""
    for warning in s.verdict.warnings:
        head, colon, rest = warning.partition(": ")
        field = head if colon and " " not in head and head.startswith(("spec", "metadata")) else ""
        yield Hit(field, {"warning": (warning if not field else f"{field}: {rest}").rstrip(".")})


def dropped_hit(s: Subject, field: str) -> Hit:
    """A field that the version forgets: since when it would be kept."""
    from joblint.api.versions import VERSIONS

    later = [v for v in VERSIONS if v > s.version]
    hint = (
        f"its feature is off by default there (joblint --kubernetes-version {later[0]}..{VERSIONS[-1]} tells when it is on)"
        if later
        else "its feature is off by default there"
    )
    return Hit(field, {"version": s.version, "hint": hint}, part="key")
