"""`--set` as helm reads it: assignments such as `a.b=1,c[0]=x,d={y,z}`, put into values.

Source: helm 3.22 pkg/strvals (parser.go).
"""

from __future__ import annotations

from joblint.source.helm.functions.go import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LAST_ITEM = 65536
_DEEPEST = 30
"""The highest number of an item, and the number of dots in a name, that helm accepts (MaxIndex, MaxNestedNameLevel)."""


class SetError(Exception):
    """An assignment that helm rejects; the text is the reason."""


def put(given: str, values: dict[str, Any]) -> None:
    """Put the assignments of one `--set` into values, which are changed. Raises SetError."""
    reader = _Reader(given)
    while reader.at < len(given):
        reader.key(values, 0)


def _typed(text: str) -> Any:
    """What a text without quotes is: true, false, null and whole numbers are not texts."""
    import re

    words = {"true": True, "false": False, "null": None}
    if text.lower() in words:
        return words[text.lower()]
    if text == "0" or re.fullmatch(r"[-+]?[0-9]+", text) and text[0] != "0":
        number = int(text) if len(text) < 21 else 1 << 64
        return number if -(1 << 63) <= number < 1 << 63 else text
    return text


class _Reader:
    """Reads the assignments of one text from left to right."""

    def __init__(self, given: str) -> None:
        self.given = given
        self.at = 0

    def _until(self, stops: str) -> tuple[str, str]:
        """The text up to one of some characters, without backslashes, and that character; "" at the end."""
        found: list[str] = []
        while self.at < len(self.given):
            char = self.given[self.at]
            self.at += 1
            if char in stops:
                return "".join(found), char
            if char == "\\":
                if self.at == len(self.given):
                    break
                char = self.given[self.at]
                self.at += 1
            found.append(char)
        return "".join(found), ""

    def key(self, values: dict[str, Any], depth: int) -> bool:
        """Reads a name and its value into a mapping; returns whether the text ends where a name or value should begin."""
        name, stop = self._until("=[,.")
        if stop == "[":
            held = values.get(name, [])
            if not isinstance(held, list):
                raise SetError(f'"{name}" is set to something else than a list')
            items, at_end = self._item(held, self._number(), depth)
            _store(values, name, items)
            return at_end
        elif stop == "=":
            at_end = self.at == len(self.given)
            _store(values, name, self._value())
            return at_end
        elif stop == ",":
            raise SetError(f"key {quoted(name)} has no value (cannot end with ,)")
        elif stop == ".":
            if depth >= _DEEPEST:
                raise SetError(f"value name nested level is greater than maximum supported nested level of {_DEEPEST}")
            inner = values.get(name, {})
            if not isinstance(inner, dict):
                raise SetError(f'"{name}" is set to something else than a mapping')
            at_end = self.key(inner, depth + 1)
            if inner:
                _store(values, name, inner)
            elif not at_end:
                raise SetError(f"key map {quoted(name)} has no value")
            return at_end
        elif name:
            raise SetError(f"key {quoted(name)} has no value")
        else:
            return True
        return False

    def _number(self) -> int:
        """The number of an item, after its bracket."""
        import re

        text, stop = self._until("]")
        if not stop:
            raise SetError("error parsing index: EOF")
        if re.fullmatch(r"[-+]?[0-9]{1,18}", text) is None:
            raise SetError(f'error parsing index: strconv.Atoi: parsing "{text}": invalid syntax')
        number = int(text)
        if number < 0:
            raise SetError(f"negative {number} index not allowed")
        if number > _LAST_ITEM:
            raise SetError(f"index of {number} is greater than maximum supported index of {_LAST_ITEM}")
        return number

    def _item(self, held: list[Any], number: int, depth: int) -> tuple[list[Any], bool]:
        """The list with an item read, after its number, and whether the text ends before its value."""
        text, stop = self._until("[.=")
        if text:
            shown = " ".join([f"'{char}'" for char in text])
            raise SetError(f"unexpected data at end of array index: [{shown}]")
        if not stop:
            return held, True
        before = held[number] if number < len(held) else None
        value: Any
        if stop == "=":
            value = self._value()
        elif stop == "[":
            if not isinstance(before, (list, type(None))):
                raise SetError(f"item {number} is set to something else than a list")
            value, at_end = self._item(before or [], self._number(), depth)
            if at_end:
                return held, True
        else:
            value = before if isinstance(before, dict) else {}
            if self.key(value, depth):
                return held, True
        return [*held, *[None] * (number - len(held))][:number] + [value] + held[number + 1 :], False

    def _value(self) -> Any:
        """A value after the equals sign: a list in braces, or the text up to the next comma."""
        if self.given[self.at : self.at + 1] != "{":
            return _typed(self._until(",")[0])
        self.at += 1
        found: list[Any] = []
        while True:
            text, stop = self._until(",}")
            if not stop:
                raise SetError("list must terminate with '}'")
            found.append(_typed(text))
            if stop == "}":
                self.at += self.given[self.at : self.at + 1] == ","
                return found


def _store(values: dict[str, Any], name: str, value: Any) -> None:
    if name:
        values[name] = value
