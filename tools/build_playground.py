#!/usr/bin/env python3
"""Builds the playground: a folder of files that any web server can hand out, with joblint, Python and the editor inside.

    python tools/build_playground.py [--to site/try] [--wheel joblint.whl]

Needs npm and pip. Nothing that it takes from elsewhere is kept in the repository; what a browser loads comes from the one folder.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from base64 import b64encode
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "playground"
NEEDED = ("click", "pathspec", "ruamel.yaml", "tzdata")
"""What joblint imports besides its own modules where there is no parser for scripts: all in Python alone."""

PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
_LEFT_OUT = ("joblint/lsp/", "joblint/mcp/", "joblint/_data/schemas/output/", "bin/", "share/")
_DAY_ONE = (1980, 1, 1, 0, 0, 0)  # the same input gives the same zip


def _run(command: list[str], folder: Path = ROOT) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[:4])} …: {done.stdout}{done.stderr}")


def _pip(*words: str) -> None:
    _run([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *words])


def python(to: Path, wheel: Path | None, source: Path) -> None:
    """joblint and what it needs, as one zip."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if wheel is None:
            _pip("wheel", "--no-deps", "--wheel-dir", str(folder / "wheel"), str(ROOT))
            (wheel,) = (folder / "wheel").glob("joblint-*.whl")
        _pip("install", "--no-deps", "--no-compile", "--target", str(folder / "all"), str(wheel), *NEEDED)
        shutil.copy(source / "src" / "look.py", folder / "all")
        files = sorted(p for p in (folder / "all").rglob("*") if p.is_file())
        with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
            for file in files:
                inside = file.relative_to(folder / "all").as_posix()
                if inside.startswith(_LEFT_OUT) or ".dist-info/" in inside or inside.endswith((".so", ".pyc", ".pyi")):
                    continue
                packed.writestr(zipfile.ZipInfo(inside, _DAY_ONE), file.read_bytes(), zipfile.ZIP_DEFLATED)


def bundle(folder: Path, source: Path) -> None:
    """The page's own scripts and style, and Pyodide beside them."""
    modules = source / "node_modules"
    if not modules.is_dir():
        _run(["npm", "ci", "--no-audit", "--no-fund"], source)
    esbuild = str(modules / ".bin" / "esbuild")
    common = ["--bundle", "--format=esm", "--target=es2022", "--minify", "--loader:.yaml=text", "--legal-comments=linked"]
    for name, more in (("main", []), ("worker", ["--external:./pyodide/pyodide.mjs"])):
        _run([esbuild, f"src/{name}.ts", *common, *more, f"--outfile={folder / name}.js"], source)
    shutil.copy(source / "src" / "style.css", folder)
    (folder / "pyodide").mkdir(exist_ok=True)
    for name in PYODIDE:
        shutil.copy(modules / "pyodide" / name, folder / "pyodide")


def html(folder: Path, source: Path) -> None:
    """The page, whose policy knows the one script that the explanation holds."""
    from joblint.report.explain.page.script import SCRIPT

    digest = "sha256-" + b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode("ascii")
    page = (source / "src" / "index.html").read_text("utf-8").replace("{{script}}", digest)
    (folder / "index.html").write_text(page, "utf-8")


def offline(folder: Path, source: Path) -> None:
    """The script that keeps the files in the browser, under a version of their content."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "offline.js" and not p.name.endswith(".txt"))
    names = ["./", *[p.relative_to(folder).as_posix() for p in files if p.name != "index.html"]]
    version = hashlib.sha256(b"".join([hashlib.sha256(p.read_bytes()).digest() for p in files])).hexdigest()[:16]
    esbuild = str(source / "node_modules" / ".bin" / "esbuild")
    defined = [f"--define:FILES={json.dumps(names)}", f"--define:VERSION={json.dumps(version)}"]
    _run([esbuild, "src/offline.ts", "--target=es2022", "--minify", *defined, f"--outfile={folder / 'offline.js'}"], source)


def build(folder: Path, wheel: Path | None = None, source: Path = SOURCE) -> None:
    """The playground in a folder, which is made; what was there is replaced. npm's packages are put into the source."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    bundle(folder, source)
    python(folder / "joblint.zip", wheel, source)
    html(folder, source)
    offline(folder, source)
    held = "\n".join([p.read_text("utf-8") for p in (folder / "index.html", folder / "style.css")])
    foreign = re.findall(r"""(?:src|href)=["']?https?:|url\(\s*["']?https?:""", held)
    if foreign:
        sys.exit(f"the page asks somebody else: {foreign}")


def main() -> None:
    """Builds, and says how large it became."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=ROOT / "site" / "try")
    parser.add_argument("--wheel", type=Path)
    options = parser.parse_args()
    build(options.to, options.wheel)
    size = sum(p.stat().st_size for p in options.to.rglob("*") if p.is_file())
    print(f"{options.to}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
