"""Functions on texts. Source: sprig 3.3 (strings.go, regex.go), Masterminds/goutils, huandu/xstrings."""

from __future__ import annotations

from joblint.source.helm.bounds import check_pattern
from joblint.source.helm.functions.go import quoted
from joblint.source.helm.nodes import Asked, Failure, Unsupported
from joblint.source.helm.values import is_true, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable
    from typing import Any


def text(value: Any) -> str:
    """A value that a function takes as a string: nothing else is accepted. Raises Failure."""
    if not isinstance(value, str):
        raise Failure("wrong type for value; expected string")
    return value


def integer(value: Any) -> int:
    """A value that a function takes as an int. Raises Failure."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Failure("wrong type for value; expected int")
    return value


def strings(value: Any) -> list[str]:
    """Return a list's items as texts, without nil."""
    if isinstance(value, list):
        return [shown(item) for item in value if item is not None]
    return [] if value is None else [shown(value)]


def _trunc(count: Any, value: Any) -> str:
    size, found = integer(count), text(value)
    if size < 0:
        return found[size:] if len(found) + size > 0 else found
    return found[:size]


def _substr(begin: Any, end: Any, value: Any) -> str:
    first, last, found = integer(begin), integer(end), text(value)
    if first < 0:
        return found[:last]
    return found[first:] if last < 0 or last > len(found) else found[first:last]


def _indent(count: Any, value: Any) -> str:
    pad = " " * max(integer(count), 0)
    return pad + text(value).replace("\n", "\n" + pad)


def _words(value: str) -> list[str]:
    import re

    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+", value)


def _parted(value: Any, sign: str) -> str:
    value = text(value)
    if not value.isascii() or not value.replace("-", "").replace("_", "").isalpha():
        raise Unsupported("snakecase of such a text")
    return sign.join([word.lower() for word in _words(value)])


def _camel(value: Any) -> str:
    value = text(value)
    if not value.isascii() or not all(part.isalpha() and part.islower() for part in value.replace("-", "_").split("_")):
        raise Unsupported("camelcase of such a text")
    return "".join([part.capitalize() for part in value.replace("-", "_").split("_")])


def _title(value: Any) -> str:
    found, before = "", " "
    for letter in text(value):
        found += letter if before.isalnum() or before in "_'" else letter.upper()
        before = letter
    return found


def _pattern(form: Any, value: str) -> re.Pattern[str]:
    import re

    form = text(form)
    check_pattern(form, value)
    if "[[:" in form or "\\p" in form or "\\Q" in form or "(?<" in form or "(?=" in form or "(?!" in form or "\\z" in form:
        raise Unsupported("a pattern of this form")
    try:
        return re.compile(form.removesuffix("$") + "\\Z" if form.endswith("$") and not form.endswith("\\$") else form, re.ASCII)
    except re.error as error:
        raise Failure(str(error)) from None


def _replaced(form: Any, value: Any, by: Any) -> str:
    import re

    by = text(by)
    parts: list[str] = []
    pattern = _pattern(form, text(value))
    for match in re.finditer(r"\$\$|\$(?:\{(\w+)\}|(\w+))|([^$]+)|\$", by):
        name = match[1] or match[2]
        if name is not None and not name.isdecimal():
            raise Unsupported("a named group")
        if name is not None and (len(name) > 4 or int(name) > pattern.groups):
            continue  # a group that does not exist is empty
        parts.append(f"\\g<{name}>" if name is not None else match[0].replace("$$", "$").replace("\\", "\\\\"))
    if any(match[1] or match[2] for match in re.finditer(r"\$(?:\{(\d+)\}|(\d+)\w)", by) if match[2]):
        raise Unsupported("a group before letters")
    return pattern.sub("".join(parts), text(value))


def _found_all(form: Any, value: Any, count: Any) -> list[str]:
    found = [match[0] for match in _pattern(form, text(value)).finditer(text(value))]
    return found if integer(count) < 0 else found[:count]


def _split_by(form: Any, value: Any, count: Any) -> list[str]:
    pattern = _pattern(form, text(value))
    if pattern.groups:
        raise Unsupported("groups in regexSplit")
    count = integer(count)
    return [] if not count else pattern.split(text(value), 0 if count < 0 else max(count - 1, 0))


def _split(sign: Any, value: Any) -> dict[str, str]:
    return {f"_{n}": part for n, part in enumerate(text(value).split(text(sign)))}


def _cat(*values: Any) -> str:
    return " ".join([shown(value) for value in values if value is not None]).replace("<no value>", "")


