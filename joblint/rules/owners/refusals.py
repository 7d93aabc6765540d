"""Why the owner of Jobs is rejected, or creates none: what JobSet, KEDA and Argo Workflows say of their objects; knows nothing
about rule.

Sources: JobSet 0.12 (config/components/crd, pkg/webhooks/jobset_webhook.go, ValidateCreate), KEDA 2.20
(apis/keda/v1alpha1/scaledjob_types.go, controllers/keda/scaledjob_controller.go), Argo Workflows 4.1
(workflow/validate/validate.go, workflow/executor/resource.go). What depends on a feature gate is left out.
"""

from __future__ import annotations

from joblint.base.record import Record, replace
from joblint.rules.owners.created import LONGEST_LABEL, name_of
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class Refusal(Record):
    """What is wrong with an owner: its field, what follows from it, in what words, and what to write in its place.
    `severity` is "warning" for what only newer versions reject."""

    field: str
    result: str
    says: str
    advice: str
    severity: str = ""


_UNKNOWN = 'strict decoding error: unknown field "{field}"'
_HOLES = ("{{", "${", "$(", "<%")
_FIRST = "DependsOn can't be set for the first ReplicatedJob"
_REASONS = ("BackoffLimitExceeded", "DeadlineExceeded", "FailedIndexes", "MaxFailedIndexesExceeded", "PodFailurePolicy")
_ACTIONS = ("FailJobSet", "RestartJobSet", "RestartJobSetAndIgnoreMaxRestarts", "RestartJob", "RestartJobAndIgnoreMaxRestarts")
_SINGLE, _MOST_SINGLE = ("RestartJob", "RestartJobAndIgnoreMaxRestarts"), 1024
_SERVER, _WEBHOOK = "The API server rejects this {kind}", "The webhook of JobSet rejects this {kind}"
_NEWER = "The API server rejects this {kind} with KEDA 2.20 and later"
_KEDA, _ARGO = "KEDA creates no Jobs for this {kind}", "Argo Workflows ends this step with an error"


def refusals(owner: dict[str, Any], at: str) -> tuple[Refusal, ...]:
    """Return what is wrong with an owner of Jobs. `at` is the path of the Job in it, of which a workflow may have many."""
    kind = owner.get("kind")
    if kind in ("JobSet", "ScaledJob"):
        from joblint.rules.owners.fields import misplaced_fields

        unknown = tuple([Refusal(f, _SERVER, _UNKNOWN.format(field=f), advice) for f, advice in misplaced_fields(owner)])
        if unknown:
            return unknown
    if kind == "JobSet":
        # The schema is checked before the webhook is called.
        return tuple(_schema_of_job_set(as_dict(owner.get("spec")))) or tuple(_webhook_of_job_set(owner))
    if kind == "ScaledJob":
        newer = [replace(r, result=_NEWER, severity="warning") for r in _newer_schema_of_scaled_job(as_dict(owner.get("spec")))]
        return (*_of_keda(owner), *newer)
    return tuple(_of_step(owner, at)) if kind != "Template" else ()


def _text(value: Any) -> str:
    return value if isinstance(value, str) and not any(hole in value for hole in _HOLES) else ""


def _one_of(value: Any, field: str, *allowed: str) -> Iterator[Refusal]:
    """The API server's complaint about a value that is not in an enumeration of a schema."""
    if _text(value) and value not in allowed:
        quoted = ", ".join([f'"{each}"' for each in sorted(allowed)])
        yield Refusal(field, _SERVER, f'{field}: Unsupported value: "{value}": supported values: {quoted}', " or ".join(allowed))


def _at_least(value: Any, field: str, least: int) -> Iterator[Refusal]:
    if isinstance(value, int) and not isinstance(value, bool) and value < least:
        says = f"{field}: Invalid value: {value}: {field} in body should be greater than or equal to {least}"
        yield Refusal(field, _SERVER, says, f"{field.rpartition('.')[2]}: {least} or more")


def _schema_of_job_set(spec: dict[str, Any]) -> Iterator[Refusal]:
    success, startup = as_dict(spec.get("successPolicy")), as_dict(spec.get("startupPolicy"))
    yield from _one_of(success.get("operator"), "spec.successPolicy.operator", "All", "Any")
    if success and "operator" not in success:
        yield Refusal("spec.successPolicy", _SERVER, "spec.successPolicy.operator: Required value", "operator: All, or Any")
    yield from _one_of(startup.get("startupPolicyOrder"), "spec.startupPolicy.startupPolicyOrder", "AnyOrder", "InOrder")
    failure = as_dict(spec.get("failurePolicy"))
    for i, rule in enumerate(as_list(failure.get("rules"))):
        yield from _one_of(as_dict(rule).get("action"), f"spec.failurePolicy.rules[{i}].action", *_ACTIONS)
    strategies = ("Recreate", "BlockingRecreate", "InPlaceRestart")
    yield from _one_of(failure.get("restartStrategy"), "spec.failurePolicy.restartStrategy", *strategies)
    yield from _at_least(spec.get("ttlSecondsAfterFinished"), "spec.ttlSecondsAfterFinished", 0)
    depends, names = False, set()
    for i, group in enumerate(as_list(spec.get("replicatedJobs"))):
        field, group = f"spec.replicatedJobs[{i}]", as_dict(group)
        name = _text(group.get("name"))
        if name and name in names:
            says = f'{field}: Duplicate value: {{"name":"{name}"}}'
            yield Refusal(f"{field}.name", _SERVER, says, "a unique name for each replicatedJob")
        names.add(name)
        for n, needed in enumerate(as_list(group.get("dependsOn"))):
            depends = True
            yield from _one_of(as_dict(needed).get("status"), f"{field}.dependsOn[{n}].status", "Ready", "Complete")
    if depends and startup.get("startupPolicyOrder") == "InOrder":
        says = "StartupPolicy and DependsOn APIs are mutually exclusive"
        yield Refusal("spec.startupPolicy.startupPolicyOrder", _SERVER, says, "dependsOn alone (startupPolicy is deprecated)")


def _webhook_of_job_set(owner: dict[str, Any]) -> Iterator[Refusal]:
    spec = as_dict(owner.get("spec"))
    groups = [as_dict(group) for group in as_list(spec.get("replicatedJobs"))]
    names = [str(group.get("name")) for group in groups]
    known = " or ".join(names)
    outer = name_of(owner)
    for i, group in enumerate(groups):
        field = f"spec.replicatedJobs[{i}]"
        for n, needed in enumerate(as_list(group.get("dependsOn"))):
            name = _text(as_dict(needed).get("name"))
            if i == 0:
                yield Refusal(
                    f"{field}.dependsOn", _WEBHOOK, "DependsOn can't be set for the first ReplicatedJob", "another order"
                )
                break
            if name and name not in names[: i + 1]:
                says = f"replicatedJob: {names[i]} cannot depend on replicatedJob: {name}"
                yield Refusal(f"{field}.dependsOn[{n}].name", _WEBHOOK, says, f"name: {' or '.join(names[:i])}")
    named = (n for i, g in enumerate(groups) if _text(outer) and _text(g.get("name")) for n in _names(g, outer, i))
    yield from list(named)[:1]  # the others have the same cause
    for i, name in enumerate(as_list(as_dict(spec.get("successPolicy")).get("targetReplicatedJobs"))):
        if _text(name) and name not in names:
            says = f"invalid replicatedJob name '{name}' does not appear in .spec.ReplicatedJobs"
            yield Refusal(f"spec.successPolicy.targetReplicatedJobs[{i}]", _WEBHOOK, says, f"the name {known}")
    rules = as_list(as_dict(spec.get("failurePolicy")).get("rules"))
    yield from _single_restarts(rules, groups)
    yield from _failure_rules(rules, names)
    yield from _coordinator(spec.get("coordinator"), groups)


