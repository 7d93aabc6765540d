"""Whether a kustomization lists a file among its resources; reads the file's directory and those above it."""

from __future__ import annotations

import os

from joblint.base.above import is_planted, upwards
from joblint.base.content import small
from joblint.source.unrendered.kustomize_patches import NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ABOVE = 3
"""Folders above the file's own that are looked into."""


def listed_in(path: str) -> str:
    """Return the path of the kustomization that lists the file (as joined from `path`), "" if there is none.

    Never raises; a file that is not on disk is not listed.
    """
    if not path or path.startswith("<") or not os.path.isfile(path):
        return ""
    path = os.path.abspath(path)
    for folder in upwards(os.path.dirname(path))[: _ABOVE + 1]:
        for name in NAMES:
            there = os.path.join(folder, name)
            if path != there and os.path.isfile(there) and not is_planted(there):
                return name if _lists(there, folder, path) else ""
    return ""


def _lists(kustomization: str, folder: str, path: str) -> bool:
    from joblint.source.documents import read

    try:
        documents = read(small(kustomization), kustomization, templates=False)
    except (OSError, ValueError):
        return False
    return any(_names(d.value, folder, path) for d in documents)


def _names(value: Any, folder: str, path: str) -> bool:
    if not isinstance(value, dict):
        return False
    for field in ("resources", "bases", "generators"):
        entries = value.get(field)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, str) and "\0" not in entry and "\n" not in entry:
                if os.path.normpath(os.path.join(folder, entry)) == path:
                    return True
    return False
