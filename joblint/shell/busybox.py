"""Options of GNU's tools that those of BusyBox do not have; knows words alone.

Source: BusyBox 1.37, the usage texts of its applets and libbb/dates or coreutils/date.c for the formats of `date -d`.
"""

from __future__ import annotations

from joblint.base.names import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence as Words

_RELATIVE = names(
    "ago yesterday tomorrow now today next last day days week weeks month months year years hour hours minute minutes min mins "
    "second seconds sec secs monday tuesday wednesday thursday friday saturday sunday"
)
_LACKS = {
    "grep": ("-P", "--perl-regexp", "--include-dir"),
    "egrep": ("-P", "--perl-regexp"),
    "find": ("-printf", "-fprintf", "-newermt", "-newerct", "-regextype"),
    "xargs": ("-d", "--delimiter"),
    "stat": ("--format", "--printf"),
    "mktemp": ("--suffix", "--tmpdir"),
    "head": ("--lines", "--bytes", "--quiet"),
    "tail": ("--lines", "--bytes", "--follow"),
    "df": ("--output", "--total"),
    "base64": ("--decode", "-D", "-i", "--wrap"),
    "cp": ("--reflink", "--sparse"),
}


def unknown_to_busybox(name: str, rest: Words[str]) -> str:
    """Return the option or the date that the program does not understand; "" for none."""
    if name == "date":
        return _date(rest)
    for word in rest:
        if word == "--":
            return ""
        for option in _LACKS.get(name, ()):
            if word == option or option.startswith("--") and word.startswith(option + "="):
                return option
            short = len(option) == 2 and word.startswith("-") and not word.startswith("--")
            if short and name in ("grep", "egrep") and word[1:].isalpha() and option[1] in word[1:]:
                return word
    return ""


def _date(rest: Words[str]) -> str:
    if any(w.startswith("-D") for w in rest):
        return ""
    for i, word in enumerate(rest):
        value = ""
        if word in ("-d", "--date") and i + 1 < len(rest):
            value = rest[i + 1]
        elif word.startswith("--date="):
            value = word[len("--date=") :]
        elif word.startswith("-d") and len(word) > 2:
            value = word[2:]
        if value and not _RELATIVE.isdisjoint(value.lower().replace("-", " ").replace("+", " ").split()):
            return f"{'--date' if word.startswith('--') else '-d'} {value!r}"
    return ""
