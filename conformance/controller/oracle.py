"""Builds the Job controller of one Kubernetes version together with the player beside this file, and asks it; needs Go."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MODULES = HERE.parent / "versions"
PACKAGE = "pkg/controller/job"


def build(version: str) -> Path:
    """The program for one version, built if a source is newer; raises CalledProcessError where Go says no."""
    place = HERE.parent / "bin" / f"controller-{version}"
    program = place / "controller"
    module = MODULES / version / "go.mod"
    sources = [*HERE.glob("*.go"), module]
    if program.is_file() and program.stat().st_mtime >= max(s.stat().st_mtime for s in sources):
        return program
    (place / "job").mkdir(parents=True, exist_ok=True)
    for name in ("go.mod", "go.sum"):
        shutil.copy(MODULES / version / name, place / name)
    answer = subprocess.run(
        ["go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/kubernetes"], cwd=place, check=True, capture_output=True, text=True
    )
    for source in (Path(answer.stdout.strip()) / PACKAGE).glob("*.go"):
        if not source.name.endswith("_test.go"):
            (place / "job" / source.name).write_bytes(source.read_bytes())
    for source in HERE.glob("*.go"):
        shutil.copy(source, place / ("" if source.name == "main.go" else "job") / source.name)
    older = [int(n) for n in version.split(".")] < [1, 36]
    tags = "played,before_1_36" if older else "played"
    subprocess.run(["go", "build", "-buildvcs=false", "-tags", tags, "-o", program.name, "."], cwd=place, check=True)
    return program


def ask(version: str, cases: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the controller made of each case, in their order."""
    text = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run([build(version)], input=text, check=True, capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.split("\n") if line]
