"""Checks a configuration against the table of settings, by hand: importing a validator takes longer than a check."""

from __future__ import annotations

from joblint.configuration.keys import CHANGES, EMBEDDED, OVERRIDE, TOP, Key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    Mistake = tuple[str, str, bool]  # field path, text, whether the key (not the value) is wrong


MOST = 100
"""Nobody reads more mistakes than this at once."""


def mistakes(value: Any) -> list[Mistake]:
    """Return the mistakes in a configuration, in the order of its text, at most MOST; [] if it is valid."""
    if not isinstance(value, dict):
        what = "a string" if isinstance(value, str) else shown(value)  # the string may be secret: it is not printed
        return [("", f"a configuration must be a mapping of settings, such as ignore: [JL802], not {what}", False)]
    from itertools import islice

    return list(islice(_mapping(value, TOP, ""), MOST))


_SHOWN = 60
_NUL = "this string contains a NUL character; no name or path contains one"


def shown(value: Any) -> str:
    """Return a value as a message quotes it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= _SHOWN else f'"{value[:_SHOWN]}…"'
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else str(value)


def _mapping(value: dict[str, Any], keys: tuple[Key, ...], at: str) -> Iterator[Mistake]:
    known = {key.name: key for key in keys}
    for name, held in value.items():
        key = known.get(name)
        if key is None:
            yield f"{at}{name}", _unknown(str(name), keys), True
        elif held is not None:  # an empty setting counts as not set
            yield from _value(held, key, f"{at}{name}")


def _value(value: Any, key: Key, at: str) -> Iterator[Mistake]:
    name, takes = key.name, key.takes
    if takes == "list" or (takes == "paths" and not (isinstance(value, str) and value)):
        if not isinstance(value, list):
            wanted = f"[{value}]" if isinstance(value, str) and value else key.example
            yield at, f"{name} must be a list, such as {wanted}, not {shown(value)}", False
        else:
            for i, item in enumerate(value):
                if not isinstance(item, str) or not item:
                    yield f"{at}[{i}]", f"{name} must be a list of strings; this entry is {shown(item)}", False
                elif "\0" in item:
                    yield f"{at}[{i}]", _NUL, False
    elif takes == "choice":
        if not isinstance(value, str) or value not in key.choices:
            yield at, f"{name} must be {_either(key.choices)}, not {shown(value)}{_meant(value, key.choices)}", False
    elif takes == "flag":
        if not isinstance(value, bool):
            yield at, f"{name} must be true or false, not {shown(value)}", False
    elif takes == "version":
        if not is_version(value):
            yield at, f"{name} must be a version such as {key.example}, not {shown(value)}", False
    elif takes == "level":
        level, colon, version = value.partition(":") if isinstance(value, str) else ("", "", "")
        if level not in key.choices or (colon and not is_policy_version(version)):
            said = f"{name} must be {_either(key.choices)}, with or without a version (restricted:v1.36)"
            yield at, f"{said}, not {shown(value)}{_meant(level, key.choices)}", False
    elif takes == "date":
        if not isinstance(value, str) or not is_date(value):
            yield at, f"{name} must be a date such as {key.example}, not {shown(value)}", False
    elif takes == "severities":
        yield from _severities(value, key, at)
    elif takes == "embedded":
        yield from _embedded(value, key, at)
    elif takes == "overrides":
        yield from _overrides(value, key, at)
    elif not isinstance(value, str) or not value:
        yield at, f"{name} must be a string such as {key.example}, not {shown(value)}", False
    elif "\0" in value:
        yield at, _NUL, False


def _severities(value: Any, key: Key, at: str) -> Iterator[Mistake]:
    if not isinstance(value, dict):
        yield at, f"{key.name} must be a mapping of rules to severities, such as {key.example}, not {shown(value)}", False
        return
    for rule, severity in value.items():
        if severity is not False and (not isinstance(severity, str) or severity not in key.choices):  # YAML reads off as false
            meant = _meant(severity, key.choices)
            yield f"{at}.{rule}", f"the severity of {rule} must be {_either(key.choices)}, not {shown(severity)}{meant}", False


def _embedded(value: Any, key: Key, at: str) -> Iterator[Mistake]:
    def incomplete(item: dict[str, Any]) -> str:
        whole = all(item.get(name) for name in ("kind", "path", "type"))
        return "" if whole else f"an entry of {key.name} must have kind, path and type, such as {key.example}"

    return _mappings(value, key, at, EMBEDDED, incomplete)


def _overrides(value: Any, key: Key, at: str) -> Iterator[Mistake]:
    def idle(item: dict[str, Any]) -> str:
        changes = any(item.get(name) for name in CHANGES)
        return "" if changes else f"this entry has no effect: add {_either(CHANGES)}"

    return _mappings(value, key, at, OVERRIDE, idle)


def _mappings(value: Any, key: Key, at: str, keys: tuple[Key, ...], lacks: Callable[[dict[str, Any]], str]) -> Iterator[Mistake]:
    """The mistakes in a list of mappings; `lacks` returns what a mapping with valid keys is missing, "" for nothing."""
    if not isinstance(value, list):
        yield at, f"{key.name} must be a list, such as {key.example}, not {shown(value)}", False
        return
    for i, item in enumerate(value):
        if not isinstance(item, dict):
            yield (
                f"{at}[{i}]",
                f"{key.name} must be a list of mappings, such as {key.example}; this entry is {shown(item)}",
                False,
            )
            continue
        found = list(_mapping(item, keys, f"{at}[{i}]."))
        yield from found
        lacking = lacks(item) if not found else ""
        if lacking:
            yield f"{at}[{i}]", lacking, False


def _unknown(name: str, keys: tuple[Key, ...]) -> str:
    from joblint.base.nearest import nearest

    names = tuple([k.name for k in keys])
    near = next((k.name for k in keys if name in k.unlike), "") or nearest(name, names)
    hint = f"; did you mean {near}?" if near else f"; valid settings: {', '.join(names)}"
    return f"unknown setting {name}{hint}"


def _meant(value: Any, choices: tuple[str, ...]) -> str:
    from joblint.base.nearest import nearest

    near = nearest(value, choices) if isinstance(value, str) else ""
    return f"; did you mean {near}?" if near else ""


def _either(choices: tuple[str, ...]) -> str:
    return f"{', '.join(choices[:-1])} or {choices[-1]}"


def is_version(value: Any) -> bool:
    """Whether a value is a version or a range: "1.36", 1.36, "1.31..1.37"."""
    if isinstance(value, float):
        return 1 < value < 2
    if not isinstance(value, str):
        return False
    first, dots, last = value.partition("..")
    return "." in first and _is_minor(first) and (not dots or ("." in last and _is_minor(last)))


def is_policy_version(text: str) -> bool:
    """Whether a text is a version as Pod Security labels have it: `latest` or `v1.36`."""
    return text == "latest" or (text.startswith("v") and text.count(".") == 1 and _is_minor(text))


def _is_minor(text: str) -> bool:
    major, minor, *patch = text.removeprefix("v").split(".") if text.isascii() else ("", "")
    return major == "1" and minor.isdigit() and (not patch or (len(patch) == 1 and patch[0].isdigit()))


def is_date(text: str) -> bool:
    """Whether a text is a date such as 2027-03-01."""
    year, month, day = text[:4], text[5:7], text[8:]
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or not (year + month + day).isascii():
        return False
    if not (year + month + day).isdigit() or not 1 <= int(month) <= 12 or int(year) < 1:
        return False
    leap = int(year) % 4 == 0 and (int(year) % 100 != 0 or int(year) % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return 1 <= int(day) <= days[int(month) - 1]
