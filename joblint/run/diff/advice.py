"""What a person can do where an apply is refused: ways that keep what there is first, and what the others destroy.

Knows outcomes and manifests, no format. Source: Kubernetes 1.36.3, pkg/apis/batch/validation/validation.go,
k8s.io/kubectl pkg/cmd/replace (forceReplace deletes before it creates).
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
    """What to do about a refused update, most helpful first. `as_new` are the errors of NEW as a create: () if it is accepted."""
    found = list(_why(kind, errors))
    if kind == "Job" and any(error.detail == IMMUTABLE for error in errors):
        found += _another_job(new, as_new, state, namespace)
    found.append(f"the live {kind} stays as it is")
    return tuple(found)


def _why(kind: str, errors: Iterable[ApiError]) -> Iterable[str]:
    fields = {error.field for error in errors}
    for error in errors:
        if error.field == "spec.completions" and error.detail == IN_TANDEM:
            yield f"completions of an Indexed Job changes together with parallelism: set parallelism: {error.value}, too"
            return
    if kind != "Job":
        return
    if any(field.startswith(("spec.template", "spec.selector")) for field in fields):
        yield "a Job's template is immutable; helm upgrade fails here, too: use a hook, or a name with the image tag in it"
    elif any(error.detail == IMMUTABLE for error in errors):
        yield "this field of a Job is immutable"


def _another_job(new: dict[str, Any], as_new: tuple[ApiError, ...], state: State, namespace: str) -> Iterable[str]:
    name = str(new["metadata"].get("name"))
    where = f" -n {namespace}" if namespace else ""
    if as_new:
        first = as_new[0]
        what = f"{first.field}: {first.message}" if first.field else first.message
        yield (
            f"NEW is refused as a new Job, too ({what}): correct that first. "
            "Do not delete the Job before: nothing would take its place"
        )
        return
    done = f"the Job is finished ({state.finished}), and " if state.finished else ""
    yield f"{done}another name keeps it, its Pods and their logs, and runs the new one beside it: metadata.name: {_next(name)}"
    if not state.finished:
        yield "a Job that still runs goes on beside the new one"
    yield (
        f"kubectl replace --force deletes the Job, its Pods and logs first, and then runs the new one from the start. "
        f"Save the logs before: kubectl{where} logs job/{name} --all-pods --all-containers > {name}.log"
    )


def _next(name: str) -> str:
    """A name that follows: load → load-2, load-2 → load-3."""
    base, dash, number = name.rpartition("-")
    if dash and number.isascii() and number.isdigit() and len(number) < 6 and not number.startswith("0"):
        return f"{base}-{int(number) + 1}"
    return f"{name[: _LONGEST - 2].rstrip('-.')}-2"
