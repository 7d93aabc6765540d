"""Names of the rules of a JobSet's failure policy (JobSet 0.12, pkg/webhooks/jobset_webhook.go, ruleNameFmt)."""

from __future__ import annotations

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALL, _LAST = f"{_LETTERS}0123456789_,:", f"{_LETTERS}0123456789_"
_LONGEST = 128


def is_rule_name(name: str) -> bool:
    """Return whether a JobSet takes this name: a letter, then letters, digits and `_,:`, and none of `,:` at the end."""
    return 0 < len(name) <= _LONGEST and name[0] in _LETTERS and name[-1] in _LAST and not name.strip(_ALL)
