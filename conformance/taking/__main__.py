"""Takes in a Kubernetes version: `python -m conformance.taking 1.38 v1.38.0-beta.0`; needs Go.

    python -m conformance.taking VERSION RELEASE [--toolchain go1.27.3] [--replace MODULE=VERSION …] [--manifests 3000]

Writes the Go module file, the schema, the tables of types and gates, and the row in joblint/api/version/versions.py, then
holds joblint against the server and lists what is left for a person. The same command takes a later release of the same
version, such as the final one after a beta. Exit status 1 where joblint and the server disagree.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from conformance import oracle
from conformance.taking.gates import write_gates
from conformance.taking.modules import VERSIONS, go_environment, write_module
from conformance.taking.tables import SCHEMAS, write_tables
from conformance.taking.unknown import changed_sources, new_fields, unknown_gates

ROOT = VERSIONS.parent.parent
ROWS = ROOT / "joblint" / "api" / "version" / "versions.py"


def with_release(text: str, version: str, release: str) -> str:
    """The source of versions.py with the row of a version, new or changed."""
    row = f'    "{version}": "{release}",\n'
    changed, times = re.subn(rf'    "{re.escape(version)}": "[^"]*",\n', row, text, count=1)
    return changed if times else re.sub(r"(RELEASES = \{\n(?:    .*\n)*)(\})", rf"\1{row}\2", text, count=1)


def _tell(head: str, lines: Iterable[str]) -> None:
    listed = list(lines)
    sys.stdout.write(f"\n{head}: {'none' if not listed else ''}\n" + "".join(f"  {line}\n" for line in listed))
    sys.stdout.flush()


def _folder(version: str) -> Path:
    """Where Go keeps the source of a version's release."""
    module = VERSIONS / version / "go.mod"
    command = ["go", "list", "-m", "-f", "{{.Dir}}", f"-modfile={module.relative_to(VERSIONS.parent)}", "k8s.io/kubernetes"]
    done = subprocess.run(command, cwd=VERSIONS.parent, check=True, capture_output=True, text=True, env=go_environment(module))
    return Path(done.stdout.strip())


def main() -> int:
    """Run from the command line; see the head of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("version", help="such as 1.38")
    parser.add_argument("release", help="a tag of Kubernetes, such as v1.38.0")
    parser.add_argument("--toolchain", default="", help="the Go to use where the release needs a newer one, such as go1.27.3")
    parser.add_argument(
        "--replace", nargs="*", default=[], metavar="MODULE=VERSION", help="modules of which another version is taken"
    )
    parser.add_argument("--manifests", type=int, default=3000, help="how many are compared at the end, and a tenth of it pairs")
    options = parser.parse_args()
    version, release = options.version, options.release
    before = f"1.{int(version[2:]) - 1}"

    told = write_module(version, release, options.toolchain, tuple(options.replace))
    _tell(f"versions/{version}/go.mod is of {release}; what Go did not find for other programs and for tests", told)
    tables = oracle.tables(version)
    sys.path.insert(0, str(ROOT / "tools"))
    from build_schemas import definitions, text

    folder = _folder(version)
    (SCHEMAS / "kubernetes" / f"{version}.json").write_text(text(version, definitions(folder)), encoding="utf-8", newline="\n")
    _tell(
        "schemas/ is written; fields that Go declares otherwise than before (joblint takes the newest)",
        write_tables(version, tables),
    )
    _tell("joblint/api/version/gates.py: gates that changed", write_gates(tables["gates"], version))
    ROWS.write_text(with_release(ROWS.read_text(encoding="utf-8"), version, release), encoding="utf-8", newline="\n")

    sys.stdout.write("\nLeft for a person\n")
    _tell(
        "gates that are asked for and not in the table (dropped fields: create/dropped.py)",
        unknown_gates(folder, _folder(before)),
    )
    _tell(f"fields since {before} (defaults, dropped fields, validation, merge keys)", new_fields(version, before))
    _tell(
        f"source that changed since {before} (order, paths and texts of errors: CHANGES in gates.py)",
        changed_sources(folder, _folder(before)),
    )
    sys.stdout.write("\nHeld against the server\n")
    sys.stdout.flush()
    compared = ["--kubernetes-version", version, "--manifests", str(options.manifests), "--pairs", str(options.manifests // 10)]
    return subprocess.run([sys.executable, "-m", "conformance.compare", *compared, "--allow", "1"], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
