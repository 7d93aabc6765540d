"""Pod templates with the API server's recorded errors and warnings, and how joblint judges a template; knows tests/data/pod.

A line of a file there is {"name", "template", "errors": [[type, field below spec.template, message]], "warnings"}; the
template is completed by one container and restartPolicy Never where it says nothing of them. "unordered" marks errors
whose order differs from run to run in the server, which walks Go's maps.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from joblint.api.judge import judge
from joblint.api.verdict import Verdict

DATA = Path(__file__).parent.parent / "data" / "pod"


def recorded(file: str) -> list[Any]:
    """The cases of one file as parameters of a test."""
    lines = (DATA / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
    return [pytest.param(case, id=case["name"]) for case in map(json.loads, lines)]


def judged(template: dict[str, Any], version: str = "1.36") -> Verdict:
    """The verdict on a Job with this template."""
    spec = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}], **template.get("spec", {})}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": {"template": {**template, "spec": spec}}}
    verdict = judge(job, version)
    assert verdict is not None
    return verdict


def errors_of(template: dict[str, Any], version: str = "1.36") -> list[list[str]]:
    """The errors as the files hold them."""
    return [[e.type, e.field.removeprefix("spec.template."), e.message] for e in judged(template, version).errors]


def messages_of(spec: dict[str, Any], version: str = "1.36") -> list[str]:
    """`field: message` of each error of a Pod spec, the fields counted from the spec."""
    return [f"{field.removeprefix('spec.')}: {message}" for _, field, message in errors_of({"spec": spec}, version)]


def warnings_of(template: dict[str, Any], version: str = "1.36") -> list[str]:
    """The warnings, sorted, as the files hold them."""
    return sorted(text.replace("spec.template.", "") for text in judged(template, version).warnings)


def check(case: dict[str, Any]) -> None:
    """joblint says what the server said."""
    found, wanted = errors_of(case["template"]), case.get("errors", [])
    assert (sorted(found) if case.get("unordered") else found) == wanted
    assert warnings_of(case["template"]) == sorted(case.get("warnings", []))
