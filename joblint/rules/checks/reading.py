"""What YAML makes of the text: values that are valid and accepted, but not what was intended.

Almost no file contains such values: each rule file says what its check looks for in the text (`looks_for`).
"""

from __future__ import annotations

from joblint.rules.subject import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_MODES = ("mode", "defaultMode")
_TRUE = ("y", "Y", "yes", "Yes", "YES", "on", "On", "ON")
_FALSE = ("n", "N", "no", "No", "NO", "off", "Off", "OFF")
_YES_OR_NO = frozenset((*_TRUE, *_FALSE))
# Maps whose keys are arbitrary names and whose values are strings.
_FREE_MAPS = ("labels", "annotations", "matchLabels", "nodeSelector", "options", "limits", "requests")
# Lists and mappings: an empty one changes nothing.
_COLLECTIONS = frozenset(
    (
        *("command", "args", "env", "envFrom", "ports", "volumes", "volumeMounts"),
        *("volumeDevices", "labels", "annotations", "resources", "limits", "requests", "nodeSelector"),
        *("tolerations", "affinity", "securityContext", "imagePullSecrets", "initContainers", "hostAliases", "emptyDir"),
        *(
            "ownerReferences",
            "finalizers",
            "schedulingGates",
            "resourceClaims",
            "topologySpreadConstraints",
            "readinessGates",
            "lifecycle",
        ),
        *("status", "metadata", "value", "ephemeralContainers", "creationTimestamp", "matchLabels"),
    )
)
_INVISIBLE = "\u00a0\u200b\u200c\u2060\ufeff\u00ad"
_QUOTES = "\u201c\u201d\u2018\u2019"


def _plain(s: Subject, odd: Callable[[str], bool]) -> Iterator[tuple[str, str, Any]]:
    """The plain scalars of the object that are values with an odd text: field path, text, and the value that is sent."""
    from joblint.rules.subject import sent_value

    for at, text in s.document.plain_values(s.prefix, odd):
        field = at[len(s.prefix) :]
        yield field, text, sent_value(s.object, field)


def _free(field: str) -> bool:
    return field.partition("[")[0].rpartition(".")[2] in _FREE_MAPS


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _zero_first(text: str) -> bool:
    digits = text.lstrip("+-")
    return digits[:1] == "0" and digits.isdecimal()


def _not_decimal(text: str) -> bool:
    """Whether a text begins as a number and is not a decimal one: others are placeholders, in whose place there is a number."""
    digits = text.lstrip("+-")
    return digits.lstrip(".")[:1].isdecimal() and not digits.replace(".", "", 1).isdecimal()


def leading_zero(s: Subject) -> Iterator[Hit]:
    """`010` is 8: YAML 1.1 reads a leading zero as octal. In file modes this is intended."""
    from joblint.rules.fixes.compose import write

    for field, text, value in _plain(s, _zero_first):
        if not _is_number(value) or field.rpartition(".")[2] in _MODES:
            continue
        meant = int(text)
        if meant != value:
            yield s.hit(field, text=text, value=value, meant=meant, key=_key(field), fix=write(s, field, str(meant), safe=False))


def number_spelling(s: Subject) -> Iterator[Hit]:
    """Numbers in YAML 1.1 spelling: `1_000`, `0x1F`, `0o17`, `1e3`."""
    from joblint.rules.fixes.compose import write

    for field, text, value in _plain(s, _not_decimal):
        if not _is_number(value) or field.rpartition(".")[2] in _MODES:
            continue
        shown = str(int(value)) if value == int(value) else str(value)
        if text != shown:
            yield s.hit(field, text=text, value=shown, key=_key(field), fix=write(s, field, shown))


