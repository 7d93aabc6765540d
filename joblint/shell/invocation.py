"""What a container runs: command and args joined as Kubernetes does it, wrappers removed, a shell's script found.

Knows the container's data and its path; imports no parser.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.shell.wrappers import SHELLS, basename, unwrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Letters of a shell's one-letter options; o and O use the next word.
_LETTERS = frozenset("abefhiklmnpqrstuvxcEBCHPTo")


class Invocation(Record):
    """`words` are command and args as Kubernetes joins them (env references not expanded), `fields` their field paths.

    `sure` is False if only args are set, so that the image's own entrypoint comes first. `program` is the index of the real
    program after wrappers such as `tini --`, `bounded` whether `timeout` limits it. If the program is a shell, `shell` is its
    name, `script` the index of the text after `-c` (-1: none), `flags` its options.
    """

    words: tuple[str, ...]
    fields: tuple[str, ...]
    sure: bool
    program: int
    bounded: bool
    shell: str
    script: int
    flags: frozenset[str]

    @property
    def name(self) -> str:
        """The real program's name without its directory; "" if there is no command."""
        return basename(self.words[self.program]) if self.words else ""

    @property
    def rest(self) -> tuple[str, ...]:
        """The words after the real program."""
        return self.words[self.program + 1 :]

    @property
    def text(self) -> str:
        """The script after `-c`; "" if there is none."""
        return self.words[self.script] if self.script >= 0 else ""


def invocation(data: dict[str, Any], at: str) -> Invocation:
    """Return the invocation of a container (its data, and its path in the object)."""
    words: list[str] = []
    fields: list[str] = []
    for part in ("command", "args"):
        for i, word in enumerate(data.get(part) or ()):
            words.append(word if isinstance(word, str) else "")
            fields.append(f"{at}.{part}[{i}]")
    sure = bool(data.get("command"))
    if not sure and words and words[0][:1] not in ("", "-") and isinstance(data.get("image"), str):
        from joblint.shell.images import starts_args

        sure = starts_args(data["image"])
    return of_words(tuple(words), tuple(fields), sure)


def of_words(words: tuple[str, ...], fields: tuple[str, ...], sure: bool) -> Invocation:
    """Return the invocation for a list of words."""
    if not words:
        return Invocation((), (), sure, 0, False, "", -1, frozenset())
    at, bounded = unwrap(words) if len(words) > 1 else (0, False)
    name = basename(words[at])
    if name not in SHELLS:
        return Invocation(words, fields, sure, at, bounded, "", -1, frozenset())
    script, flags = _script(words, at + 1)
    return Invocation(words, fields, sure, at, bounded, name, script, flags)


def _script(words: tuple[str, ...], at: int) -> tuple[int, frozenset[str]]:
    """Return the index of the text after `-c`, -1 if there is no `-c` (or nothing after it), and the shell's options.

    Options are grouped (`-exc`), may follow `-c`, and `-o NAME` uses a word. In a group such as `-euo`, the next word is NAME
    too.
    """
    flags: set[str] = set()
    command = False
    while at < len(words):
        word = words[at]
        if word == "--" or word == "-":
            at += 1
            break
        if word.startswith("--"):
            flags.add(word)
            at += 2 if word in ("--rcfile", "--init-file") else 1
            continue
        if len(word) < 2 or word[0] not in "-+" or not _LETTERS.issuperset(word[1:]):
            break
        on = word[0] == "-"
        at += 1
        for letter in word[1:]:
            if letter == "o" and at < len(words):
                (flags.add if on else flags.discard)(words[at])
                at += 1
            elif letter == "c":
                command = True
            else:
                (flags.add if on else flags.discard)(letter)
    if command:
        flags.add("c")
    return (at if command and at < len(words) else -1), frozenset(flags)
