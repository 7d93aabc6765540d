"""Retries: what is retried, how often, and what is lost with each attempt."""

from __future__ import annotations

from joblint.base.durations import show_duration as duration
from joblint.base.words import count
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_DAY = 86400
_SPOT = ("spot", "preemptible", "preemptable", "interruptible")
_KILLED = (137, 143)  # SIGKILL and SIGTERM, which is how an evicted container ends
_CROWD = 3  # times the default limit: a drained node or a lack of memory can make so many Pods fail together


def on_failure_loses_logs(s: Subject) -> Iterator[Hit]:
    """restartPolicy OnFailure: at the limit the Pod and its logs are deleted (job_controller.go, deleteActivePods)."""
    if s.pod.get("restartPolicy") == "OnFailure" and "backoffLimitPerIndex" not in s.spec:
        limit = max(1, s.backoff_limit)
        yield s.hit(s.pod_at + ".restartPolicy", limit=limit, restarts=count(limit, "restart"))


def on_failure_limit_too_low(s: Subject) -> Iterator[Hit]:
    """With OnFailure, the Job fails as soon as the restarts reach max(1, backoffLimit), which is when the last attempt
    starts."""
    if s.pod.get("restartPolicy") != "OnFailure" or "backoffLimit" not in s.sent_spec or "backoffLimitPerIndex" in s.spec:
        return
    limit = s.spec.get("backoffLimit")
    if limit in (0, 1):
        # The default of a JobSet or ScaledJob is not what somebody has written: there, 0 says that the Job is not retried.
        written = s.document.raw(f"{s.prefix}{s.pod_at}.restartPolicy") is not None
        yield s.hit(
            s.spec_at + ".backoffLimit",
            limit=limit,
            retries="one retry in a new Pod" if limit else "no retry",
            severity="" if written else "info",
        )


def on_failure_limit_shared(s: Subject) -> Iterator[Hit]:
    """Restarts are counted over all running Pods: healthy Pods are killed with the failing ones."""
    if s.pod.get("restartPolicy") != "OnFailure" or "backoffLimitPerIndex" in s.spec:
        return
    at_once, limit = s.prediction.at_once, max(1, s.backoff_limit)
    if "backoffLimit" in s.sent_spec and s.spec.get("backoffLimit") in (0, 1):
        return  # on-failure-limit-too-low reports it
    if at_once > limit:
        field = s.spec_at + (".backoffLimit" if "backoffLimit" in s.sent_spec else ".parallelism")
        yield s.hit(field, at_once=at_once, limit=limit, restarts=count(limit, "restart"))


def limit_below_one_batch(s: Subject) -> Iterator[Hit]:
    """Pods that fail together exceed the limit before any of them is retried; a limit of 0 is intentional."""
    if s.pod.get("restartPolicy") != "Never" or "backoffLimitPerIndex" in s.spec:
        return
    from joblint.controller.job.backoff import SECOND, pod_delay
    from joblint.controller.job.spec import MAX_INT32

    limit = s.backoff_limit
    at_once = s.prediction.at_once
    deadline = s.prediction.deadline
    if deadline is not None and deadline <= pod_delay(at_once) // SECOND:
        return  # with a higher limit, the deadline would fail the Job in the wait after that batch
    if limit and at_once > limit and not _limit_is_meant(s, limit, s.spec.get("completions") or at_once):
        written = "backoffLimit" in s.sent_spec
        field = s.spec_at + (".backoffLimit" if written else ".parallelism")
        default = "" if written else " (default)"
        per_index = "    or backoffLimitPerIndex: 2" if s.spec.get("completionMode") == "Indexed" else ""
        yield s.hit(
            field,
            at_once=at_once,
            limit=limit,
            default=default,
            enough=min(at_once * 2, MAX_INT32),
            per_index=per_index,
            severity="" if written or at_once >= _CROWD * (limit + 1) else "info",
        )


def _limit_is_meant(s: Subject, limit: int, completions: int) -> bool:
    """Whether the numbers show that many failures are expected: a limit of at least half the completions, a policy that defines
    which failures count, or one that defines when enough Pods have succeeded."""
    if "podFailurePolicy" in s.spec or "successPolicy" in s.spec:
        return True
    return "backoffLimit" in s.sent_spec and 2 * limit >= completions


