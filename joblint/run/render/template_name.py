"""Which files may be templates of a chart, by their names; reads none."""

from __future__ import annotations

import os

_ENDINGS = (".yaml", ".yml")
_FOLDER = "templates"


def may_be_template(file: str) -> bool:
    """Return whether a file may be a template of a chart, by its name and the current directory."""
    return file.endswith(_ENDINGS) and (_FOLDER in file or not file.startswith("/") and _FOLDER in os.getcwd())
