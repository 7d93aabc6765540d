"""Asks robfig/cron and the CronJob controller about drawn schedules and lists where joblint says otherwise:
`python -m conformance.schedule.compare`. With `--record` it writes what the ordinary tests replay.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tzdata  # type: ignore[import-untyped]

from conformance.schedule import draw
from conformance.schedule.agreement import mine

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "tests" / "data" / "schedules.json.gz"
PROGRAM = HERE.parent / "bin" / "schedule"
KINDS = {"texts": (draw.texts, 2500), "nexts": (draw.nexts, 4000), "dues": (draw.dues, 1500)}
"""What is drawn, and how much of it is recorded."""


def ask(questions: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the library and the controller say, with joblint's time zones; builds the program first."""
    PROGRAM.parent.mkdir(exist_ok=True)
    command = ["go", "build", "-buildvcs=false", "-modfile=versions/1.36/go.mod", "-o", str(PROGRAM), "./schedule"]
    subprocess.run(command, cwd=HERE.parent, check=True)
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    environment = os.environ | {"ZONEINFO": str(Path(tzdata.__path__[0]) / "zoneinfo")}
    done = subprocess.run([PROGRAM], input=lines, check=True, capture_output=True, text=True, env=environment)
    return [json.loads(line) for line in done.stdout.split("\n") if line]


def main() -> int:
    """Exit 1 where something differs."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", default="recorded")
    options.add_argument("--questions", type=int, default=20000, help="of each kind")
    options.add_argument("--show", type=int, default=10)
    options.add_argument("--record", action="store_true")
    chosen = options.parse_args()
    recorded: dict[str, list[dict[str, Any]]] = {}
    failures = 0
    for kind, (drawn, enough) in KINDS.items():
        questions = list(drawn(chosen.seed, enough if chosen.record else chosen.questions))
        answers = ask(questions)
        wrong = [(q, a) for q, a in zip(questions, answers, strict=True) if mine(q, a) != a]
        for question, answer in wrong[: chosen.show]:
            print(question, f"joblint: {mine(question, answer)}", f"theirs: {answer}", sep="\n  ")
        print(f"{len(questions)} {kind}, {len(wrong)} answered otherwise")
        failures += len(wrong)
        recorded[kind] = [{"question": q, "answer": a} for q, a in zip(questions, answers, strict=True)]
    if chosen.record:
        DATA.write_bytes(gzip.compress(json.dumps(recorded, separators=(",", ":")).encode(), 9, mtime=0))
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
