"""Whether a Flux Kustomization with `force: true` applies a file; reads the file, its directory and those above it.

Source: Flux kustomize-controller, docs/spec/v1/kustomizations.md (spec.force, spec.path).
"""

from __future__ import annotations

import os

from joblint.base.above import is_planted, upwards
from joblint.base.content import small

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ABOVE, _MOST = 3, 60
_GROUP = b"kustomize.toolkit.fluxcd.io"


def forced_by_flux(path: str) -> bool:
    """Return whether a Kustomization of Flux creates the objects of the file again if they cannot be changed.

    Never raises; for a file that is not on disk, the result is False.
    """
    if not path or path.startswith("<") or not os.path.isfile(path):
        return False
    path = os.path.abspath(path)
    if _forces(path, ""):
        return True
    for folder in upwards(os.path.dirname(path))[: _ABOVE + 1]:
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            return False
        files = [os.path.join(folder, name) for name in names if name.endswith((".yaml", ".yml"))]
        if any(file != path and not is_planted(file) and _forces(file, path) for file in files[:_MOST]):
            return True
    return False


def _forces(file: str, target: str) -> bool:
    """Whether a file has such a Kustomization; with a target, whether its path leads there."""
    try:
        data = small(file)
    except (OSError, ValueError):
        return False
    if _GROUP not in data or b"force: true" not in data:
        return False
    from joblint.source.documents import read

    return any(_is_forcing(d.value) and (not target or _leads(d.value, target)) for d in read(data, file, templates=False))


def _is_forcing(value: Any) -> bool:
    if not isinstance(value, dict) or value.get("kind") != "Kustomization":
        return False
    spec = value.get("spec")
    return isinstance(spec, dict) and spec.get("force") is True and str(value.get("apiVersion")).startswith(_GROUP.decode())


def _leads(value: Any, target: str) -> bool:
    path = value["spec"].get("path")
    inner = path.strip("./") if isinstance(path, str) else ""
    return not inner or f"/{inner}/" in target.replace(os.sep, "/")
