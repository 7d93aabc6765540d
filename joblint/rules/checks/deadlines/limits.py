"""Deadlines and TTL: which limit fails a Job, and what remains afterwards."""

from __future__ import annotations

from joblint.base.durations import show_duration as duration
from joblint.base.durations import show_span
from joblint.base.today import today
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.attempt import attempt_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.controller.prediction.predict import Cut
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_ORDINARY = ("cpu", "memory", "ephemeral-storage")
_SHORT_TTL = 60
_MANY = 4  # retries of which the last is rarely needed
_HELM_TTL = 300


def backoff_limit_unreachable(s: Subject) -> Iterator[Hit]:
    """The deadline comes before the retries are used up, even if each attempt takes no time.

    A deadline next to a default backoffLimit is common advice, and one that cuts only the last of many retries changes little:
    info, not a warning.
    """
    if not s.prediction.deadline:
        return
    cut = s.prediction.deadline_cut
    times = "" if cut is None else _back_off(cut)
    if cut is None:
        cut, times = _cut_by_commands(s)
    if cut is None:
        return
    limit_name = "backoffLimitPerIndex" if s.prediction.spec.per_index is not None else "backoffLimit"
    written = limit_name in s.sent_spec
    default = "" if written else " (default)"
    limit = s.prediction.retry_limit
    last_alone = cut.at_once == 1 and cut.retry == cut.retries >= _MANY
    # The failures of a batch of Pods count together.
    rounds = cut.retry - 1 if s.prediction.on_failure else cut.retry
    fitting = min(limit, cut.retry - 1 if cut.at_once == 1 else max(1, rounds * cut.at_once - 1))
    if s.prediction.on_failure:
        fitting = max(1, fitting)
    from joblint.rules.fixes.compose import put

    enough = _round_up(cut.needed_for_all + 60)
    advice = []
    if s.rhythm is None or enough <= s.rhythm.gaps(today())[0]:  # a run longer than the period causes other problems
        advice.append(f"activeDeadlineSeconds: {enough}    covers the back-off; add the run time of the attempts")
    if not s.prediction.on_failure or fitting > 1:  # with OnFailure, a limit of 1 means no retry
        advice.append(f"{limit_name}: {fitting}    or: the retries that fit before the deadline")
    yield s.hit(
        s.spec_at + ".activeDeadlineSeconds",
        deadline=cut.deadline,
        at=duration(cut.deadline),
        problem=times,
        limit=limit,
        limit_name=limit_name,
        default=default,
        advice="\n".join(advice or [f"activeDeadlineSeconds: {enough}    covers the back-off; add the run time of the attempts"]),
        label=f"fails the Job at {duration(cut.deadline)}",
        severity="" if written and not last_alone else "info",
        confidence="" if written else "hint",
        fix=put(s, s.spec_at, limit_name, str(fitting), after="activeDeadlineSeconds", safe=False)
        if not s.prediction.on_failure or fitting > 1
        else None,
    )


def _cut_by_commands(s: Subject) -> tuple[Cut | None, str]:
    """Where the deadline comes before the retries are used up because of the run time of the commands, and that in words. Only
    for Pods that run one at a time: of several at once, it is not known which fail."""
    p = s.prediction
    if p.deadline is None or p.at_once != 1 or p.on_failure or p.spec.per_index is not None:
        return None, ""
    attempt = attempt_of(s)
    if attempt is None or attempt.fails < 1 or attempt.least >= p.deadline:
        return None, ""  # deadline-below-run-time reports an attempt that is too long
    run = float(int(attempt.fails))
    tries, free = p.tries(run), p.without_deadline().tries(run).ends_at
    if tries.reason != "DeadlineExceeded" or free is None or free <= p.deadline + 5:
        return None, ""
    from joblint.controller.prediction.predict import Cut

    told = f"the attempts take at least {duration(int(run))} each, {duration(int(free))} in total"
    return Cut(p.deadline, len(tries.begins), p.retry_limit, p.deadline, int(free)), told


def _back_off(cut: Cut) -> str:
    retry = f"retry {cut.retry} of {cut.retries} starts"
    if cut.at_once > 1:
        retry = f"{cut.at_once} Pods start for the {_ordinal(cut.retry + 1)} time"
    return f"{retry} after at least {duration(cut.needed)} of back-off"


def _ordinal(n: int) -> str:
    last = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{last}"


