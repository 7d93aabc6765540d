"""Breaks joblint in one small way at a time, a fixed sample of them, and runs the tests: each that they pass over is named.

Run it through `nox -s mutants`, which works on a copy; it changes the sources below the folder that it is called in. The
mutations are cosmic-ray's. A mutant of a package is tested with the tests of that package first, and with the whole suite only
if they do not notice it.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path

from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome

PACKAGES = ("api", "controller", "rules")
MEANINGLESS = (
    "core/ReplaceBinaryOperator_BitOr_",  # nearly all of them stand in annotations, which nothing evaluates
    "core/ReplaceComparisonOperator_Eq_Is",  # texts and small numbers are the same objects
    "core/ReplaceComparisonOperator_NotEq_IsNot",
)
LONGEST = 1800
"""Seconds that a run of tests may take: a mutant that makes it endless is noticed, too."""


def sample(count: int, seed: int) -> list[MutationSpec]:
    """So many mutations of all that are possible, the same ones for the same sources and seed."""
    files = sorted(str(path) for package in PACKAGES for path in Path("joblint", package).rglob("*.py"))
    with tempfile.TemporaryDirectory() as folder, use_db(os.path.join(folder, "all.sqlite"), WorkDB.Mode.create) as db:
        init([Path(file) for file in files], db, {})
        every = [mutation for item in db.work_items for mutation in item.mutations]
    every = [m for m in every if not m.operator_name.startswith(MEANINGLESS)]
    every.sort(key=lambda m: (str(m.module_path), m.start_pos, m.operator_name, m.occurrence))
    return random.Random(seed).sample(every, min(count, len(every)))


def is_noticed(mutation: MutationSpec) -> bool:
    """Whether the tests fail with the mutation in place."""
    package = mutation.module_path.parts[1]
    for tests in (f"tests/{package}", "tests"):
        command = f"{sys.executable} -m pytest -x -q -q -n 0 -p no:cacheprovider {tests}"
        if mutate_and_test([mutation], command, LONGEST).test_outcome != TestOutcome.SURVIVED:
            return True
    return False


def main() -> int:
    """Tests the sample; the exit status is 1 where fewer than nine of ten mutants are noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.environ["JOBLINT_NO_BUNDLE"] = "1"  # sources of one size that change within a moment
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    mutations = sample(asked.count, asked.seed)
    noticed = 0
    for n, mutation in enumerate(mutations, 1):
        found = is_noticed(mutation)
        noticed += found
        place = f"{mutation.module_path}:{mutation.start_pos[0]}:{mutation.start_pos[1] + 1}"
        word = "noticed" if found else "SURVIVED"
        print(f"{n:>4}  {word:<8}  {place}  {mutation.operator_name} ({mutation.occurrence})", flush=True)
    print(f"{noticed} of {len(mutations)} mutants are noticed ({noticed / len(mutations):.0%}), seed {asked.seed}")
    return int(noticed < 0.9 * len(mutations))


if __name__ == "__main__":
    sys.exit(main())
