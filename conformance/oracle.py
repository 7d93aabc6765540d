"""Builds the Go program beside this file and asks it; needs Go, unlike everything else in the project."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from conformance.taking.modules import go_environment
from joblint.api.version.versions import PREVIEWS

HERE = Path(__file__).parent


def versions() -> tuple[str, ...]:
    """The Kubernetes versions whose server code can be built, oldest first."""
    found = [p.name for p in (HERE / "versions").iterdir() if (p / "go.mod").is_file()]
    return tuple(sorted(found, key=lambda v: [int(n) for n in v.split(".")]))


def newest() -> str:
    """The newest version that is out: joblint reads YAML and applies as its kubectl does."""
    return next(v for v in reversed(versions()) if v not in PREVIEWS)


def build(version: str) -> Path:
    """The program for one version, built if a source is newer; raises CalledProcessError where Go says no."""
    module = HERE / "versions" / version / "go.mod"
    program = HERE / "bin" / f"oracle-{version}"
    sources = [*HERE.glob("*.go"), module]
    if not program.is_file() or program.stat().st_mtime < max(s.stat().st_mtime for s in sources):
        program.parent.mkdir(exist_ok=True)
        command = [
            "go",
            "build",
            "-buildvcs=false",
            f"-modfile={module.relative_to(HERE)}",
            "-o",
            str(program.relative_to(HERE)),
            ".",
        ]
        subprocess.run(command, cwd=HERE, check=True, env=go_environment(module))
    return program


def tables(version: str) -> dict[str, Any]:
    """What joblint keeps of a version in tables (tables.go): {"declared", "internal", "gates"}."""
    answer = subprocess.run([build(version), "-tables"], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def shapes(version: str) -> dict[str, dict[str, str]]:
    """The types of Job and CronJob in one version: {type: {field: type}}."""
    answer = subprocess.run([build(version), "-shape"], check=True, capture_output=True, text=True)
    found: dict[str, dict[str, str]] = json.loads(answer.stdout)
    return found


def ask(version: str, questions: Iterable[dict[str, str]], *options: str) -> Iterator[dict[str, Any]]:
    """The answers to questions ({"id", "yaml"} or {"id", "old", "new"}), in their order."""
    text = "".join(json.dumps(q) + "\n" for q in questions)
    done = subprocess.run([build(version), *options], input=text, check=True, capture_output=True, text=True)
    for line in done.stdout.split("\n"):
        if line:
            yield json.loads(line)