def limit_shared_by_indexes(s: Subject) -> Iterator[Hit]:
    """One failing index can use up the limit of all; reported if the limit is below the number of indexes."""
    spec = s.spec
    if spec.get("completionMode") != "Indexed" or "backoffLimitPerIndex" in spec or s.pod.get("restartPolicy") != "Never":
        return
    completions, limit = spec.get("completions") or 0, s.backoff_limit
    if limit and completions > max(1, limit) and s.prediction.at_once <= limit and not _limit_is_meant(s, limit, completions):
        written = "backoffLimit" in s.sent_spec
        field = s.spec_at + (".backoffLimit" if written else ".completionMode")
        # An explicit limit also applies with a limit per index (job-limit-before-index-limit).
        advice = "Replace backoffLimit with backoffLimitPerIndex: 2" if written else "backoffLimitPerIndex: 2"
        yield s.hit(
            field, completions=completions, limit=limit, tries=limit + 1, advice=advice, severity="" if written else "info"
        )


def disruption_counts_as_failure(s: Subject) -> Iterator[Hit]:
    """Evictions and drains use up retries unless a podFailurePolicy ignores DisruptionTarget.

    A warning on nodes that are regularly reclaimed (spot); info if a single disruption fails the Job.
    """
    if s.pod.get("restartPolicy") != "Never" or _ignores_disruption(s.spec):
        return
    field, spot = _spot(s)
    if spot:
        yield s.hit(field, because=f"{spot} selects nodes that may be reclaimed", limit=s.prediction.retry_limit)
    elif s.spec.get("backoffLimit") == 0 and "backoffLimitPerIndex" not in s.spec:
        because = "With backoffLimit: 0, the first eviction or drained node fails the Job"
        yield s.hit(s.spec_at + ".backoffLimit", because=because, limit=0, severity="info", confidence="hint")


def _ignores_disruption(spec: dict[str, Any]) -> bool:
    for rule in as_list(as_dict(spec.get("podFailurePolicy")).get("rules")):
        if as_dict(rule).get("action") == "Ignore":
            if any(as_dict(c).get("type") == "DisruptionTarget" for c in as_list(rule.get("onPodConditions"))):
                return True
    return False


def _spot(s: Subject) -> tuple[str, str]:
    for key, value in as_dict(s.pod.get("nodeSelector")).items():
        if any(w in f"{key}={value}".lower() for w in _SPOT) and str(value).lower() != "false":
            return f"{s.pod_at}.nodeSelector[{key}]", f"The nodeSelector {key}: {value}"
    for i, toleration in enumerate(as_list(s.pod.get("tolerations"))):
        text = f"{toleration.get('key')}={toleration.get('value')}".lower()
        if any(w in text for w in _SPOT):
            return f"{s.pod_at}.tolerations[{i}].key", f"The toleration for {toleration.get('key')}"
    node = as_dict(as_dict(s.pod.get("affinity")).get("nodeAffinity"))
    terms = as_list(as_dict(node.get("requiredDuringSchedulingIgnoredDuringExecution")).get("nodeSelectorTerms"))
    for t, term in enumerate(terms):
        for e, expression in enumerate(as_list(as_dict(term).get("matchExpressions"))):
            text = f"{expression.get('key')}={expression.get('values')}".lower()
            if expression.get("operator") in ("In", "Exists") and any(w in text for w in _SPOT):
                at = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms"
                return f"{s.pod_at}.{at}[{t}].matchExpressions[{e}].key", f"The node affinity on {expression.get('key')}"
    return "", ""


def failure_rule_shadowed(s: Subject) -> Iterator[Hit]:
    """A rule whose cases are all matched by earlier rules; the first match wins."""
    rules = as_list(as_dict(s.spec.get("podFailurePolicy")).get("rules"))
    if len(rules) < 2:
        return
    for i, rule in enumerate(rules):
        for j in range(i):
            if _covers(rules[j], rule):
                advice = "Put the narrower rule first, or change the wider rule so that it does not match these failures."
                yield s.hit(
                    f"{s.spec_at}.podFailurePolicy.rules[{i}]",
                    n=i,
                    earlier=j,
                    action=rule.get("action"),
                    first=rules[j].get("action"),
                    advice=f"Remove rules[{i}]." if rules[j].get("action") == rule.get("action") else advice,
                )
                break


