"""What a rule may look for in addition to fields and texts: signs in a file's text, and in what its containers run.

Each sign is cheap to compute and present whenever a rule that lists it (`looks_for: {sign: …}`) could find something. Signs of
a text are computed once for each document.
"""

from __future__ import annotations

from joblint.api.go.image import parse
from joblint.base.memo import memo
from joblint.rules.workload.attempt import shows_time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from joblint.rules.subject import Subject

# Digits become 9, the other characters of unusual numbers (1_000, 0x1F, 1e3) become e: one search finds them all.
_SHAPE = bytes.maketrans(b"012345678" + b"_xXoObBeE", b"9" * 9 + b"e" * 9)
_PLUS = b"+"
_APART = bytes.maketrans(b",[]{}", b" " * 5)
_OF_NUMBERS = b"9e.-acdfACDF"
# Without the letters of yes, no, on and off nothing remains of such a word.
_WORD_LETTERS = b"yYeEsSnNoOfF"
_NOTHING_LEFT = (b": \n", b": ,", b": }", b":  #")
_ODD = (b"\xc2\xa0", b"\xe2\x80", b"\xef\xbb\xbf", b"\xc2\xad")
# Without a digest all digits of an image name are alike, so the answer for one version is that for the next one.
_ONE_DIGIT = str.maketrans("023456789", "1" * 9)
# Characters with a meaning only in a shell, and words that are not programs.
_SHELL_SIGNS = frozenset("&|;<>$`*?~=")
_QUOTES = ("'", '"')
BUILTINS = frozenset(("cd", "source", ".", "export", "set", "ulimit", "umask", "alias", "eval", "exit", "wait", "trap"))
BUILTINS |= frozenset(("if", "for", "while", "until", "unset", "declare", "local", "pushd"))
"""Words that a shell implements itself: there is no program of that name."""

# What a word of a command contains; computed once for each word, since most words are in many manifests.
_BLANK, _DASH, _QUOTE, _SHELL, _BUILTIN = 1, 2, 4, 8, 16


def leading_zero(data: bytes) -> bool:
    """A number after white space that begins with 0, such as 010."""
    at = data.find(b" 0")
    while at >= 0 and not data[at + 2 : at + 3].isdigit():
        at = data.find(b" 0", at + 2)
    return at >= 0


def odd_number(data: bytes) -> bool:
    """A number in a spelling that only YAML 1.1 has: 1_000, 0x1F, 0o17, 1e3."""
    shape = data.translate(_SHAPE, _PLUS)
    if shape.find(b"9e9") < 0 and shape.find(b" 9e") < 0:
        return False
    # Most such words are digests and versions, which contain other characters than a number.
    words = shape.translate(_APART).split()
    return any((b"9e" in word) and not word.rpartition(b'":')[2].translate(None, _OF_NUMBERS) for word in words)


def odd_boolean(data: bytes) -> bool:
    """A value that is yes, no, on, off, y or n."""
    left = data.translate(None, _WORD_LETTERS)
    for mark in _NOTHING_LEFT:  # noqa: SIM110 - called for every new line
        if left.find(mark) >= 0:
            return True
    return False


def odd_character(data: bytes) -> bool:
    """A no-break space, a zero-width character, a typographic quotation mark or dash."""
    return not data.isascii() and any(mark in data for mark in _ODD)


def comment_mark(data: bytes) -> bool:
    """A `#` after white space that is not followed by white space."""
    at = data.find(b" #")
    while at >= 0 and data[at + 2 : at + 3] in (b" ", b"\n", b"#", b"!", b""):
        at = data.find(b" #", at + 2)
    return at >= 0


def null(s: Subject) -> bool:
    """A key of the specs or of a container without a value."""
    above = s.object.get("spec")
    if isinstance(above, dict) and None in above.values() or None in s.sent_spec.values() or None in s.sent_pod.values():
        return True
    return any(None in c.sent.values() for c in s.containers)


def script(s: Subject) -> bool:
    """A container runs a shell script."""
    return bool(s.scripts)


def timed(s: Subject) -> bool:
    """A word of a command may say how long it takes."""
    return s.asked(shows_time)


def endless(s: Subject) -> bool:
    """A container does not end by itself."""
    return bool(s.endings)


def word_with_blank(s: Subject) -> bool:
    """A word of a command contains white space and is not an option's value."""
    if not s.asked(_in_words) & _BLANK:
        return False
    for run in s.runs:
        before = ""
        for word in run.words:
            if " " in word and (word.startswith("-") or not before.startswith("-") or before == "--"):
                return True
            before = word
    return False