def _trims(value: str, letters: str) -> str:
    return value.strip(letters)


def _first(form: Any, value: Any) -> str:
    match = _pattern(form, text(value)).search(text(value))
    return match[0] if match is not None else ""


def _replace_plain(old: Any, new: Any, value: Any) -> str:
    return text(value).replace(text(old), text(new))


_SPACE = " \t\n\v\f\r\x85\xa0"

TEXT: dict[str, Callable[..., Any]] = {
    "upper": lambda value: text(value).upper(),
    "lower": lambda value: text(value).lower(),
    "title": _title,
    "trim": lambda value: text(value).strip(_SPACE),
    "trimAll": lambda letters, value: text(value).strip(text(letters)),
    "trimall": lambda letters, value: text(value).strip(text(letters)),
    "trimSuffix": lambda end, value: text(value).removesuffix(text(end)),
    "trimPrefix": lambda begin, value: text(value).removeprefix(text(begin)),
    "trunc": _trunc,
    "substr": _substr,
    "nospace": lambda value: "".join(text(value).split()),
    "repeat": lambda count, value: text(value) * integer(count),
    "replace": _replace_plain,
    "contains": lambda part, value: text(part) in text(value),
    "hasPrefix": lambda begin, value: text(value).startswith(text(begin)),
    "hasSuffix": lambda end, value: text(value).endswith(text(end)),
    "quote": lambda *values: " ".join([quoted(shown(value)) for value in values if value is not None]),
    "squote": lambda *values: " ".join([f"'{shown(value)}'" for value in values if value is not None]),
    "cat": _cat,
    "indent": _indent,
    "nindent": lambda count, value: "\n" + _indent(count, value),
    "join": lambda sign, value: text(sign).join(strings(value)),
    "splitList": lambda sign, value: text(value).split(text(sign)) if text(sign) else list(text(value)),
    "split": _split,
    "splitn": lambda sign, count, value: {f"_{n}": p for n, p in enumerate(text(value).split(text(sign), integer(count) - 1))},
    "toString": shown,
    "toStrings": strings,
    "plural": lambda one, many, count: one if count == 1 else many,
    "snakecase": lambda value: _parted(value, "_"),
    "kebabcase": lambda value: _parted(value, "-"),
    "camelcase": _camel,
    "untitle": lambda value: text(value)[:1].lower() + text(value)[1:] if " " not in text(value) else _unsupported("untitle"),
    "regexMatch": lambda form, value: _pattern(form, text(value)).search(text(value)) is not None,
    "mustRegexMatch": lambda form, value: _pattern(form, text(value)).search(text(value)) is not None,
    "regexFind": _first,
    "mustRegexFind": _first,
    "regexFindAll": _found_all,
    "regexReplaceAll": _replaced,
    "mustRegexReplaceAll": _replaced,
    "regexReplaceAllLiteral": lambda form, value, by: _pattern(form, text(value)).sub(lambda _: text(by), text(value)),
    "mustRegexReplaceAllLiteral": lambda form, value, by: _pattern(form, text(value)).sub(lambda _: text(by), text(value)),
    "regexSplit": _split_by,
    "regexQuoteMeta": lambda value: "".join(["\\" + c if c in "\\.+*?()|[]{}^$" else c for c in text(value)]),
    "ternary": lambda one, other, condition: one if _is_bool(condition) and condition else other,
    "base": lambda value: text(value).rstrip("/").rpartition("/")[2] or ("/" if text(value) else "."),
    "dir": lambda value: _folder(text(value)),
    "ext": lambda value: "." + text(value).rpartition(".")[2] if "." in text(value).rpartition("/")[2] else "",
    "isAbs": lambda value: text(value).startswith("/"),
    "clean": lambda value: _cleaned(text(value)),
    "required": lambda said, value: _required(said, value),
    "fail": lambda said: _fail(said),
}


def _cleaned(path: str) -> str:
    from posixpath import normpath

    return normpath(path).replace("//", "/") if path else "."


def _folder(path: str) -> str:
    return _cleaned(path.rpartition("/")[0] or ("/" if path.startswith("/") else ""))


def _is_bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Failure("wrong type for value; expected bool")
    return True


def _required(said: Any, value: Any) -> Any:
    if value is None or value == "" and isinstance(value, str):
        raise Asked(shown(said))
    return value


def _fail(said: Any) -> str:
    raise Asked(shown(said))


def _unsupported(name: str) -> str:
    raise Unsupported(f"function {name}")


def is_empty(value: Any) -> bool:
    """Return what `empty` returns."""
    return not is_true(value)
