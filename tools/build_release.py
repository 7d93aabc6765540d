#!/usr/bin/env python3
"""Builds what a release consists of: wheel, sdist, joblint.pyz, the kubectl plugin, checksums, and two manifests.

    python tools/build_release.py [--to dist]

Needs pip, and the packages build and shiv. `joblint.pyz` holds all that joblint needs, for the Python and the system that it
is built on. The manifests for Homebrew and krew (packaging/) get the checksums, and the version of joblint/__init__.py.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEMPLATES = {"homebrew/joblint.rb": "joblint-{version}.tar.gz", "krew/jobs-explain.yaml": "kubectl-jobs-explain-{version}.tar.gz"}
"""The manifests by their place in packaging/, each with the file whose checksum it names."""


def version() -> str:
    """The version, from the one place where it stands."""
    sys.path.insert(0, str(ROOT))
    from joblint import __version__

    return __version__


def filled(template: str, number: str, digest: str) -> str:
    """A manifest with the version and the checksum of what it installs."""
    return template.replace("{{version}}", number).replace("{{sha256}}", digest)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _plugin(pyz: Path, to: Path) -> None:
    """The archive that krew installs: the plugin and the licence, with the same bytes for the same input."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=9) as archive:
        for file, name, mode in ((pyz, "kubectl-jobs_explain", 0o755), (ROOT / "LICENSE", "LICENSE", 0o644)):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = file.stat().st_size, mode
            archive.addfile(entry, io.BytesIO(file.read_bytes()))
    to.write_bytes(raw.getvalue())


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True)


def build(folder: Path) -> None:
    """Everything, into a folder, which is made anew."""
    number = version()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _run(sys.executable, "-m", "build", "--outdir", str(folder), ".")
    (wheel,) = folder.glob("joblint-*.whl")
    plugin = folder / "kubectl-jobs_explain"
    for entry, target in (("joblint.start:main", folder / "joblint.pyz"), ("joblint.start:plugin", plugin)):
        shebang = "/usr/bin/env python3"
        _run(
            sys.executable,
            "-m",
            "shiv",
            "-p",
            shebang,
            "-e",
            entry,
            "-o",
            str(target),
            "--compressed",
            "--reproducible",
            str(wheel),
        )
    _plugin(plugin, folder / f"kubectl-jobs-explain-{number}.tar.gz")
    plugin.unlink()
    for place, named in TEMPLATES.items():
        text = (ROOT / "packaging" / place).read_text("utf-8")
        digest = _digest(folder / named.format(version=number))
        (folder / Path(place).name).write_text(filled(text, number, digest), "utf-8")
    files = sorted(p for p in folder.iterdir() if p.is_file())
    (folder / "SHA256SUMS").write_text("".join([f"{_digest(p)}  {p.name}\n" for p in files]), "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=ROOT / "dist")
    build(parser.parse_args().to.resolve())
