"""No module imports, by whatever way, a module that imports it, be it late; what is imported for types alone does not count."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def _modules(package: str) -> dict[str, Path]:
    files = sorted((ROOT / package).rglob("*.py"))
    return {".".join(f.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): f for f in files}


def _imported(node: ast.AST, modules: dict[str, Path]) -> set[str]:
    """The modules that a module imports when it runs, at its top or in a function."""
    found: set[str] = set()
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.If) and isinstance(inner.test, ast.Name) and inner.test.id == "TYPE_CHECKING":
            for other in inner.orelse:
                found |= _imported(ast.Module([other], []), modules)
            continue
        if isinstance(inner, ast.Import):
            found |= {alias.name for alias in inner.names} & modules.keys()
        elif isinstance(inner, ast.ImportFrom) and inner.module and not inner.level:
            names = {f"{inner.module}.{alias.name}" for alias in inner.names}
            found |= (names & modules.keys()) or ({inner.module} & modules.keys())
        found |= _imported(inner, modules)
    return found


@pytest.mark.parametrize("package", ["joblint", "conformance"])
def test_no_circle(package: str) -> None:
    modules = _modules(package)
    graph = {name: _imported(ast.parse(file.read_text("utf-8")), modules) - {name} for name, file in modules.items()}
    assert len(graph) > 10
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle
