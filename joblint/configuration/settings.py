"""A project's settings: `.joblint.yaml`, held against `schemas/config.json`; knows no rules and no manifests."""

from __future__ import annotations

import os

from joblint.base.files import CONFIGURATION as NAME
from joblint.base.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class ConfigError(Exception):
    """A configuration that cannot be used; the text names file, line and column."""


@record
class Config:
    """The settings of a configuration file; what it leaves out has the default. `rules` are a team's own rule files or
    folders of them, as paths from the folder that joblint runs in."""

    file: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: str = "default"
    severity: str = "warning"
    fail_on: str = "error"
    kubernetes_version: str = ""
    rules: tuple[str, ...] = ()


def nearest(folder: str) -> str | None:
    """The configuration file that holds for a folder: there or in the nearest folder above, up to the root of the checkout."""
    while True:
        path = os.path.join(folder, NAME)
        if os.path.exists(path):
            return path
        above = os.path.dirname(folder)
        if above == folder or os.path.exists(os.path.join(folder, ".git")):
            return None
        folder = above


def load(path: str) -> Config:
    """The settings of a file. Raises ConfigError where it cannot be read or says something joblint does not know."""
    try:
        with open(path, "rb") as source:
            data = source.read()
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from None
    from joblint.source.documents import read

    documents = [d for d in read(data, path, templates=False) if d.value is not None or d.problems]
    if not documents:
        return Config(file=path)
    document = documents[0]
    for problem in document.problems:
        raise ConfigError(f"{path}:{problem.span.line}:{problem.span.column}: {problem.message}")
    value = document.value
    _validate(path, document, value)
    assert isinstance(value, dict)
    folder = os.path.dirname(path)
    listed = {k: tuple(value.get(k) or ()) for k in ("select", "ignore")}
    return Config(
        file=path,
        rules=tuple([os.path.join(folder, r) for r in value.get("rules") or ()]),
        kubernetes_version=str(value.get("kubernetes-version", "")),
        profile=value.get("profile", "default"),
        severity=value.get("severity", "warning"),
        fail_on=value.get("fail-on", "error"),
        **listed,
    )


def _validate(path: str, document: Any, value: object) -> None:
    from json import loads

    from jsonschema import Draft202012Validator

    from joblint.base import compiled

    errors = []
    for error in Draft202012Validator(loads(compiled.read("schemas/config.json"))).iter_errors(value):
        field = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in error.absolute_path).lstrip(".")
        span = document.span(field)
        errors.append(
            (span.line, span.column, f"{path}:{span.line}:{span.column}: {field or 'the configuration'}: {error.message}")
        )
    if errors:
        raise ConfigError("\n".join(text for _, _, text in sorted(errors)))
