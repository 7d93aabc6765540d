"""The table of feature gates, held against a server's own defaults; knows the form of joblint/api/version/gates.py."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from joblint.api.version.gates import DEFAULT_ON, NEVER

TABLE = Path(__file__).resolve().parent.parent.parent / "joblint" / "api" / "version" / "gates.py"


def server_says(specs: list[dict[str, Any]], minor: int) -> bool:
    """Whether a gate is on by default in 1.minor, by its specifications."""
    known = sorted((int(spec["version"].split(".")[1]), bool(spec["on"])) for spec in specs)
    return next((on for since, on in reversed(known) if since <= minor), False)


def corrections(gates: dict[str, list[dict[str, Any]]], version: str) -> dict[str, tuple[int, int]]:
    """The rows that a server of this version has otherwise: {gate: the row as it should be}."""
    minor = int(version[2:])
    found = {}
    for name, (first, gone) in DEFAULT_ON.items():
        if name not in gates:
            continue  # not there yet, or locked and taken out
        on = server_says(gates[name], minor)
        if on != (first <= minor < gone):
            found[name] = (minor, NEVER) if on else (first, minor)
    return found


def rewritten(text: str, rows: dict[str, tuple[int, int]]) -> str:
    """The source of the table with other rows."""
    for name, row in rows.items():
        shown = ", ".join("NEVER" if n == NEVER else str(n) for n in row)
        text, times = re.subn(rf'(\n    "{name}": )\([^)]*\)', rf"\1({shown})", text)
        if times != 1:
            raise ValueError(f"no row for {name} in {TABLE.name}")
    return text


def write_gates(gates: dict[str, list[dict[str, Any]]], version: str) -> tuple[str, ...]:
    """Correct the table; returns what changed, in words."""
    rows = corrections(gates, version)
    if rows:
        text = rewritten(TABLE.read_text(encoding="utf-8"), rows)
        TABLE.write_text(text, encoding="utf-8", newline="\n")
    minor = int(version[2:])
    return tuple(f"{name} is {'on' if row[0] == minor else 'off'} by default now" for name, row in rows.items())
