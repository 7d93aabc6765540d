"""The words of a call as its program reads them: options, their values and operands; no programs, no texts."""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NONE: frozenset[str] = frozenset()


class Arguments(Record):
    """The words after a program, as written; the variables of its container; the name and the tag of the image."""

    texts: tuple[str, ...]
    env: dict[str, Any]
    image: tuple[str, str]

    @property
    def complete(self) -> bool:
        """Whether no word stands for further ones: $OPTIONS, "$@", "${options[@]}"."""
        return not any(t[:1] == "$" or "$@" in t or "[@]" in t for t in self.texts)

    @property
    def words(self) -> tuple[str, ...]:
        """The words without the quotes around them."""
        return tuple([t.strip("\"'") for t in self.texts])

    def value(self, *options: str, takes: str = "") -> str | None:
        """The value of the first of some options ("" if it has none); None without the option. Letters in `takes` have a value,
        which may follow them immediately: -j4. Other letters can be written together: -Oxc."""
        words = self.words
        for at, word in enumerate(words):
            following = words[at + 1] if at + 1 < len(words) else ""
            if word[:2] == "--":
                name, sign, own = word.partition("=")
                if name in options:
                    return own if sign else following
            elif word[:1] == "-":
                for n, letter in enumerate(word[1:], 2):
                    if "-" + letter in options:
                        return (word[n:].removeprefix("=") or following) if letter in takes else ""
                    if letter in takes or not letter.isalnum():
                        break
        return None

    def has(self, *options: str, takes: str = "") -> bool:
        """Whether one of some options is given."""
        return self.value(*options, takes=takes) is not None

    def operands(self, takes: frozenset[str] = _NONE) -> list[str]:
        """The words that are neither options nor the values of options in `takes`."""
        found, skip = [], False
        for word in self.words:
            if skip:
                skip = False
            elif word[:1] == "-" and len(word) > 1:
                skip = word in takes
            else:
                found.append(word)
        return found
