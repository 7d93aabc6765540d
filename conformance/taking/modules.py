"""The Go module file of a version: the one before it with the tags of another release; knows Go's files, nothing of joblint."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

VERSIONS = Path(__file__).resolve().parent.parent / "versions"


def write_module(version: str, release: str, toolchain: str, replaced: tuple[str, ...]) -> tuple[str, ...]:
    """Write versions/<version>/go.mod and go.sum for a release; returns what Go could not find for other programs here.

    `toolchain` ("go1.27.3") is asked for where the release needs a newer Go than there is. `replaced` are modules of which
    another version is taken, "sigs.k8s.io/yaml=v1.6.0". Raises CalledProcessError where Go says no.
    """
    target = VERSIONS / version / "go.mod"
    base = target if target.is_file() else _before(version)
    text = retagged(base.read_text(encoding="utf-8"), release, toolchain, replaced)
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="\n")
    # Programs beside the oracle may miss a package, tests of packages their modules: -e goes on.
    command = ["go", "mod", "tidy", "-e", f"-modfile={target.relative_to(VERSIONS.parent)}"]
    done = subprocess.run(command, cwd=VERSIONS.parent, check=True, text=True, stderr=subprocess.PIPE, env=go_environment(target))
    told = [line for line in done.stderr.splitlines() if not line.startswith("go: downloading")]
    return tuple(line.strip() for line in told if line.strip())


def _before(version: str) -> Path:
    minor = int(version[2:])
    older = [p for p in VERSIONS.iterdir() if (p / "go.mod").is_file() and int(p.name[2:]) < minor]
    return max(older, key=lambda p: int(p.name[2:])) / "go.mod"


def retagged(text: str, release: str, toolchain: str = "", replaced: tuple[str, ...] = ()) -> str:
    """A go.mod with the tags of another release: k8s.io/kubernetes v1.N.P, and the staging modules v0.N.P."""
    found = re.search(r"k8s\.io/kubernetes (v1\.\S+)", text)
    if found is None:
        raise ValueError("the go.mod names no k8s.io/kubernetes")
    old = found[1]
    text = text.replace(f" {old}\n", f" {release}\n").replace(f" v0{old[2:]}", f" v0{release[2:]}")
    text = re.sub(r"\n\ntoolchain .*\n", "\n", text)
    if toolchain:
        text = re.sub(r"\n(go \S+)\n", rf"\n\1\n\ntoolchain {toolchain}\n", text, count=1)
    text = re.sub(r"\nreplace \S+ => \S+ v\S+\n", "\n", text).rstrip("\n") + "\n"
    for module, _, other in (one.partition("=") for one in replaced):
        text += f"\nreplace {module} => {module} {other}\n"
    return text


def go_environment(module: Path) -> dict[str, str]:
    """The environment for Go to work on a module in: with the toolchain that its go.mod names, where it needs a newer one."""
    for line in module.read_text(encoding="utf-8").splitlines():
        if line.startswith("toolchain "):
            return {**os.environ, "GOTOOLCHAIN": line.split()[1]}
    return dict(os.environ)