def _names(group: dict[str, Any], outer: str, number: int) -> Iterator[Refusal]:
    """The names of the last Job of a replicatedJob, and of its last Pod."""
    from joblint.api.validate.meta.names import is_dns1035_label

    field = f"spec.replicatedJobs[{number}].name"
    replicas, spec = group.get("replicas", 1), as_dict(as_dict(group.get("template")).get("spec"))
    if not isinstance(replicas, int) or isinstance(replicas, bool) or replicas < 1:
        return
    job = f"{outer}-{group['name']}-{replicas - 1}"
    for says in is_dns1035_label(job):
        if says.startswith("must be no more"):
            says = "JobSet name is too long, job names generated for this JobSet will exceed 63 characters"
        yield Refusal(
            field,
            _WEBHOOK,
            f'{field}: Invalid value: "{job}": {says}',
            "shorter names, with only lowercase letters, digits and dashes",
        )
        return
    completions = spec.get("completions")
    if isinstance(completions, int) and completions > 0 and spec.get("completionMode") in (None, "Indexed"):
        if len(f"{job}-{completions - 1}-abcde") > 63:
            says = "JobSet name is too long, pod names generated for this JobSet will exceed 63 characters"
            yield Refusal(field, _WEBHOOK, f'{field}: Invalid value: "{job}": {says}', "shorter names")


def _single_restarts(rules: list[Any], groups: list[dict[str, Any]]) -> Iterator[Refusal]:
    """The actions that restart one Job alone: a feature gate that is off by default allows them, for so many Jobs. Source: JobSet
    0.12 pkg/webhooks (jobset_webhook.go, validateFailurePolicy), pkg/features."""
    for i, each in enumerate(rules):
        if as_dict(each).get("action") in _SINGLE:
            yield Refusal(
                f"spec.failurePolicy.rules[{i}].action",
                _WEBHOOK,
                "RestartJob and RestartJobAndIgnoreMaxRestarts failure policy actions are not allowed when RestartJob feature "
                "gate is disabled",
                "action: RestartJobSet, or JobSet 0.12 with --feature-gates=RestartJob=true (alpha, off by default)",
                "warning",
            )
            break
    else:
        return
    for i, group in enumerate(groups):
        replicas = group.get("replicas", 1)
        if isinstance(replicas, int) and not isinstance(replicas, bool) and replicas > _MOST_SINGLE:
            says = "JobSet cannot have a failure policy rule with RestartJob or RestartJobAndIgnoreMaxRestarts action and a "
            says += f"replicated job with replicas > {_MOST_SINGLE}"
            field = f"spec.replicatedJobs[{i}].replicas"
            yield Refusal(field, _WEBHOOK, says, f"replicas: {_MOST_SINGLE} or less, or action: RestartJobSet")
            break


def _failure_rules(rules: list[Any], names: list[str]) -> Iterator[Refusal]:
    from joblint.rules.owners.rule_names import is_rule_name

    seen: dict[str, int] = {}
    for i, each in enumerate(rules):
        rule, field = as_dict(each), f"spec.failurePolicy.rules[{i}]"
        name = _text(rule.get("name"))
        if name and name in seen:
            says = f"rule names are not unique, rules with indices [{seen[name]} {i}] all have the same name '{name}'"
            yield Refusal(f"{field}.name", _WEBHOOK, says, "a unique name for each rule, or no names")
        elif name and not is_rule_name(name):
            says = (
                f"invalid failure policy rule name '{name}', a failure policy rule name must start with an alphabetic character, "
                "optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric "
                "character or '_'"
            )
            yield Refusal(f"{field}.name", _WEBHOOK, says, "a name of letters, digits and _")
        seen.setdefault(name, i)
        for n, of in enumerate(as_list(rule.get("targetReplicatedJobs"))):
            if _text(of) and of not in names:
                says = f"invalid replicatedJob name '{of}' in failure policy does not appear in .spec.ReplicatedJobs"
                yield Refusal(f"{field}.targetReplicatedJobs[{n}]", _WEBHOOK, says, f"the name {' or '.join(names)}")
        for n, reason in enumerate(as_list(rule.get("onJobFailureReasons"))):
            if _text(reason) and reason not in _REASONS:
                says = f"invalid job failure reason '{reason}' in failure policy is not a recognized job failure reason"
                yield Refusal(f"{field}.onJobFailureReasons[{n}]", _WEBHOOK, says, ", ".join(_REASONS))


