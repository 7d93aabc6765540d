#!/usr/bin/env python3
"""Write schemas/kubernetes/<version>.json from the package kubernetes-validate; knows JSON Schema, nothing of joblint.

    build_schemas.py [VERSION …]        default: all supported versions

Each file is a JSON Schema (draft 2020-12) of Job and CronJob and of every type that they use, strict (no property beyond
those named), with the list keys and merge strategies that `kubectl apply` merges by, and without descriptions. The same
package gives the same bytes: one definition a line, keys sorted.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

PACKAGE = ("kubernetes-validate", "1.37.0")
VERSIONS = ("1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37")
ROOTS = ("io.k8s.api.batch.v1.Job", "io.k8s.api.batch.v1.CronJob")
TARGET = Path(__file__).resolve().parent.parent / "schemas" / "kubernetes"


def build(version: str) -> str:
    """The text of the schema file of one version, "1.36".

    Raises SystemExit where the pinned package is not the one installed.
    """
    import kubernetes_validate

    if installed(PACKAGE[0]) != PACKAGE[1]:
        raise SystemExit(f"{PACKAGE[0]} {installed(PACKAGE[0])} is installed; the schemas are built from {PACKAGE[1]}")
    folder = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema" / f"v{version}.0-local-strict"
    known = json.loads((folder / "_definitions.json").read_text(encoding="utf-8"))["$defs"]
    used = {name: _bare(known[name]) for name in sorted(_reachable(known))}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Job and CronJob of Kubernetes {version}",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in ROOTS],
    }
    lines = [f"{json.dumps(key)}:{_dump(value)}," for key, value in head.items()]
    definitions = ",\n".join(f"{json.dumps(name)}:{_dump(value)}" for name, value in used.items())
    return "{" + "\n".join(lines) + '\n"$defs":{\n' + definitions + "\n}}\n"


def _dump(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def _reachable(known: dict[str, Any]) -> set[str]:
    seen: set[str] = set()
    waiting = list(ROOTS)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(_references(known[name]))
    return seen


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                yield value.rpartition("/")[2]
            else:
                yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


def _bare(schema: Any) -> Any:
    """The schema without descriptions; a property that is called "description" stays."""
    if isinstance(schema, dict):
        return {k: _bare(v) for k, v in schema.items() if k != "description" or not isinstance(v, str)}
    if isinstance(schema, list):
        return [_bare(v) for v in schema]
    return schema


def main(versions: list[str]) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    for version in versions or VERSIONS:
        (TARGET / f"{version}.json").write_text(build(version), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
