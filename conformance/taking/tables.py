"""The tables of Go types in schemas/, with one version more; knows their form, nothing of Kubernetes.

`go-types.json` is how Go declares each field, also of what is gone since; one that was declared in several ways has each of
them under its first version.
`internal-types.json` is what an error shows of a struct: its fields under each version in which they changed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from joblint.api.version.versions import VERSIONS

SCHEMAS = Path(__file__).resolve().parent.parent.parent / "schemas"


def write_tables(version: str, tables: dict[str, Any]) -> tuple[str, ...]:
    """Write both files with what a program told of a version (`oracle.tables`); returns the fields that changed their type."""
    declared, changed = with_declared(_read("go-types.json"), tables["declared"], version)
    _write("go-types.json", declared, sort=True)
    _write("internal-types.json", with_internal(_read("internal-types.json"), tables["internal"], version), sort=False)
    return changed


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return data


def _write(name: str, data: dict[str, Any], sort: bool) -> None:
    text = json.dumps(data, indent=1, sort_keys=sort, ensure_ascii=False) + "\n"
    (SCHEMAS / name).write_text(text, encoding="utf-8", newline="\n")


def with_declared(known: dict[str, dict[str, Any]], new: dict[str, dict[str, str]], version: str) -> tuple[Any, tuple[str, ...]]:
    """The declarations with a version's, and the fields that it declares otherwise than the version before."""
    minor = int(version[2:])
    made = {name: dict(fields) for name, fields in known.items()}
    changed = []
    for name, fields in new.items():
        own = made.setdefault(name, {})
        for field, text in fields.items():
            forms = own.get(field, text)
            forms = {VERSIONS[0]: forms} if isinstance(forms, str) else {v: form for v, form in forms.items() if v != version}
            before = [form for v, form in forms.items() if int(v[2:]) < minor]
            if before and before[-1] != text:
                changed.append(f"{name.rpartition('.')[2]}.{field}: {before[-1]} → {text}")
                forms[version] = text
            own[field] = next(iter(forms.values())) if len(forms) == 1 else forms
    return made, tuple(changed)


def with_internal(known: dict[str, dict[str, list[str]]], new: dict[str, list[str]], version: str) -> dict[str, Any]:
    """The structs with a version's form where it differs from that of the version before; forms stay in order of versions."""
    minor = int(version[2:])
    made = {}
    for name in sorted({*known, *new}):
        forms = {v: lines for v, lines in known.get(name, {}).items() if v != version}
        before = [v for v in forms if int(v[2:]) < minor]
        if name in new and (not before or forms[before[-1]] != new[name]):
            forms[version] = new[name]
        if forms:
            made[name] = dict(sorted(forms.items(), key=lambda form: int(form[0][2:])))
    return made