def boolean_spelling(s: Subject) -> Iterator[Hit]:
    """`yes` and `on` are booleans to kubectl and strings to tools that read YAML 1.2."""
    from joblint.rules.fixes.compose import write

    for field, text, value in _plain(s, _YES_OR_NO.__contains__):
        if isinstance(value, bool):
            shown = "true" if value else "false"
            yield s.hit(field, text=text, value=shown, key=_key(field), fix=write(s, field, shown))


def _key(field: str) -> str:
    """What comes before the value in the file: the key, or the dash of an item."""
    last = field.rpartition(".")[2]
    return "- " if last.endswith("]") else f"{last}: "


def _kind(key: str) -> str:
    return "boolean" if key in ("true", "false") else "number"


def key_not_as_written(s: Subject) -> Iterator[Hit]:
    """An unquoted key of labels, annotations … that YAML reads as a boolean or a number: `on` becomes "true"."""
    template = as_dict(as_dict(s.sent_spec.get("template")).get("metadata"))
    maps = (
        s.metadata.get("labels"),
        s.annotations,
        template.get("labels"),
        template.get("annotations"),
        s.sent_pod.get("nodeSelector"),
    )
    if s.document.source.part.json or not any(k in ("true", "false") or k[:1].isdigit() for m in maps if m for k in as_dict(m)):
        return
    from joblint.rules.finding import Fix
    from joblint.rules.fixes.edits import quoted, rename_raw_key
    from joblint.source.places.paths import steps

    for scalar in s.document.written(s.prefix):
        if not scalar.is_key or scalar.style != "plain":
            continue
        path = steps(scalar.field)
        key = str(path[-1])
        if scalar.text == key or len(path) < 2 or path[-2] not in _FREE_MAPS:
            continue
        edits = rename_raw_key(s.document, scalar.field, quoted(scalar.text))
        fix = Fix(f"{scalar.text} → {quoted(scalar.text)}", edits) if edits else None
        yield s.hit(
            scalar.field[len(s.prefix) :], part="key", text=scalar.text, key=key, kind=_kind(key), map=str(path[-2]), fix=fix
        )


def value_missing(s: Subject) -> Iterator[Hit]:
    """A key of a spec or container without a value is the same as a missing key: a deadline without its number sets none."""
    places = {"spec": as_dict(s.object.get("spec")), s.spec_at: s.sent_spec, s.pod_at: s.sent_pod}
    places.update({c.at: c.sent for c in s.containers})
    for at, fields in places.items():
        for name, value in fields.items():
            if value is None and name not in _COLLECTIONS and s.document.raw(f"{s.prefix}{at}.{name}") == "":
                # The default is what a chart means that prints no value.
                yield s.hit(f"{at}.{name}", part="key", name=name, severity="info" if name == "imagePullPolicy" else "")


def trailing_line_break(s: Subject) -> Iterator[Hit]:
    """A block scalar (`|`, `>`) of one line ends with a line break, which is part of the value."""
    from joblint.rules.finding import Fix
    from joblint.rules.fixes.edits import chomp

    for field, value in s.document.scalars(s.prefix):
        if not isinstance(value, str) or value[-1:] != "\n" or value.count("\n") > 1:
            continue
        name = field.rpartition(".")[2]
        if _free(field[len(s.prefix) :]) or name.startswith(("command[", "args[")) or name == "schedule":
            continue
        style = s.document.style(field)
        if style not in ("literal", "folded"):
            continue
        mark = "|" if style == "literal" else ">"
        edits = chomp(s.document, field)
        fix = Fix(f"{mark} → {mark}-", edits) if edits else None
        yield s.hit(field[len(s.prefix) :], name=name, mark=mark, value=_short(value), fix=fix)


def list_in_a_string(s: Subject) -> Iterator[Hit]:
    """Lines that were meant as further items of a list, but whose indentation makes them part of the item before."""
    for container in s.containers:
        for name in ("command", "args"):
            items = container.sent.get(name)
            for i, item in enumerate(items if isinstance(items, list) else ()):
                if not isinstance(item, str) or " - " not in item:
                    continue
                at = f"{container.at}.{name}[{i}]"
                raw = s.document.raw(s.prefix + at) or ""
                if s.document.style(s.prefix + at) == "plain" and any(ln.lstrip().startswith("- ") for ln in raw.split("\n")[1:]):
                    yield s.hit(at, name=name, value=_short(item))