def _covers(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Whether the first rule matches every failed Pod that the second one matches."""
    a, b = as_dict(first.get("onExitCodes")), as_dict(second.get("onExitCodes"))
    if a and b:
        if a.get("containerName") and a.get("containerName") != b.get("containerName"):
            return False
        mine, theirs = set(as_list(a.get("values"))), set(as_list(b.get("values")))
        if a.get("operator") == "In":
            return b.get("operator") == "In" and theirs <= mine
        return theirs.isdisjoint(mine) if b.get("operator") == "In" else mine <= theirs
    conditions = [(as_dict(c).get("type"), as_dict(c).get("status", "True")) for c in as_list(first.get("onPodConditions"))]
    later = [(as_dict(c).get("type"), as_dict(c).get("status", "True")) for c in as_list(second.get("onPodConditions"))]
    return bool(conditions and later) and set(later) <= set(conditions)


def failure_rule_never_matches(s: Subject) -> Iterator[Hit]:
    """Exit codes that no container can end with."""
    for i, rule in enumerate(as_list(as_dict(s.spec.get("podFailurePolicy")).get("rules"))):
        codes = as_dict(as_dict(rule).get("onExitCodes"))
        at = f"{s.spec_at}.podFailurePolicy.rules[{i}].onExitCodes"
        for j, code in enumerate(as_list(codes.get("values"))):
            if isinstance(code, int) and (code > 255 or code < 0):
                yield s.hit(
                    f"{at}.values[{j}]",
                    problem=f"Exit code {code} cannot occur: it wraps around to {code % 256}",
                    effect="this value never matches",
                )
        name = codes.get("containerName")
        if name and any(c.role == "sidecar" and c.name == name for c in s.containers):
            problem = f"The kubelet stops the sidecar {name}, so its exit code does not count"
            yield s.hit(at + ".containerName", problem=problem, effect="the rule never matches", severity="info")


def failure_rule_before_disruption(s: Subject) -> Iterator[Hit]:
    """An evicted container exits with 137 or 143: a rule on these codes before the one that ignores disruptions wins."""
    rules = as_list(as_dict(s.spec.get("podFailurePolicy")).get("rules"))
    ignoring = next((i for i, r in enumerate(rules) if _is_ignore(r)), None)
    for i, rule in enumerate(rules[: ignoring or 0]):
        codes = as_dict(rule.get("onExitCodes"))
        if not codes or rule.get("action") == "Ignore":
            continue
        values = as_list(codes.get("values"))
        hit = [c for c in _KILLED if (c in values) == (codes.get("operator") == "In")]
        if hit:
            yield s.hit(
                f"{s.spec_at}.podFailurePolicy.rules[{i}]", n=i, ignoring=ignoring, action=rule.get("action"), code=hit[-1]
            )


def _is_ignore(rule: dict[str, Any]) -> bool:
    conditions = as_list(as_dict(rule).get("onPodConditions"))
    return as_dict(rule).get("action") == "Ignore" and any(as_dict(c).get("type") == "DisruptionTarget" for c in conditions)


def ignored_failures_never_end(s: Subject) -> Iterator[Hit]:
    """Ignore on exit codes without a deadline: the failures are not counted, and nothing else fails the Job."""
    if s.spec.get("activeDeadlineSeconds") is not None:
        return
    for i, rule in enumerate(as_list(as_dict(s.spec.get("podFailurePolicy")).get("rules"))):
        codes = as_dict(as_dict(rule).get("onExitCodes"))
        if as_dict(rule).get("action") == "Ignore" and codes:
            listed = ", ".join([str(v) for v in as_list(codes.get("values"))[:5]])
            one = "exit code" if len(as_list(codes.get("values"))) == 1 else "exit codes"
            codes_text = f"{one} other than {listed}" if codes.get("operator") == "NotIn" else f"{one} {listed}"
            yield s.hit(f"{s.spec_at}.podFailurePolicy.rules[{i}].action", codes=codes_text)


_CENTURIES = 10**10  # seconds; beyond that the number says nothing


def too_many_retries(s: Subject) -> Iterator[Hit]:
    """A limit whose back-off alone takes longer than a day, and no deadline; not reported if many completions share the
    limit."""
    if "backoffLimit" not in s.sent_spec or s.spec.get("activeDeadlineSeconds") is not None:
        return
    limit = s.backoff_limit
    if limit < 20 or limit <= 2 * (s.spec.get("completions") or 0) or limit <= 2 * (s.spec.get("parallelism") or 0):
        return
    needed = min(s.prediction.least_backoff, _CENTURIES)
    if needed >= _DAY // 4:
        yield s.hit(s.spec_at + ".backoffLimit", limit=limit, needed=duration(needed), severity="" if needed >= _DAY else "info")


def on_failure_ignores_index_limit(s: Subject) -> Iterator[Hit]:
    """With a limit per index, restarts in place are not counted."""
    if "backoffLimitPerIndex" in s.spec and s.pod.get("restartPolicy") == "OnFailure":
        deadline = s.spec.get("activeDeadlineSeconds")
        until = f"until the deadline of {duration(deadline)}" if isinstance(deadline, int) else "indefinitely"
        yield s.hit(s.spec_at + ".backoffLimitPerIndex", until=until, per_index=s.spec["backoffLimitPerIndex"])


def may_run_twice(s: Subject) -> Iterator[Hit]:
    """Even a Job with one Pod may start its program twice: after a lost node, or when a Pod is replaced."""
    if s.kind == "Job":
        yield s.hit(s.spec_at + ".template.spec.containers", part="key")
