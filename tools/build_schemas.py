#!/usr/bin/env python3
"""Write schemas/kubernetes/<version>.json from the OpenAPI description of a Kubernetes release; knows JSON Schema only.

    build_schemas.py [VERSION …]        default: all versions that joblint knows

Each file is a JSON Schema (draft 2020-12) of Job and CronJob and of every type that they use, strict (no property beyond
those named), with the list keys and merge strategies that `kubectl apply` merges by, and without descriptions. The same
release gives the same bytes: one definition a line, keys sorted. The descriptions come with the Go module of Kubernetes,
so this needs Go and its module cache or proxy.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "schemas" / "kubernetes"
ROOTS = ("io.k8s.api.batch.v1.Job", "io.k8s.api.batch.v1.CronJob")
# Types of more than one form, which OpenAPI calls strings.
_FORMS = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": ("string", "number"),
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": ("string", "integer"),
}


def module(release: str) -> Path:
    """The folder of a release of Kubernetes ("v1.37.2") in Go's module cache, downloaded if it is not there.

    Raises CalledProcessError where Go says no.
    """
    command = ["go", "mod", "download", "-json", f"k8s.io/kubernetes@{release}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Path(json.loads(done.stdout)["Dir"])


def definitions(folder: Path) -> dict[str, Any]:
    """The strict definitions of a release's types, by name, from the OpenAPI description in its folder."""
    text = (folder / "api" / "openapi-spec" / "swagger.json").read_text(encoding="utf-8")
    return {name: _definition(name, body) for name, body in json.loads(text)["definitions"].items()}


def _definition(name: str, body: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = _strict(body)
    if name in _FORMS:
        del made["type"]
        made.pop("format", None)
        made["oneOf"] = [{"type": [form, "null"]} for form in _FORMS[name]]
    kinds = body.get("x-kubernetes-group-version-kind", ())
    if len(kinds) == 1 and "properties" in made:
        group, version = kinds[0]["group"], kinds[0]["version"]
        of = {"apiVersion": f"{group}/{version}" if group else version, "kind": kinds[0]["kind"]}
        for key, value in of.items():
            if key in made["properties"]:
                made["properties"][key]["enum"] = [value]
    return made


def _strict(body: dict[str, Any], required: bool = False) -> dict[str, Any]:
    """One schema of OpenAPI as JSON Schema: what is not required may be null."""
    made: dict[str, Any] = {}
    for key, value in body.items():
        if key == "$ref":
            made[key] = value.replace("#/definitions/", "#/$defs/")
        elif key == "properties":
            made[key] = {name: _strict(part, name in body.get("required", ())) for name, part in value.items()}
            made["additionalProperties"] = False
        elif key in ("items", "additionalProperties"):
            made[key] = _strict(value)
        elif key == "type":
            made[key] = value if required else [value, "null"]
        elif key != "description":
            made[key] = value
    return made


def text(version: str, known: dict[str, Any]) -> str:
    """The text of the schema file of a version ("1.37") of which all definitions are known."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Job and CronJob of Kubernetes {version}",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in ROOTS],
    }
    lines = [f"{json.dumps(key)}:{_dump(value)}," for key, value in head.items()]
    used = ",\n".join(f"{json.dumps(name)}:{_dump(known[name])}" for name in sorted(_reachable(known)))
    return "{" + "\n".join(lines) + '\n"$defs":{\n' + used + "\n}}\n"


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


def write(version: str, release: str) -> None:
    """Write the schema file of a version from a release of it."""
    TARGET.mkdir(parents=True, exist_ok=True)
    made = text(version, definitions(module(release)))
    (TARGET / f"{version}.json").write_text(made, encoding="utf-8", newline="\n")


def main(names: list[str]) -> None:
    sys.path.insert(0, str(ROOT))
    from joblint.api.version.versions import RELEASES

    for version in names or RELEASES:
        write(version, RELEASES[version])


if __name__ == "__main__":
    main(sys.argv[1:])
