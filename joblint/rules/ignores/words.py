"""The syntax of an ignore: `ignore[JL301, image-not-pinned] until=2027-03-01 -- reason`; knows nothing about rules or
manifests.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.configuration.checked import is_date

ANNOTATION = "joblint.dev/ignore"
EXAMPLE = "ignore[JL301] until=2027-03-01 -- reason"
_OTHERS = ("disable", "skip", "noqa", "off", "nolint", "ignores", "suppress")


class Words(Record):
    """The content of an ignore. `until` is a date or "", `mistake` what is wrong with it or ""."""

    rules: tuple[str, ...]
    until: str = ""
    reason: str = ""
    mistake: str = ""


def of_comment(text: str) -> Words | None:
    """Return the ignore after `joblint:` in a comment; None if the comment is not for joblint."""
    said, reason = _parted(text)
    if not said.startswith("ignore"):
        first = said.partition(" ")[0].partition("[")[0].partition("=")[0]
        return Words((), mistake=f"unknown command {first}; write {EXAMPLE}") if first in _OTHERS else None
    said = said[len("ignore") :].lstrip()
    if said.startswith("["):
        inside, end, rest = said[1:].partition("]")
        if not end:
            return Words((), reason=reason, mistake="the ] after the rules is missing")
        return _words(inside, rest.split(), reason)
    if said and said[0].isalpha() and "=" not in said.split()[0] and not said.startswith("s "):
        return Words((), reason=reason, mistake=f"the rules belong in brackets: ignore[{said.split()[0]}]")
    return Words((), reason=reason, mistake=f"no rule is given; write {EXAMPLE}")


def of_annotation(text: str) -> Words:
    """Return the ignore in an annotation; `ignore[ ]` around the rules is optional."""
    if text.strip().startswith("ignore"):
        return of_comment(text.strip()) or Words((), mistake=f"write {EXAMPLE}")
    said, reason = _parted(text)
    words = said.replace(",", " ").split()
    return _words(" ".join([w for w in words if "=" not in w]), [w for w in words if "=" in w], reason)


def _parted(text: str) -> tuple[str, str]:
    said, _, reason = f"{text} ".partition(" -- ")
    return said.strip(), reason.strip()


def _words(inside: str, settings: list[str], reason: str) -> Words:
    rules = tuple([part for part in inside.replace(",", " ").split() if part])
    until = ""
    for setting in settings:
        name, equals, value = setting.partition("=")
        if name != "until" or not equals:
            hint = "; write the reason after --" if not equals else ""
            return Words(rules, reason=reason, mistake=f"unknown option {name}{hint}")
        if not is_date(value):
            return Words(rules, reason=reason, mistake=f"until must be a date such as 2027-03-01, not {value or 'nothing'}")
        until = value
    if not rules:
        return Words((), until, reason, f"no rule is given; write {EXAMPLE}")
    return Words(rules, until, reason)