def _round_up(seconds: int) -> int:
    step = 10 if seconds < 600 else 60 if seconds < 7200 else 600
    return -(-seconds // step) * step


def deadline_on_the_pod(s: Subject) -> Iterator[Hit]:
    """Only the Pod's deadline is set: it limits one attempt, which is then retried; the Job has no deadline. If nothing is
    retried, the Pod's deadline fails the Job as well."""
    deadline = s.pod.get("activeDeadlineSeconds")
    if not isinstance(deadline, int) or s.spec.get("activeDeadlineSeconds") is not None:
        return
    tries = s.prediction.tries_allowed
    limit = s.backoff_limit
    if limit == 0 or tries == 1:
        return
    total = ""
    if tries is not None and tries > 1 and s.pod.get("restartPolicy") == "Never" and limit < 1000:
        total = f": up to {tries} attempts, {duration(tries * deadline + s.prediction.backoff_needed)} in total"
    yield s.hit(s.pod_at + ".activeDeadlineSeconds", part="key", deadline=deadline, total=total, at=s.spec_at)


def deadline_on_the_pod_useless(s: Subject) -> Iterator[Hit]:
    """A Pod's deadline that is not shorter than the Job's: the Job's always comes first."""
    own, job = s.pod.get("activeDeadlineSeconds"), s.spec.get("activeDeadlineSeconds")
    if isinstance(own, int) and isinstance(job, int) and own >= job:
        yield s.hit(s.pod_at + ".activeDeadlineSeconds", own=duration(own), job=duration(job))


def deadline_zero(s: Subject) -> Iterator[Hit]:
    """activeDeadlineSeconds: 0 is not the same as no deadline: the Job fails as soon as the controller sees it. The same
    happens if the seconds overflow 64 bits of nanoseconds (job_controller.go, pastActiveDeadline)."""
    value = s.spec.get("activeDeadlineSeconds")
    if value is None or s.prediction.deadline != 0:
        return
    why = "" if value == 0 else ": this many seconds overflow the controller's 64-bit clock"
    label = "" if value == 0 else "more than 292 years"
    each = "this Job" if s.kind == "Job" else f"each Job of this {s.kind}"
    yield s.hit(s.spec_at + ".activeDeadlineSeconds", value=value, each=each, why=why, label=label)


def deadline_below_grace_period(s: Subject) -> Iterator[Hit]:
    """Stopping may take as long as the Job itself may run."""
    deadline = s.spec.get("activeDeadlineSeconds")
    grace = s.grace_period
    if isinstance(deadline, int) and 0 < deadline <= grace:
        written = "terminationGracePeriodSeconds" in s.sent_pod
        yield s.hit(
            s.spec_at + ".activeDeadlineSeconds",
            deadline=duration(deadline),
            grace=duration(grace),
            default="" if written else " (default)",
            total=show_span(s.prediction.slowest_stop or (deadline + grace, deadline + grace)),
            enough=_round_up(grace * 2),
            shorter=max(0, deadline // 2),
            severity="warning" if written else "",
        )


def may_hang_without_deadline(s: Subject) -> Iterator[Hit]:
    """No deadline, and something that can keep the Pod from ever starting. Only info: with imagePullPolicy Never the image is
    loaded on the nodes (kind, minikube), and nodes that are selected by name usually exist."""
    if s.spec.get("activeDeadlineSeconds") is not None or s.spec.get("managedBy"):
        return
    for container in s.containers:
        if container.data.get("imagePullPolicy") == "Never":
            reason = "with imagePullPolicy Never, the node may not have the image"
            yield s.hit(container.at + ".imagePullPolicy", reason=reason, at=s.spec_at)
            return
    field, reasons = _hard_to_place(s)
    if reasons:
        yield s.hit(field, reason="; ".join(reasons), at=s.spec_at)


def _hard_to_place(s: Subject) -> tuple[str, list[str]]:
    found: list[tuple[str, str]] = []
    if s.pod.get("nodeSelector"):
        found.append((s.pod_at + ".nodeSelector", "the nodeSelector may match no node"))
    affinity = as_dict(s.pod.get("affinity"))
    for kind in ("nodeAffinity", "podAffinity", "podAntiAffinity"):
        if as_dict(affinity.get(kind)).get("requiredDuringSchedulingIgnoredDuringExecution"):
            found.append((f"{s.pod_at}.affinity.{kind}", f"the required {kind} may match no node"))
    for container in s.containers:
        resources = as_dict(container.data.get("resources"))
        for name in {**as_dict(resources.get("limits")), **as_dict(resources.get("requests"))}:
            if name not in _ORDINARY:
                part = "limits" if name in as_dict(resources.get("limits")) else "requests"
                found.append((f"{container.at}.resources.{part}[{name}]", f"{name} may not be available"))
    if s.pod.get("schedulingGates"):
        found.append((s.pod_at + ".schedulingGates", "the scheduling gate may never be removed"))
    if s.pod.get("runtimeClassName"):
        found.append((s.pod_at + ".runtimeClassName", f"the RuntimeClass {s.pod['runtimeClassName']} may not exist"))
    if s.pod.get("nodeName"):
        found.append((s.pod_at + ".nodeName", "the node in nodeName may not exist"))
    for i, volume in enumerate(as_list(s.pod.get("volumes"))):
        claim = as_dict(as_dict(volume).get("persistentVolumeClaim")).get("claimName")
        if claim:
            found.append((f"{s.pod_at}.volumes[{i}].persistentVolumeClaim", f'the claim "{claim}" may not be bound'))
    return (found[0][0], list(dict.fromkeys([reason for _, reason in found]))[:2]) if found else ("", [])


_LONG_ENOUGH = 86400
"""A TTL of a day leaves time to look at a failed Job, whatever the history limits would keep."""


def ttl_zero(s: Subject) -> Iterator[Hit]:
    """ttlSecondsAfterFinished: 0: the Job, its Pods and logs are deleted when it finishes (pkg/controller/ttlafterfinished)."""
    if s.spec.get("ttlSecondsAfterFinished") == 0:
        hook = "; Argo CD may wait indefinitely" if _is_argo_hook(s) else ""
        yield s.hit(s.spec_at + ".ttlSecondsAfterFinished", hook=hook)


def _is_argo_hook(s: Subject) -> bool:
    return bool(s.annotations.get("argocd.argoproj.io/hook", "Skip") != "Skip")


def ttl_short(s: Subject) -> Iterator[Hit]:
    """A TTL below a minute, or below five where Helm waits for the Job."""
    ttl = s.spec.get("ttlSecondsAfterFinished")
    if not isinstance(ttl, int) or ttl <= 0 or ttl >= _HELM_TTL:
        return
    labels = as_dict(s.metadata.get("labels"))
    helm = labels.get("app.kubernetes.io/managed-by") == "Helm" or "helm.sh/chart" in labels
    helm = helm and "helm.sh/hook" not in s.annotations  # --wait-for-jobs does not wait for hooks
    if ttl < _SHORT_TTL or helm:
        who = (
            "helm --wait-for-jobs, which looks for the Job by name"
            if helm
            else "Argo CD, which may wait indefinitely for a hook that no longer exists"
            if _is_argo_hook(s)
            else "a log collector or anybody who looks into a failure"
        )
        yield s.hit(s.spec_at + ".ttlSecondsAfterFinished", ttl=duration(ttl), who=who)


def ttl_defeats_history(s: Subject) -> Iterator[Hit]:
    """Under a CronJob the TTL deletes what the history limits would keep."""
    ttl = s.spec.get("ttlSecondsAfterFinished")
    if s.kind != "CronJob" or not isinstance(ttl, int) or ttl < _SHORT_TTL:  # ttl_zero and ttl_short report those
        return
    from joblint.api.create.defaults import FAILED_JOBS_KEPT, SUCCESSFUL_JOBS_KEPT
    from joblint.controller.cron.rhythm import longest_period

    period = longest_period(s.cron)
    if period is None:
        return
    sent = as_dict(s.object.get("spec"))
    for name, limit in (
        ("failedJobsHistoryLimit", s.cron.get("failedJobsHistoryLimit", FAILED_JOBS_KEPT)),
        ("successfulJobsHistoryLimit", s.cron.get("successfulJobsHistoryLimit", SUCCESSFUL_JOBS_KEPT)),
    ):
        kept = limit * period
        if limit and (ttl < kept if name in sent else ttl < period):
            yield s.hit(
                s.spec_at + ".ttlSecondsAfterFinished",
                ttl=duration(ttl),
                name=name,
                limit=limit,
                kept=duration(kept),
                period=duration(period),
                severity="info" if ttl >= _LONG_ENOUGH or s.cron.get("suspend") is True else "",
            )
            return


def never_cleaned_up(s: Subject) -> Iterator[Hit]:
    """A standalone Job without a TTL that no CronJob, owner, Helm or Argo CD hook deletes."""
    if s.kind != "Job" or s.spec.get("ttlSecondsAfterFinished") is not None or s.metadata.get("ownerReferences"):
        return
    hooks = ("helm.sh/hook", "argocd.argoproj.io/hook", "helm.sh/hook-delete-policy", "argocd.argoproj.io/hook-delete-policy")
    from joblint.rules.checks.deploy.gitops import tool_of

    # What Git defines is created again as soon as a TTL has deleted it.
    if not any(h in s.annotations for h in hooks) and not tool_of(s)[0]:
        yield s.hit("spec.ttlSecondsAfterFinished", part="key")


def managed_by_other(s: Subject) -> Iterator[Hit]:
    """managedBy specifies another controller: the built-in one creates no Pod, writes no status (job_controller.go, syncJob)."""
    name = s.spec.get("managedBy")
    if name and name != "kubernetes.io/job-controller":
        yield s.hit(s.spec_at + ".managedBy", name=name)
