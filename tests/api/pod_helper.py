"""Pod templates for the tests of their validation, made the short way."""

from __future__ import annotations

from typing import Any

from joblint.api.judge import judge

_TEMPLATE = "spec.template.spec."


def errors(
    container: dict[str, Any] | None = None,
    *,
    init: dict[str, Any] | None = None,
    pod: dict[str, Any] | None = None,
    version: str = "1.36",
) -> list[str]:
    """What the server says of a Job whose Pod has these fields: "field: message", fields counted from the Pod's spec.

    `container` adds to its only container (named `w`), `init` makes an init container (named `setup`), `pod` adds to
    the spec, which says restartPolicy: OnFailure.
    """
    spec: dict[str, Any] = {"restartPolicy": "OnFailure", "containers": [{"name": "w", "image": "i", **(container or {})}]}
    if init is not None:
        spec["initContainers"] = [{"name": "setup", "image": "i", **init}]
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "j"},
        "spec": {"template": {"spec": {**spec, **(pod or {})}}},
    }
    verdict = judge(job, version)
    assert verdict is not None
    return [f"{error.field.removeprefix(_TEMPLATE)}: {error.message}" for error in verdict.errors]


def fields(*args: Any, **kwargs: Any) -> list[str]:
    """The fields of `errors`, without what is said of them."""
    return [error.split(": ")[0] for error in errors(*args, **kwargs)]
