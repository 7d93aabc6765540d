"""Holds the model against the Job controller's own code: `python -m conformance.controller.compare` lists disagreements.

    python -m conformance.controller.compare [--cases 2000] [--large 20] [--seed TEXT] [--kubernetes-version 1.36] [--show 3]
    python -m conformance.controller.compare --refresh      record the cases that the ordinary tests replay

Fresh cases for each seed (default: today's date). Exit status 1 where anything differs.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from datetime import date
from pathlib import Path

from conformance.controller import oracle
from conformance.controller.agreement import disagreements, question
from conformance.controller.draw import UNTIL, draw

RECORDED = Path(__file__).parents[2] / "tests" / "data" / "controller.jsonl.gz"


def main() -> int:
    """Draw, ask both, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--large", type=int, default=20)
    parser.add_argument("--seed", default=date.today().isoformat())
    parser.add_argument("--kubernetes-version", default="1.36")
    parser.add_argument("--show", type=int, default=3)
    parser.add_argument("--refresh", action="store_true")
    options = parser.parse_args()
    if options.refresh:
        options.seed, options.cases, options.large = "recorded", 400, 6
    cases = draw(options.seed, options.cases) + draw(f"{options.seed} large", options.large, 1.0)
    answers = oracle.ask(
        options.kubernetes_version, [question(job, scenario, UNTIL, options.kubernetes_version) for job, scenario in cases]
    )
    wrong = 0
    for (job, scenario), answer in zip(cases, answers, strict=True):
        found = disagreements(job, scenario, UNTIL, answer, options.kubernetes_version)
        wrong += bool(found)
        if found and wrong <= options.show:
            print(json.dumps(job["spec"]), json.dumps(scenario), *found, "", sep="\n  ")
    print(f"{len(cases) - wrong} of {len(cases)} cases agree with the Job controller of Kubernetes {options.kubernetes_version}")
    if options.refresh and not wrong:
        lines = [
            json.dumps({"job": job, "scenario": scenario, "controller": answer}, separators=(",", ":"))
            for (job, scenario), answer in zip(cases, answers, strict=True)
        ]
        RECORDED.write_bytes(gzip.compress("\n".join(lines).encode() + b"\n", mtime=0))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