def _coordinator(coordinator: Any, groups: list[dict[str, Any]]) -> Iterator[Refusal]:
    if not isinstance(coordinator, dict) or not _text(coordinator.get("replicatedJob")):
        return
    name, field = coordinator["replicatedJob"], "spec.coordinator"
    group = next((group for group in groups if group.get("name") == name), None)
    if group is None:
        says, known = f"coordinator replicatedJob {name} does not exist", " or ".join([str(g.get("name")) for g in groups])
        yield Refusal(f"{field}.replicatedJob", _WEBHOOK, says, f"replicatedJob: {known}")
        return
    job, pod, replicas = coordinator.get("jobIndex", 0), coordinator.get("podIndex", 0), group.get("replicas", 1)
    if isinstance(job, int) and isinstance(replicas, int) and not 0 <= job < replicas:
        says = f"coordinator job index {job} is invalid for replicatedJob {name}"
        yield Refusal(f"{field}.jobIndex", _WEBHOOK, says, f"jobIndex: 0 to {replicas - 1}")
        return
    spec = as_dict(as_dict(group.get("template")).get("spec"))
    if spec.get("completionMode") not in (None, "Indexed") or spec.get("completions") is None:
        says = "job for coordinator pod must be indexed completion mode, and completions number must be set"
        yield Refusal(field, _WEBHOOK, says, f"completions in the template of {name}")
    elif isinstance(pod, int) and isinstance(spec["completions"], int) and not 0 <= pod < spec["completions"]:
        says = f"coordinator pod index {pod} is invalid for replicatedJob {name} job index {job}"
        yield Refusal(f"{field}.podIndex", _WEBHOOK, says, f"podIndex: 0 to {spec['completions'] - 1}")


def _of_keda(owner: dict[str, Any]) -> Iterator[Refusal]:
    name, spec = name_of(owner), as_dict(owner.get("spec"))
    if "triggers" not in spec:
        yield Refusal("spec", _SERVER, "spec.triggers: Required value", "triggers, at least one")
    if _text(name) and len(name) > LONGEST_LABEL:
        says = f'metadata.labels: Invalid value: "{name}": must be no more than 63 bytes'
        yield Refusal("metadata.name", _KEDA, says, "a name of at most 63 characters, which KEDA copies into labels of the Jobs")
    for i, trigger in enumerate(as_list(spec.get("triggers"))):
        if _text(as_dict(trigger).get("metricType")):
            says = "metricType is set in one of the ScaledJob scaler"
            yield Refusal(f"spec.triggers[{i}].metricType", _KEDA, says, "metricType only in a ScaledObject")


def _newer_schema_of_scaled_job(spec: dict[str, Any]) -> Iterator[Refusal]:
    """What the schema of KEDA 2.20 rejects; older versions take any text there, and use the default for an unknown one."""
    for field, least in (("pollingInterval", 1), ("maxReplicaCount", 1), ("minReplicaCount", 0)):
        yield from _at_least(spec.get(field), f"spec.{field}", least)
    for field in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        yield from _at_least(spec.get(field), f"spec.{field}", 0)
    yield from _one_of(as_dict(spec.get("rollout")).get("strategy"), "spec.rollout.strategy", "gradual", "immediate")
    yield from _one_of(spec.get("rolloutStrategy"), "spec.rolloutStrategy", "gradual", "immediate")
    scaling = as_dict(spec.get("scalingStrategy"))
    yield from _one_of(scaling.get("strategy"), "spec.scalingStrategy.strategy", "default", "custom", "accurate", "eager")
    calculation = scaling.get("multipleScalersCalculation")
    yield from _one_of(calculation, "spec.scalingStrategy.multipleScalersCalculation", "min", "avg", "sum", "max")


def _of_step(owner: dict[str, Any], at: str) -> Iterator[Refusal]:
    from joblint.api.validate.meta.selectors import selector_error
    from joblint.source.places.paths import steps, value_at

    above = at.rpartition(".")[0]
    resource = as_dict(value_at(owner, steps(above)))
    for field, said in (("successCondition", "success"), ("failureCondition", "fail")):
        condition = _text(resource.get(field))
        error = selector_error(condition) if condition else ""
        if error:
            says = f"{said} condition '{condition}' failed to parse: {error}"
            advice = "a label selector: status.succeeded > 0, with commas between several requirements"
            yield Refusal(f"{above}.{field}", _ARGO, says, advice)
