"""Puts compiled schemas and rules, the files they are made of, and the manual page into the wheel; runs inside hatchling only.

An editable install needs none of it: there joblint.base.compiled makes the same beside the package when it is first used.
"""

from __future__ import annotations

import marshal
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_DATA = ("rules", "schemas")


class CompiledData(BuildHookInterface):  # type: ignore[type-arg]
    """The wheel's `joblint/_data/` (sources) and `joblint/_compiled/` (what joblint loads)."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files to what the wheel holds; `version` is hatchling's name of the kind of wheel."""
        if version == "editable":
            return
        self._made = tempfile.TemporaryDirectory(prefix="joblint-")
        root, target = Path(self.root), Path(self._made.name)
        _compile(root, target)
        include = build_data["force_include"]
        for file in sorted(target.iterdir()):
            include[str(file)] = f"joblint/_compiled/{file.name}"
        manual = target / "manual"
        manual.mkdir()
        page = runpy.run_path(str(root / "tools" / "build_man.py"))["page"]()
        (manual / "joblint.1").write_text(page, "utf-8")
        build_data["shared_data"][str(manual / "joblint.1")] = "share/man/man1/joblint.1"
        for folder in _DATA:
            for file in sorted((root / folder).rglob("*")):
                if file.is_file() and not file.name.startswith("."):
                    include[str(file)] = f"joblint/_data/{file.relative_to(root).as_posix()}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take the compiled files away again: the wheel holds them."""
        if version != "editable":
            self._made.cleanup()


def _compile(root: Path, target: Path) -> None:
    """Let joblint load everything that it loads compiled, and keep what it makes, marked as belonging to a wheel."""
    sys.path.insert(0, str(root))
    try:
        from joblint.api.go import internal
        from joblint.api.version import schema, versions
        from joblint.base import compiled
        from joblint.cli import pages
        from joblint.rules.catalogue import rule

        compiled.keep_in(str(target))
        for version in versions.VERSIONS:
            schema.load(version)
        internal.go_value({}, "JobSpec")
        rule.builtin()
        for command in pages.PAGES:
            pages.pages(command)
        (target / compiled.SOURCES).write_bytes(_number_of_sources(root))
        _compile_modules(root, target)
    finally:
        sys.path.remove(str(root))


def _compile_modules(root: Path, target: Path) -> None:
    """All modules compiled for the Python that builds the wheel, in the file that joblint.start reads.

    Which of them every check needs, two runs over an example tell: the first compiles, the second knows the order.
    """
    from joblint import start
    from joblint.base import bundle

    with tempfile.TemporaryDirectory(prefix="joblint-") as top:
        for folder in ("joblint", "examples", *_DATA):
            ignore = shutil.ignore_patterns("__pycache__", "_compiled", "*.so")
            shutil.copytree(root / folder, Path(top, folder), ignore=ignore)
        command = [sys.executable, "-c", "from joblint.start import main; main()", "check", "examples/pi.yaml"]
        dropped = ("JOBLINT_NO_BUNDLE", "JOBLINT_TRACEBACK", "PYTHONDONTWRITEBYTECODE")
        environment = {k: v for k, v in os.environ.items() if k not in dropped}
        for _ in range(2):
            subprocess.run(command, cwd=top, env={**environment, "PYTHONPATH": top}, check=True, stdout=subprocess.DEVNULL)
        known = start.Modules()
        known.open(str(Path(top, "joblint", "_compiled", start.FILE)))
        if not known.lead:
            raise RuntimeError(f"no check ran that tells which modules every check needs: {known.trouble}")
    found = {}
    for file in sorted((root / "joblint").rglob("*.py")):
        source = file.relative_to(root / "joblint")
        parts = ("joblint", *source.with_suffix("").parts)
        is_package = parts[-1] == "__init__"
        data = file.read_bytes()
        code = compile(data, str(Path("joblint", source)), "exec", dont_inherit=True, optimize=0)
        name = ".".join(parts[:-1] if is_package else parts)
        found[name] = (f"{os.sep}{source}", is_package, len(data), start.OF_WHEEL, marshal.dumps(code))
    (target / start.FILE).write_bytes(bundle.packed(start, found, known.lead))


def _number_of_sources(root: Path) -> bytes:
    """A number for all that results of the wheel depend on: what is kept under it is of use wherever it is installed."""
    from joblint.base.digest import digest

    parts = []
    for folder in ("joblint", *_DATA):
        for file in sorted((root / folder).rglob("*")):
            if file.is_file() and not {"__pycache__", "_compiled"} & set(file.parts):
                parts += [file.relative_to(root).as_posix().encode(), digest(file.read_bytes())]
    return digest(b"\0".join(parts))
