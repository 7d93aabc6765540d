"""What to do if an apply is rejected: first the ways that keep the Job and its logs, then those that delete them.

Knows outcomes and manifests, no format. Source: Kubernetes 1.36.3, pkg/apis/batch/validation/validation.go, k8s.io/kubectl
pkg/cmd/replace (forceReplace deletes before it creates).
"""

from __future__ import annotations

from joblint.api.apply.update import IN_TANDEM
from joblint.api.validate.meta.object import IMMUTABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from joblint.api.verdict import ApiError
    from joblint.run.diff.state import State

_LONGEST = 63


def refused_update(
    kind: str, new: dict[str, Any], errors: tuple[ApiError, ...], as_new: tuple[ApiError, ...], state: State, namespace: str
) -> tuple[str, ...]:
    """Return what to do about a rejected update, most helpful first. `as_new`: the errors of NEW as a create, () if it is
    accepted."""
    found = [f"the live {kind} is not changed", *_why(kind, errors)]
    if kind == "Job" and any(error.detail == IMMUTABLE for error in errors):
        found += _another_job(new, as_new, state, namespace)
    return tuple(found)


def _why(kind: str, errors: Iterable[ApiError]) -> Iterable[str]:
    fields = {error.field for error in errors}
    for error in errors:
        if error.field == "spec.completions" and error.detail == IN_TANDEM:
            n = error.value
            yield (
                f"completions of an Indexed Job can only change together with parallelism: also set parallelism: {n}, which runs "
                f"up to {n} Pods at the same time, or create a new Job"
            )
            return
    if kind != "Job":
        return
    if any(field.startswith(("spec.template", "spec.selector")) for field in fields):
        yield (
            "a Job's template cannot be changed, so helm upgrade also fails: make the Job a hook, or include the image tag in "
            "the Job's name"
        )
    elif any(error.detail == IMMUTABLE for error in errors):
        named = dict.fromkeys([error.field.rpartition(".")[2] for error in errors if error.detail == IMMUTABLE])
        yield f"{' and '.join(named)} of a Job cannot be changed"


def _another_job(new: dict[str, Any], as_new: tuple[ApiError, ...], state: State, namespace: str) -> Iterable[str]:
    name = str(new["metadata"].get("name"))
    where = f" -n {namespace}" if namespace else ""
    if as_new:
        first = as_new[0]
        what = first.message if first.type == "Strict" or not first.field else f"{first.field}: {first.message}"
        yield (
            f"the API server also rejects NEW as a new Job ({what}): fix that first. "
            "Do not delete the Job before that: nothing would replace it"
        )
        return
    done = f"the Job is finished ({state.finished}); " if state.finished else ""
    both = "" if state.finished else "; if the old Job is still running, both run at the same time"
    yield f"{done}to run NEW and keep the old Job, its Pods and logs, change metadata.name, for example to {_next(name)}{both}"
    yield (
        f"or replace the old Job: kubectl replace --force deletes it, its Pods and logs, then runs NEW from the start. "
        f"Save the logs first: kubectl{where} logs job/{name} --all-pods --all-containers > {name}.log"
    )


def _next(name: str) -> str:
    """The next name: load → load-2, load-2 → load-3."""
    base, dash, number = name.rpartition("-")
    if dash and number.isascii() and number.isdigit() and len(number) < 6 and not number.startswith("0"):
        return f"{base}-{int(number) + 1}"
    return f"{name[: _LONGEST - 2].rstrip('-.')}-2"
