"""Pods that a ResourceQuota or a LimitRange in the same set of files rejects.

Source: Kubernetes 1.36.3 staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go CheckRequest,
pkg/quota/v1/evaluator/core/pods.go, plugin/pkg/admission/limitranger/admission.go.
"""

from __future__ import annotations

from joblint.rules.checks.pods.scopes import in_scope
from joblint.rules.facts.folder import beside
from joblint.rules.workload.amounts import above, of_pod, with_defaults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts, JobFacts
    from joblint.rules.facts.needs import Amounts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.facts.others import QuotaFacts, RangeFacts
    from joblint.rules.finding import Hit

_ASKED = {
    "cpu": ("requests", "cpu"),
    "memory": ("requests", "memory"),
    "requests.cpu": ("requests", "cpu"),
    "requests.memory": ("requests", "memory"),
    "requests.ephemeral-storage": ("requests", "ephemeral-storage"),
    "limits.cpu": ("limits", "cpu"),
    "limits.memory": ("limits", "memory"),
    "limits.ephemeral-storage": ("limits", "ephemeral-storage"),
}


def quota_rejects_pods(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A quota counts a resource that a container does not set, or allows less than one Pod requests: FailedCreate."""
    from joblint.rules.finding import Hit

    for quota in folder.quotas:
        for workload in folder.workloads:
            if not beside(quota.origin, workload.origin) or not in_scope(quota, workload, folder):
                continue
            ranges = [r for r in folder.ranges if beside(r.origin, workload.origin)]
            missing: dict[str, list[str]] = {}
            first = ""
            for counted, (word, resource) in _ASKED.items():
                if counted not in quota.hard:
                    continue
                amounts = [with_defaults(a, ranges) for a in workload.needs.amounts]
                lacking = [a for a in amounts if resource not in getattr(a, word)]
                if lacking:
                    missing[counted] = [a.name for a in lacking]
                    first = first or lacking[0].at
                    continue
                total = of_pod(amounts, word, resource)
                if total is not None and above(total, quota.hard[counted]):
                    values = {
                        "quota": quota.origin.name,
                        "problem": f"allows {counted}: {quota.hard[counted]}, but one Pod needs {total}",
                        "advice": f"Request less than {quota.hard[counted]}, or raise the quota.",
                        "says": "exceeded quota",
                    }
                    yield workload.origin, Hit(_field(amounts, word), values)
                    break
            if missing:
                words = "; ".join([f"{counted} for: {','.join(names)}" for counted, names in missing.items()])
                lines = _lines(missing)
                values = {
                    "quota": quota.origin.name,
                    "problem": f"requires {_listed(list(missing))}, which {_said(missing)} does not set",
                    "advice": lines,
                    "says": f"failed quota: {quota.origin.name}: must specify {words}",
                }
                yield workload.origin, Hit(first, values)


def quota_below_parallelism(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A quota on Pods below the number of Pods that run at once: the others are rejected until some have finished."""
    from joblint.rules.finding import Hit

    for quota in folder.quotas:
        for workload in folder.workloads:
            if not beside(quota.origin, workload.origin) or not in_scope(quota, workload, folder):
                continue
            at_once = workload.needs.at_once
            allowed = _allowed(quota, folder, workload)
            if not allowed.isdecimal() or int(allowed) >= at_once:
                continue
            at = "spec.parallelism" if workload.origin.kind == "Job" else "spec.jobTemplate.spec.parallelism"
            effect = "none is created" if int(allowed) == 0 else "the others are created when earlier ones finish"
            if workload.subdomain and int(allowed):
                effect = "Pods that wait for each other never all run"
            values = {"quota": quota.origin.name, "allowed": int(allowed), "at_once": at_once, "effect": effect}
            values["advice"] = _more_allowed(quota, int(allowed))
            yield workload.origin, Hit(at, values)


def _more_allowed(quota: QuotaFacts, allowed: int) -> str:
    if any(scope == "BestEffort" for scope, _, _ in quota.scopes):
        return "resources:    in a container: the quota counts only Pods without requests and limits\n  requests: {cpu: 100m}"
    return f"parallelism: {allowed}    or raise the quota" if allowed else "Raise the quota."


def _allowed(quota: QuotaFacts, folder: Folder, workload: JobFacts | CronJobFacts) -> str:
    """How many Pods of a workload the quota allows at once, by its number of Pods and by what each of them requests; "" if it
    does not say."""
    found = [int(quota.hard[k]) for k in ("pods", "count/pods") if quota.hard.get(k, "").isdecimal()]
    if workload.needs.at_once > 1:
        ranges = [r for r in folder.ranges if beside(r.origin, workload.origin)]
        amounts = [with_defaults(a, ranges) for a in workload.needs.amounts]
        for counted, (word, resource) in _ASKED.items():
            if counted in quota.hard and all(resource in getattr(a, word) for a in amounts):
                fitting = _fitting(quota.hard[counted], of_pod(amounts, word, resource), workload.needs.at_once)
                if fitting:  # none at all is another rule's
                    found.append(fitting)
    return str(min(found)) if found else ""


def _fitting(hard: str, one: str | None, most: int) -> int:
    """How many times a quantity fits into another one, up to `most`."""
    from joblint.api.go.quantity import QuantityError, parse

    try:
        allowed, each = parse(hard), parse(one or "")
    except QuantityError:
        return 0
    fitting, total = 0, each
    while fitting < min(most, 10_000) and not total.compare(allowed) > 0:
        fitting, total = fitting + 1, total.plus(each)
    return fitting


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _said(missing: dict[str, list[str]]) -> str:
    names = list(dict.fromkeys([n for found in missing.values() for n in found]))
    return f'container "{names[0]}"' if len(names) == 1 else f"one of the containers {_listed(names)}"


def _lines(missing: dict[str, list[str]]) -> str:
    requests = [_ASKED[c][1] for c in missing if _ASKED[c][0] == "requests"]
    limits = [_ASKED[c][1] for c in missing if _ASKED[c][0] == "limits"]
    amounts = {"cpu": "500m", "memory": "512Mi", "ephemeral-storage": "1Gi"}
    lines = ["resources:"]
    for word, resources in (("requests", requests), ("limits", limits)):
        if resources:
            lines.append(f"  {word}: {{{', '.join([f'{r}: {amounts[r]}' for r in dict.fromkeys(resources)])}}}")
    return "\n".join(lines)


def _field(amounts: list[Amounts], word: str) -> str:
    return f"{amounts[0].at}.resources.{word}"


def limit_range_rejects_pods(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A container outside of what a LimitRange allows: FailedCreate; one finding for each container."""
    from joblint.rules.finding import Hit

    for found in folder.ranges:
        for workload in folder.workloads:
            if not beside(found.origin, workload.origin):
                continue
            for sent in workload.needs.amounts:
                a = with_defaults(sent, [found])
                told = _outside(found, a, sent)
                if told:
                    problem, word, bound = told
                    field = f"{a.at}.resources.{word}" if getattr(sent, word) else a.at
                    values = {"range": found.origin.name, "container": a.name, "problem": problem, "bound": bound}
                    yield workload.origin, Hit(field, values)
            told = _pod_outside(found, [with_defaults(a, [found]) for a in workload.needs.amounts])
            if told and workload.needs.amounts:
                problem, word, bound = told
                first = next((a for a in workload.needs.amounts if a.role == "main"), workload.needs.amounts[0])
                field = f"{first.at}.resources.{word}" if getattr(first, word) else first.at
                values = {"range": found.origin.name, "container": first.name, "problem": problem, "bound": bound}
                yield workload.origin, Hit(field, values)


def _pod_outside(found: RangeFacts, amounts: list[Amounts]) -> tuple[str, str, str] | None:
    """A whole Pod's requests and limits against the bounds of type Pod (limitranger/admission.go, PodValidateLimitFunc)."""
    for kind, bound, limits in found.limits:
        if kind != "Pod" or bound not in ("min", "max"):
            continue
        for resource, amount in limits.items():
            for word in ("limits", "requests"):
                asked = of_pod([a for a in amounts if resource in getattr(a, word)], word, resource)
                said = f"imum {resource} usage per Pod is {amount}"
                together = f"{amount} in all containers together"
                if asked in (None, "0"):
                    if (bound, word) == ("max", "limits"):
                        return (
                            f"max{said}.  No limit is specified",
                            word,
                            f"Set a limit of at most {together}",
                        )
                    if (bound, word) == ("min", "requests"):
                        return f"min{said}.  No request is specified", word, f"Request at least {together}"
                elif bound == "max" and above(str(asked), amount):
                    return f"max{said}, but {word[:-1]} is {asked}", word, f"{_SET[word]} at most {together}"
                elif bound == "min" and above(amount, str(asked)):
                    return f"min{said}, but {word[:-1]} is {asked}", word, f"{_SET[word]} at least {together}"
    return None


def _ratio(limit: str, request: str) -> float | None:
    """A limit divided by a request; None if one of them is missing or zero, or cannot be read."""
    from joblint.api.go.quantity import QuantityError, parse

    try:
        above, below = parse(limit).milli_value(), parse(request).milli_value()
    except QuantityError:
        return None
    return above / below if above and below else None


_SET = {"requests": "Request", "limits": "Set a limit of"}


def _outside(found: RangeFacts, a: Amounts, sent: Amounts) -> tuple[str, str, str] | None:
    for resource, asked in sent.requests.items():
        limit = a.limits.get(resource, "")
        if resource not in sent.limits and limit and above(asked, limit):
            # The plugin sets the limit, and the validation that follows rejects the Pod (ValidateResourceRequirements).
            problem = f"its default {resource} limit is {limit}, and the Pod requests {asked}"
            return problem, "requests", f"Request at most {limit}, or set limits: {{{resource}: {asked}}}"
    for kind, bound, amounts in found.limits:
        if kind == "Container" and bound == "maxLimitRequestRatio":
            for resource, most in amounts.items():
                missing = next((word for word in ("requests", "limits") if resource not in getattr(a, word)), "")
                if missing:
                    word = missing[:-1]
                    problem = f"but no {word} is specified or {word} is 0"
                    problem = f"{resource} max limit to request ratio per Container is {most}, {problem}"
                    return problem, missing, f"Set a {word} for {resource}"
                ratio = _ratio(a.limits[resource], a.requests[resource])
                if ratio is not None and ratio > (_ratio(most, "1") or ratio):
                    problem = f"{resource} max limit to request ratio per Container is {most}, but provided ratio is {ratio:.6f}"
                    return problem, "requests", f"Request at least the limit divided by {most}"
    for kind, bound, amounts in found.limits:
        if kind != "Container" or bound not in ("min", "max"):
            continue
        for resource, amount in amounts.items():
            for word in ("limits", "requests"):
                asked = getattr(a, word).get(resource)
                if asked is None:
                    continue
                said = f"{resource} usage per Container is {amount}, but {word[:-1]} is {asked}"
                if bound == "max" and above(asked, amount):
                    return f"maximum {said}", word, f"{_SET[word]} at most {amount}"
                if bound == "min" and above(amount, asked):
                    return f"minimum {said}", word, f"{_SET[word]} at least {amount}"
    return None
