"""The words of a call as its program reads them: options, their values and operands; no programs, no texts."""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NONE: frozenset[str] = frozenset()


def _takes_next(word: str, takes: str) -> bool:
    """Whether a word is a short option whose value is the next word."""
    return word[:1] == "-" and word[:2] != "--" and word[-1:] in takes


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

    def values(self, *options: str, takes: str = "") -> list[str]:
        """The values of all occurrences of some options."""
        found = []
        for at in range(len(self.texts)):
            one = Arguments(self.texts[at : at + 2], self.env, self.image)
            if self.texts[at][:1] == "-" and (at == 0 or not _takes_next(self.texts[at - 1], takes)):
                value = one.value(*options, takes=takes)
                if value is not None:
                    found.append(value)
        return found

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