def quotes_in_the_value(s: Subject) -> Iterator[Hit]:
    """Quotes that no shell removes: they are part of the program's argument."""
    for container in s.containers:
        env = container.sent.get("env")
        for i, entry in enumerate(env if isinstance(env, list) else ()):
            value = entry.get("value") if isinstance(entry, dict) else None
            if isinstance(value, str) and value[:1] in ("'", '"') and _wrapped(value):
                yield s.hit(f"{container.at}.env[{i}].value", value=value, bare=value[1:-1], what="variable")
        words = [w for name in ("command", "args") for w in container.sent.get(name) or () if isinstance(w, str)]
        if not any('="' in w or "='" in w or w[:1] in ("'", '"') for w in words) or _has_shell(words):
            continue
        for name in ("command", "args"):
            items = container.sent.get(name)
            for i, item in enumerate(items if isinstance(items, list) else ()):
                if not isinstance(item, str):
                    continue
                head, mark, tail = item.partition("=") if item.startswith("-") else ("", "", item)
                if " " not in head and _wrapped(tail):
                    yield s.hit(f"{container.at}.{name}[{i}]", value=item, bare=head + mark + tail[1:-1], what="argument")


def _wrapped(text: str) -> bool:
    return len(text) > 2 and text[0] in "'\"" and text[-1] == text[0] and text.count(text[0]) == 2


def _has_shell(words: list[str]) -> bool:
    return any(
        w.rpartition("/")[2] in ("sh", "bash", "ash", "dash", "zsh", "ksh", "busybox", "eval", "env", "xargs") for w in words
    )


def invisible_characters(s: Subject) -> Iterator[Hit]:
    """Characters that look like spaces or dashes but are others, as web pages and word processors write them."""
    for field, value in s.document.scalars(s.prefix):
        if not isinstance(value, str) or value.isascii() or _free(field[len(s.prefix) :]):
            continue
        at = field[len(s.prefix) :]
        words = at.rpartition(".")[2].startswith(("command[", "args["))
        found = next((c for c in value if c in _INVISIBLE), "")
        if not found and words:
            found = next((w[0] for w in value.split() if w[0] in "\u2013\u2014" and w[1:2].isalpha() or w[0] in _QUOTES), "")
        if found:
            name = _NAMES.get(found, "a typographic quotation mark")
            plain = '"' if found in "\u201c\u201d" else "'" if found in _QUOTES else "-" if found in "\u2013\u2014" else "a space"
            yield s.hit(at, character=name, code=f"U+{ord(found):04X}", plain=plain)


_NAMES = {
    "\u00a0": "a no-break space",
    "\u00ad": "a soft hyphen",
    "\u200b": "a zero-width space",
    "\u200c": "a zero-width non-joiner",
    "\u2060": "a word joiner",
    "\ufeff": "a byte order mark",
    "\u2013": "an en dash",
    "\u2014": "an em dash",
}


def text_after_a_hash(s: Subject) -> Iterator[Hit]:
    """White space and `#` end a plain value: what follows is a comment, intended or not."""
    for field, text, value in _plain(s, bool):
        name = field.rpartition(".")[2]
        if not isinstance(value, str) or not (name == "value" and ".env[" in field or name.startswith(("command[", "args["))):
            continue
        span = s.document.span(s.prefix + field)
        rest = (s.document.source_line(span.end_line) or "")[span.end_column - 1 :]
        lost = rest.lstrip(" ")
        if len(rest) - len(lost) == 1 and lost[:1] == "#" and lost[1:2].isalnum():
            yield s.hit(field, text=text, lost=_short(lost))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"
