r"""Texts in quotes that a program gets as they are written: `\%` as in a crontab, and `${NAME}` in a program of awk."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short
from joblint.rules.checks.containers.quoting import dollars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_CONVERSIONS = frozenset("YmdHMSFTsjyuVbBaAeDgGIklNpPrRwWzZ")
_ESCAPES = names("sed gsed awk gawk mawk grep egrep perl mysql mariadb psql sqlite3 sqlcmd tr python python3 node ruby php jq")
r"""Programs to which `\%` may mean something."""
_LONGEST = 40


def percent_with_backslash(s: Subject) -> Iterator[Hit]:
    r"""`date '+\%F'`: only cron removes the backslash before `%`; one finding for each container."""
    for i in range(len(s.containers)):
        for called in calls_of(s, i, inner=True):
            text = "" if called.name in _ESCAPES else _escaped(called)
            if text:
                better = text.replace("\\%", "%")
                better = better if len(better) <= _LONGEST else "Write % without a backslash."
                yield call_hit(s, called, command=short(called.text), program=called.name, better=better)
                break


def _escaped(called: Called) -> str:
    r"""The argument of a command with `\%` and a conversion of strftime in quotes; "" if there is none."""
    for text in called.texts if called.script is not None else called.rest:
        # A mark in a LIKE pattern or an URL is not followed by the next conversion.
        several = text.count("\\%") > 1 or called.name in ("date", "gdate")
        at = text.find("\\%") if several else -1
        while at >= 0:
            if text[at + 2 : at + 3] in _CONVERSIONS and (called.script is None or _is_quoted(text, at)):
                return text
            at = text.find("\\%", at + 2)
    return ""


def _is_quoted(text: str, at: int) -> bool:
    """Whether a backslash stays what it is: the position is within quotes."""
    quote = ""
    for n, char in enumerate(text[:at]):
        if not quote and char in "'\"" and text[n - 1 : n] != "\\":
            quote = char
        elif char == quote and (quote == "'" or text[n - 1 : n] != "\\"):
            quote = ""
    return bool(quote)


def unknown_to_awk(texts: tuple[str, ...]) -> str:
    """Return the variable that is written `${NAME}` in the program that awk gets, which has no such syntax; "" for none."""
    skip = False
    for text in texts:
        if skip or text.startswith("-"):
            if text in ("-f", "--file"):
                return ""
            skip = not skip and text in ("-v", "-F", "--assign", "--field-separator")
            continue
        expanded = set(dollars(text))
        at = text.find("${")
        while at >= 0:
            name = text[at + 2 :].partition("}")[0]
            if at not in expanded and name.replace("_", "").isalnum():
                return name
            at = text.find("${", at + 2)
        return ""
    return ""
