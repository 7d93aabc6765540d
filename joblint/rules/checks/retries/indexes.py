"""Limits of Indexed Jobs compared with each other: which of them can fail the Job, by simulation."""

from __future__ import annotations

from joblint.base.durations import show_duration as duration
from joblint.base.words import count
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_MOST = 1_000  # failing indexes that are simulated
_LONG = 60  # seconds that one failing index may delay all others


def _per_index(s: Subject) -> int | None:
    """backoffLimitPerIndex if it has an effect: in an Indexed Job whose Pods are not restarted in place."""
    spec = s.prediction.spec
    return None if spec.on_failure or not spec.completions else spec.per_index


def job_limit_before_index_limit(s: Subject) -> Iterator[Hit]:
    """An explicit backoffLimit counts the failures of all indexes, and fails the Job before the limits per index are used.

    Source: Kubernetes 1.36.3, pkg/controller/job/job_controller.go, syncJob (exceedsBackoffLimit comes first).
    """
    per_index, p = _per_index(s), s.prediction
    if per_index is None or "backoffLimit" not in s.sent_spec:
        return
    total, limit = p.spec.completions or 0, p.spec.backoff_limit
    failed = limit // (per_index + 1) + 1  # the fewest indexes that use up the Job's limit with all their attempts
    allowed = p.spec.max_failed
    dead = allowed is not None and failed <= allowed < total
    if limit >= 4 * _MOST:  # more failures than are simulated
        return
    if not (total > 1 and failed <= min(total, _MOST) and (2 * failed <= total or failed == 1 or dead)):
        return
    from joblint.controller.prediction.what_if import ended_by, indexes_fail

    if ended_by(indexes_fail(p, failed)) != "backoffLimit":
        return
    if failed == 1:
        effect = f"one index can fail the Job before {'retry is' if per_index == 1 else f'{per_index} retries are'} used up"
    elif dead:
        effect = f"the Job fails after {failed} failed indexes or earlier, so maxFailedIndexes: {allowed} has no effect"
    else:
        effect = f"if {failed} of {total} indexes keep failing, the Job fails and the others are killed"
    yield s.hit(
        s.spec_at + ".backoffLimit",
        limit=limit,
        per_index=per_index,
        effect=effect,
        enough=total * (per_index + 1),
        label=f"{count(limit + 1, 'failure')} in total",
    )


def index_backoff_blocks_others(s: Subject) -> Iterator[Hit]:
    """With parallelism 1, an index that waits for its retry keeps the only slot (job_controller.go, manageJob: a Pod that waits
    for its back-off counts as active)."""
    per_index, p = _per_index(s), s.prediction
    if not per_index or p.at_once != 1 or (p.spec.completions or 0) < 2:
        return
    from joblint.controller.prediction.what_if import indexes_fail

    begins = [e.t for e in indexes_fail(p, 1).events if e.event == "pod-created" and e.index == 1]
    if not begins or begins[0] < _LONG:
        return
    yield s.hit(
        s.spec_at + ".backoffLimitPerIndex",
        per_index=per_index,
        wait=duration(int(begins[0])),
        retries=count(per_index, "retry", "retries"),
    )


def max_failed_indexes_never_exceeded(s: Subject) -> Iterator[Hit]:
    """maxFailedIndexes as high as completions: more indexes than there are would have to fail."""
    per_index, p = _per_index(s), s.prediction
    allowed, total = p.spec.max_failed, p.spec.completions or 0
    if per_index is not None and allowed is not None and 0 < total <= allowed:
        yield s.hit(s.spec_at + ".maxFailedIndexes", allowed=allowed, total=total, some=max(1, total // 10))


def max_failed_indexes_comes_first(s: Subject) -> Iterator[Hit]:
    """maxFailedIndexes fails the Job although a FailIndex rule or a succeededCount is there to let it continue."""
    per_index, p = _per_index(s), s.prediction
    allowed, total = p.spec.max_failed, p.spec.completions or 0
    if per_index is None or allowed is None or allowed >= min(total, _MOST):
        return
    at = s.spec_at + ".maxFailedIndexes"
    wanted = _succeeded_count(s)
    if allowed and not wanted:
        return
    from joblint.controller.prediction.what_if import ended_by, indexes_fail

    if allowed == 0:
        for i, rule in enumerate(as_list(as_dict(s.spec.get("podFailurePolicy")).get("rules"))):
            code = _code(as_dict(rule))
            if as_dict(rule).get("action") == "FailIndex" and code:
                if ended_by(indexes_fail(p, 1, code)) == "maxFailedIndexes":
                    promise = f"rules[{i}] of podFailurePolicy (FailIndex) lets the other indexes continue"
                    yield s.hit(at, allowed=allowed, promise=promise, first="the first failed index", enough=max(1, total // 10))
                    return
    if wanted and allowed < total - wanted and ended_by(indexes_fail(p, allowed + 1)) == "maxFailedIndexes":
        promise = f"succeededCount: {wanted} is enough, so {total - wanted} of {total} indexes may fail"
        first = f"{count(allowed + 1, 'failed index', 'failed indexes')}"
        yield s.hit(at, allowed=allowed, promise=promise, first=first, enough=total - wanted)


def _code(rule: dict[str, object]) -> int:
    """An exit code that a rule matches; 0 for none."""
    codes = as_dict(rule.get("onExitCodes"))
    values = [v for v in as_list(codes.get("values")) if isinstance(v, int) and 0 < v < 256]
    if codes.get("operator") == "In":
        return values[0] if values else 0
    return next((c for c in range(1, 256) if c not in values), 0) if codes else 0


def _succeeded_count(s: Subject) -> int:
    """The succeededCount of a successPolicy's only rule over all indexes; 0 for none."""
    rules = as_list(as_dict(s.spec.get("successPolicy")).get("rules"))
    rule = as_dict(rules[0]) if len(rules) == 1 else {}
    wanted = rule.get("succeededCount")
    return wanted if isinstance(wanted, int) and not rule.get("succeededIndexes") else 0
