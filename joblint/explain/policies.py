"""The rules of podFailurePolicy and successPolicy in words; knows neither positions nor an output format."""

from __future__ import annotations

from joblint.base.words import any_of, listed
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SHOWN = 4
"""This many rules, and this many exit codes of a rule, are listed."""


def on_failed_pods(rules: list[Any]) -> str:
    """Return what each rule of a podFailurePolicy matches and its action: `exit code 3: FailJob; DisruptionTarget: Ignore`."""
    found = [f"{_matched(as_dict(rule))}: {as_dict(rule).get('action')}" for rule in rules[:_SHOWN]]
    return "; ".join(found) + (f"; and {len(rules) - _SHOWN} more" if len(rules) > _SHOWN else "")


def on_succeeded_indexes(rules: list[Any]) -> str:
    """Return what each rule of a successPolicy waits for: `index 0 has succeeded`."""
    found = [_succeeded(as_dict(rule)) for rule in rules[:_SHOWN]]
    if len(rules) > _SHOWN:
        return f"one of the {len(rules)} rules matches"
    return f"{any_of(found)} succeeded"


def _matched(rule: dict[str, Any]) -> str:
    conditions = [(c.get("type"), c.get("status", "True")) for c in map(as_dict, as_list(rule.get("onPodConditions")))]
    if conditions:
        return any_of([f"{type}" if status == "True" else f"{type}={status}" for type, status in conditions])
    codes = as_dict(rule.get("onExitCodes"))
    values = [str(v) for v in as_list(codes.get("values"))]
    more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
    shown = ", ".join(values[:_SHOWN]) + more if more else listed(values)
    other = "other than " if codes.get("operator") == "NotIn" else ""
    word = "exit code" if len(values) == 1 and not other else "exit codes"
    where = f' of container "{codes["containerName"]}"' if codes.get("containerName") else ""
    return f"{word} {other}{shown}{where}"


def _succeeded(rule: dict[str, Any]) -> str:
    indexes, least = rule.get("succeededIndexes"), rule.get("succeededCount")
    if indexes is None:
        return f"{least} {'index has' if least == 1 else 'indexes have'}"
    if least is not None:
        return f"{least} of the indexes {indexes} {'has' if least == 1 else 'have'}"
    return f"index {indexes} has" if str(indexes).isdigit() else f"all indexes {indexes} have"