def words_after_script(s: Subject) -> bool:
    """There are words after a shell's script."""
    for run in s.runs:
        if run.shell and (
            -1 < run.script < len(run.words) - 1 or run.script < 0 and any(" " in w for w in run.words[run.program + 2 :])
        ):
            return True
    return False


def shell_alone(s: Subject) -> bool:
    """A shell has no script."""
    return any(run.shell and run.script < 0 for run in s.runs)


def dash_in_a_word(s: Subject) -> bool:
    """A word of a command contains a dash between spaces."""
    return s.asked(_in_sent_words) & _DASH > 0


def quote_at_a_word(s: Subject) -> bool:
    """A word of a command, the value of an option, or a variable begins with a quote."""
    for container in s.containers:
        env = container.sent.get("env")
        for entry in env if isinstance(env, list) else ():
            value = entry.get("value") if isinstance(entry, dict) else None
            if isinstance(value, str) and value[:1] in _QUOTES:
                return True
    return s.asked(_in_sent_words) & _QUOTE > 0


def option_first(s: Subject) -> bool:
    """A command begins with an option, or with a subcommand of a well-known image's program."""
    for container in s.containers:
        words = container.data.get("command")
        if isinstance(words, list) and words:
            first = str(words[0])
            if first.startswith("-"):
                return True
            if "/" not in first:
                from joblint.shell.entrypoints import is_subcommand

                if is_subcommand(str(container.data.get("image")), first):
                    return True
    return False


def args_of_entrypoint(s: Subject) -> bool:
    """Args of a well-known image, without a command, begin with its program or with a shell."""
    from joblint.shell.entrypoints import strict_entrypoint
    from joblint.shell.wrappers import SHELLS, basename

    for container in s.containers:
        words, image = container.data.get("args"), container.data.get("image")
        if not container.data.get("command") and isinstance(words, list) and words and isinstance(image, str):
            first = basename(str(words[0]))
            if (started := strict_entrypoint(image)) and (first == started or first in SHELLS):
                return True
    return False


def _in_sent_words(s: Subject) -> int:
    """What the words of all commands contain as they are sent."""
    found = 0
    for container in s.containers:
        for name in ("command", "args"):
            words = container.sent.get(name)
            if isinstance(words, list):
                for word in words:
                    if isinstance(word, str):
                        found |= _in_word(word)
    return found


def _in_words(s: Subject) -> int:
    """What the words contain that the containers run."""
    found = 0
    for run in s.runs:
        for word in run.words:
            found |= _in_word(word)
    return found


@memo(1 << 12)
def _in_word(word: str) -> int:
    found = _BLANK if " " in word else 0
    if " - " in word:
        found |= _DASH
    if word[:1] in _QUOTES or "='" in word or '="' in word:
        found |= _QUOTE
    if not _SHELL_SIGNS.isdisjoint(word):
        found |= _SHELL
    return found | _BUILTIN if word in BUILTINS else found


def shell_syntax(s: Subject) -> bool:
    """A character or a word with a meaning only in a shell, although none runs."""
    if not s.asked(_in_words) & (_SHELL | _BUILTIN):
        return False
    for run in s.runs:
        if run.words and not run.shell:
            if run.words[run.program] in BUILTINS or any(not _SHELL_SIGNS.isdisjoint(word) for word in run.words):
                return True
    return False


def odd_image(s: Subject) -> bool:
    """An image name that the kubelet cannot read."""
    for container in s.containers:
        image = container.data.get("image")
        if isinstance(image, str) and parse(image if "@" in image else image.translate(_ONE_DIGIT)).error:
            return True
    return False


def forbidden_pod(s: Subject) -> bool:
    """Pod Security Admission rejects the Pods."""
    return s.pod_security is not None and not s.pod_security.allowed


OF_TEXT: dict[str, Callable[[bytes], bool]] = {
    "leading-zero": leading_zero,
    "odd-number": odd_number,
    "odd-boolean": odd_boolean,
    "odd-character": odd_character,
    "comment-mark": comment_mark,
}
"""Signs of a document's text."""

OF_SUBJECT: dict[str, Callable[[Subject], bool]] = {
    "null": null,
    "odd-image": odd_image,
    "forbidden-pod": forbidden_pod,
    "script": script,
    "endless": endless,
    "timed": timed,
    "word-with-blank": word_with_blank,
    "words-after-script": words_after_script,
    "shell-alone": shell_alone,
    "shell-syntax": shell_syntax,
    "dash-in-a-word": dash_in_a_word,
    "quote-at-a-word": quote_at_a_word,
    "option-first": option_first,
    "args-of-entrypoint": args_of_entrypoint,
}
"""Signs of an object and of what its containers run."""
