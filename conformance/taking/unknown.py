"""What a person has to look at in a new version: gates, fields and changed source files that joblint's tables do not hold."""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path
from typing import Any

from conformance.taking.tables import SCHEMAS
from joblint.api.version.gates import DEFAULT_ON

# The code behind a create or an update of a Job or CronJob, in k8s.io/kubernetes.
_FOLDERS = (
    "pkg/api/job",
    "pkg/api/pod",
    "pkg/apis/batch/v1",
    "pkg/apis/batch/validation",
    "pkg/apis/core/helper",
    "pkg/apis/core/pods",
    "pkg/apis/core/v1",
    "pkg/apis/core/validation",
    "pkg/registry/batch/cronjob",
    "pkg/registry/batch/job",
    "pkg/controller/cronjob",
    "pkg/controller/job",
)
_GENERATED = ("zz_generated.deepcopy.go", "zz_generated.conversion.go")


def _sources(folder: Path) -> dict[str, Path]:
    return {
        f"{part}/{p.name}": p
        for part in _FOLDERS
        for p in (folder / part).glob("*.go")
        if not p.name.endswith("_test.go") and p.name not in _GENERATED
    }


def unknown_gates(folder: Path, before: Path) -> tuple[str, ...]:
    """Gates that the code asks for in a new place, and that the table does not hold."""
    asked, asked_before = (_asked(f) for f in (folder, before))
    return tuple(
        sorted(f"{gate} ({', '.join(asked[gate])})" for gate in asked if gate not in asked_before and gate not in DEFAULT_ON)
    )


def _asked(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, path in _sources(folder).items():
        for gate in dict.fromkeys(re.findall(r"\bfeatures\.([A-Z]\w+)", path.read_text(encoding="utf-8"))):
            found.setdefault(gate, []).append(name)
    return found


def new_fields(version: str, before: str) -> tuple[str, ...]:
    """Fields that a version's schema has and the one before has not, and those that it lacks, marked with a minus."""
    new, old = (
        _fields(json.loads((SCHEMAS / "kubernetes" / f"{v}.json").read_text(encoding="utf-8"))) for v in (version, before)
    )
    return tuple(sorted(new - old)) + tuple(f"-{field}" for field in sorted(old - new))


def _fields(schema: dict[str, Any]) -> set[str]:
    return {
        f"{name.rpartition('.')[2]}.{field}" for name, body in schema["$defs"].items() for field in body.get("properties", ())
    }


def changed_sources(folder: Path, before: Path) -> tuple[str, ...]:
    """The source files that differ between two releases, with how many lines: where the order and texts of errors come from."""
    new, old = _sources(folder), _sources(before)
    told = []
    for name in sorted({*new, *old}):
        texts = [files[name].read_text(encoding="utf-8").splitlines() if name in files else [] for files in (old, new)]
        lines = [
            line for line in difflib.unified_diff(*texts, lineterm="", n=0) if line[:1] in "+-" and line[:3] not in ("+++", "---")
        ]
        if lines:
            told.append(f"{name}: {len(lines)} lines")
    return tuple(told)
