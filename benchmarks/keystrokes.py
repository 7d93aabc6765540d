#!/usr/bin/env python3
"""How long the language server thinks about a keystroke in a large file, as ratios within one run.

    python benchmarks/keystrokes.py [--documents 50] [--strokes 20]

Each keystroke changes one document in the middle of the file. Prints the processor time of checking and of explaining, against
that of the whole file, and what the ratio may be. Exit 1 where it is above.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from joblint.lsp.analysis import Analysis
from joblint.lsp.diagnostics import diagnostics
from joblint.run.again import Again
from joblint.run.projects import Asked, Projects

EXAMPLES = sorted((Path(__file__).parents[1] / "tests" / "data" / "clean").glob("*.yaml"))


def file_of(documents: int) -> list[str]:
    """The documents of a large file, none like another."""
    texts = [path.read_text() for path in EXAMPLES]
    return [f"# {n}\n" + texts[n % len(texts)].replace("\n  name: ", f"\n  name: n{n}-", 1) for n in range(documents)]


def milliseconds(work: Callable[[], object]) -> float:
    """The processor time of a call."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def main() -> int:
    """Types, and compares; 1 where a ratio is above what it may be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=50)
    parser.add_argument("--strokes", type=int, default=20)
    options = parser.parse_args()
    projects = Projects(Asked())
    engine = projects.engines(projects.settings("file.yaml"))[-1]
    documents = file_of(options.documents)
    middle = len(documents) // 2
    checks, tells = [], []

    def look(again: Again, text: str) -> tuple[float, float]:
        found = Analysis(text, again)
        return milliseconds(lambda: diagnostics(found)), milliseconds(lambda: found.explanations)

    look(Again(engine, "file.yaml"), "---\n".join(documents))  # imports
    again = Again(engine, "file.yaml")
    whole = look(again, "---\n".join(documents))
    for n in range(options.strokes):
        documents[middle] = documents[middle].replace("\n", f"  # {'x' * n}\n\n", 1)
        check, tell = look(again, "---\n".join(documents))
        checks.append(check)
        tells.append(tell)
    rows = [
        ("checking", statistics.median(checks), whole[0], 0.3),
        ("explaining", statistics.median(tells), whole[1], 0.1),
    ]
    for what, stroke, all_of_it, limit in rows:
        print(
            f"{stroke / all_of_it:6.3f}  (may be {limit})  {what}: {stroke:.1f} ms a keystroke, {all_of_it:.1f} ms the whole file"
        )
    return int(any(stroke / all_of_it > limit for _, stroke, all_of_it, limit in rows))


if __name__ == "__main__":
    sys.exit(main())
