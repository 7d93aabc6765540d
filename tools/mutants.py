"""Breaks joblint in one small way at a time, a fixed sample of them, and runs the tests: each that they pass over is named.

Run it through `nox -s mutants`, which works on a copy; it changes the sources below the folder that it is called in. The
mutations are cosmic-ray's. The tests run once under coverage, which notes those that run each line; a mutant is tested with the
tests of its line. Those that start processes or editors are left out, so the figure is a lower bound; `--whole` runs the whole
suite on what survives.
"""

from __future__ import annotations

import argparse
import os
import random
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from chosen_tests import CHOSEN
from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome
from coverage import CoverageData

PACKAGES = ("api", "controller", "rules")
MEANINGLESS = (
    "core/ReplaceBinaryOperator_BitOr_",  # nearly all of them stand in annotations, which nothing evaluates
    "core/ReplaceComparisonOperator_Eq_Is",  # texts and small numbers are the same objects
    "core/ReplaceComparisonOperator_NotEq_IsNot",
)
LONGEST = 100
"""Seconds of processor time after which a mutant is taken for endless, and so for noticed."""

MOST = 300
"""So many tests of its own package are tried at most, and half as many others."""

SLOW = "tests/rules/test_looks_for.py"
"""Runs every line and asks of each only whether it may be left out."""


def sample(count: int, seed: int) -> list[MutationSpec]:
    """So many mutations of all that are possible, the same ones for the same sources and seed."""
    files = sorted(str(path) for package in PACKAGES for path in Path("joblint", package).rglob("*.py"))
    with tempfile.TemporaryDirectory() as folder, use_db(os.path.join(folder, "all.sqlite"), WorkDB.Mode.create) as db:
        init([Path(file) for file in files], db, {})
        every = [mutation for item in db.work_items for mutation in item.mutations]
    every = [m for m in every if not m.operator_name.startswith(MEANINGLESS)]
    every.sort(key=lambda m: (str(m.module_path), m.start_pos, m.operator_name, m.occurrence))
    return random.Random(seed).sample(every, min(count, len(every)))


def watch(file: str) -> CoverageData:
    """Runs the tests once, unless the file holds it already; returns which of them run which lines."""
    data = CoverageData(file)
    if os.path.exists(file):
        data.read()
        return data
    options = [
        "-q",
        "-q",
        "-p",
        "no:cacheprovider",
        "--cov=joblint",
        "--cov-context=test",
        "--cov-report=",
        *[f"tests/{folder}" for folder in (*PACKAGES, "conformance", "run", "report", "said", "shell", "cli")],
    ]
    done = subprocess.run([sys.executable, "-m", "pytest", *options], env={**os.environ, "COVERAGE_FILE": file}, check=False)
    if done.returncode:
        sys.exit("the suite fails without any mutation")
    data.read()
    return data


def tests_of(mutation: MutationSpec, data: CoverageData) -> list[str]:
    """The tests that run the mutated lines, those of its own package first; those of the module where a line runs on import."""
    by_line = data.contexts_by_lineno(os.path.abspath(mutation.module_path))
    first = max((line for line in by_line if line <= mutation.start_pos[0]), default=0)
    lines = {first, *range(mutation.start_pos[0], mutation.end_pos[0] + 1)}
    contexts = {context for line in lines for context in by_line.get(line, ())}
    if "" in contexts:
        contexts = {context for found in by_line.values() for context in found}
    nearest = (f"tests/{mutation.module_path.parts[1]}/", "tests/conformance/")
    found = sorted({context.rpartition("|")[0] for context in contexts if context and not context.startswith(SLOW)})
    random.Random(0).shuffle(found)  # tests of many kinds among the first
    own = [test for test in found if test.startswith(nearest)]
    return own[:MOST] + [test for test in found if test not in set(own)][: MOST // 2]


def is_noticed(mutation: MutationSpec, tests: list[str], whole: bool) -> bool:
    """Whether the tests fail with the mutation in place."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as names:
        names.write("\n".join(tests))
        names.flush()
        # Given one by one, a thousand tests take minutes to be found.
        files = sorted({test.partition("::")[0] for test in tests})
        chosen = [f"{CHOSEN}={names.name}", sys.executable, "-m", "pytest", "-p", "tools.chosen_tests", *files]
        for part, longest in ((chosen, LONGEST), ([sys.executable, "-m", "pytest", "tests"] if whole else [], 10 * LONGEST)):
            if not part or not tests and part == chosen:
                continue
            run = shlex.join(["env", *part, "-x", "-q", "-q", "-n", "0", "-p", "no:cacheprovider"])
            command = shlex.join(["sh", "-c", f"ulimit -t {longest}; exec {run}"])
            if mutate_and_test([mutation], command, 100 * longest).test_outcome != TestOutcome.SURVIVED:
                return True
    return False


def main() -> int:
    """Tests the sample; the exit status is 1 where fewer than nine of ten mutants are noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--whole", action="store_true", help="run the whole suite on what survives its own tests")
    parser.add_argument("--lines", metavar="FILE", help="keep there, or take from there, which tests run which lines")
    parser.add_argument("--first", metavar="N", type=int, default=1, help="begin with the N-th mutant of the sample")
    asked = parser.parse_args()
    os.environ["JOBLINT_NO_BUNDLE"] = "1"  # sources of one size that change within a moment
    mutations = sample(asked.count, asked.seed)
    with tempfile.TemporaryDirectory() as folder:
        data = watch(asked.lines or os.path.join(folder, "lines"))
        mutations = mutations[asked.first - 1 :]
        chosen = [tests_of(mutation, data) for mutation in mutations]
    noticed = 0
    for n, (mutation, tests) in enumerate(zip(mutations, chosen, strict=True), asked.first):
        found = is_noticed(mutation, tests, asked.whole)
        noticed += found
        place = f"{mutation.module_path}:{mutation.start_pos[0]}:{mutation.start_pos[1] + 1}"
        word = "noticed" if found else "SURVIVED"
        print(f"{n:>4}  {word:<8}  {place}  {mutation.operator_name} ({mutation.occurrence}, {len(tests)} tests)", flush=True)
    print(f"{noticed} of {len(mutations)} mutants are noticed ({noticed / len(mutations):.0%}), seed {asked.seed}")
    return int(noticed < 0.9 * len(mutations))


if __name__ == "__main__":
    sys.exit(main())
