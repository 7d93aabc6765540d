"""A CronJob that the API server accepts although it will reject the Jobs."""

from __future__ import annotations

from joblint.api.shared_names import GENERATED_LABELS
from joblint.base.today import today
from joblint.rules.subject import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def job_template_rejected(s: Subject) -> Iterator[Hit]:
    """The CronJob is accepted, the Jobs that it creates are rejected: what only a Job's own validation checks."""
    if s.kind != "CronJob" or not s.verdict.accepted:
        return
    template = as_dict(as_dict(s.object.get("spec")).get("jobTemplate"))
    meta = as_dict(template.get("metadata"))
    labels = as_dict(as_dict(as_dict(s.sent_spec.get("template")).get("metadata")).get("labels"))
    if not (
        s.spec.get("completionMode") == "Indexed"
        or any(key in labels for key in GENERATED_LABELS)
        or _odd(as_dict(meta.get("labels")))
        or any(_odd_name(str(key)) for key in as_dict(meta.get("annotations")))
    ):
        return
    from joblint.api.judge import judge

    own: dict[str, Any] = {k: meta[k] for k in ("labels", "annotations") if k in meta}
    name = f"{s.metadata.get('name')}-{today() // 60}"
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name, **own}, "spec": s.sent_spec}
    verdict = judge(job, s.version)
    if verdict is None or verdict.accepted or not verdict.errors:
        return
    error = verdict.errors[0]
    field = f"spec.jobTemplate.{error.field}" if error.field and error.field != "metadata.name" else "metadata.name"
    message = error.detail if isinstance(error.value, dict) else error.message  # without the labels that are printed before it
    yield s.hit(field, error=f"{error.field}: {message}")


def _odd(labels: dict[str, object]) -> bool:
    return any(_odd_name(str(k)) or _odd_name(str(v), True) for k, v in labels.items())


def _odd_name(text: str, value: bool = False) -> bool:
    plain = text.replace("-", "").replace(".", "").replace("_", "").replace("/", "", 0 if value else 1)
    return (
        len(text) > 63
        or not (plain.isalnum() and plain.isascii() or (value and not text))
        or not text[-1:].isalnum()
        and bool(text)
    )
