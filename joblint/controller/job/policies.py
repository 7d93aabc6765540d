"""podFailurePolicy and successPolicy: which rule matches an ended Pod, or the succeeded indexes; does not know any time.

Source: Kubernetes 1.36.3, pkg/controller/job/pod_failure_policy.go and success_policy.go.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.controller.job.intervals import Indexes, read_indexes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Codes = tuple[tuple[str, "int | None"], ...]
"""Exit codes by container name, in the order of the Pod's status; None for a container that has not ended."""


class Match(Record):
    """What a podFailurePolicy makes of a failed Pod: the action of the first matching rule, whether the failure counts,
    and for FailJob the condition's message."""

    action: str | None
    counts: bool
    message: str | None


NO_MATCH = Match(None, True, None)


class FailureRule(Record):
    """One rule. Exactly one of `codes` (with `operator` and `container`) and `conditions` is not None."""

    action: str
    operator: str
    container: str | None
    codes: tuple[int, ...] | None
    conditions: tuple[tuple[str, str], ...] | None


class FailurePolicy:
    """A podFailurePolicy, read once."""

    __slots__ = ("rules",)

    def __init__(self, data: dict[str, Any]) -> None:
        rules = []
        for item in _dicts(data.get("rules")):
            action = str(item.get("action"))
            on_codes, on_conditions = item.get("onExitCodes"), item.get("onPodConditions")
            if isinstance(on_codes, dict):
                values = tuple([v for v in on_codes.get("values") or () if isinstance(v, int)])
                rules.append(FailureRule(action, str(on_codes.get("operator")), on_codes.get("containerName"), values, None))
            elif on_conditions:
                patterns = tuple([(str(c.get("type")), str(c.get("status") or "True")) for c in _dicts(on_conditions)])
                rules.append(FailureRule(action, "", None, None, patterns))
        self.rules = tuple(rules)

    def match(self, codes: Codes, init_codes: Codes, conditions: tuple[tuple[str, str], ...], pod: str) -> Match:
        """The first rule that matches wins. `pod` is NAMESPACE/NAME for the message; conditions are (type, status)."""
        for at, rule in enumerate(self.rules):
            message = None
            if rule.codes is not None:
                hit = _matching(codes, rule) or _matching(init_codes, rule)
                if hit is None:
                    continue
                if rule.action == "FailJob":
                    name, code = hit
                    message = f"Container {name} for pod {pod} failed with exit code {code} matching FailJob rule at index {at}"
            else:
                found = next((t for t, s in conditions if (t, s) in (rule.conditions or ())), None)
                if found is None:
                    continue
                if rule.action == "FailJob":
                    message = f"Pod {pod} has condition {found} matching FailJob rule at index {at}"
            if rule.action in ("FailJob", "FailIndex", "Count", "Ignore"):
                return Match(rule.action, rule.action != "Ignore", message)
        return NO_MATCH


def _matching(codes: Codes, rule: FailureRule) -> tuple[str, int] | None:
    """The first ended container that the rule applies to, with a code other than 0 that its operator matches."""
    for name, code in codes:
        if code and rule.container in (None, name):
            listed = code in (rule.codes or ())
            if listed if rule.operator == "In" else rule.operator == "NotIn" and not listed:
                return name, code
    return None


class SuccessPolicy:
    """A successPolicy, read for a number of completions (which an elastic Job may change)."""

    __slots__ = ("rules",)

    def __init__(self, data: dict[str, Any], completions: int) -> None:
        rules: list[tuple[int, Indexes | None, int | None]] = []
        for at, item in enumerate(_dicts(data.get("rules"))):
            wanted, count = item.get("succeededIndexes"), item.get("succeededCount")
            count = count if isinstance(count, int) else None
            if isinstance(wanted, str):
                indexes = read_indexes(wanted, completions)
                if indexes.total:
                    rules.append((at, indexes, count))
            elif count is not None:
                rules.append((at, None, count))
        self.rules = tuple(rules)

    def match(self, succeeded: Indexes) -> str | None:
        """Return the condition's message if a rule is met, otherwise None."""
        if not succeeded.total:
            return None
        for at, wanted, count in self.rules:
            if wanted is None:
                met = count is not None and succeeded.total >= count
            else:
                has = wanted.common(succeeded)
                met = has == wanted.total or (count is not None and has >= count)
            if met:
                return f"Matched rules at index {at}"
        return None


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
