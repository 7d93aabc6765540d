#!/usr/bin/env python3
"""Whether any regular expression of joblint explodes: each over texts that are made for it, of one length and of twice that.

    python benchmarks/regexes.py [--length 3000] [--limit 3]

The patterns are those that joblint compiles while it checks, explains, compares and fixes the examples of its rules and whatever
the fuzzing targets start from. The texts repeat pieces of the pattern itself, with beginnings and ends that make it fail late. A
pattern whose time grows by more than --limit where the text is doubled takes time by the square. Exit 1 where one does.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from itertools import product
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
FOUND: dict[tuple[Any, int], str] = {}
LEAST = 0.004  # seconds; what takes less cannot be measured


def watch() -> None:
    """From now on each pattern that joblint compiles is noted with the module that asks for it."""
    real = re._compile  # type: ignore[attr-defined]

    def compile_(pattern: Any, flags: Any) -> Any:
        frame = sys._getframe(1)
        while frame is not None and frame.f_globals.get("__name__") in ("re", __name__):
            frame = frame.f_back  # type: ignore[assignment]
        module = str(frame.f_globals.get("__name__")) if frame is not None else ""
        if module.startswith("joblint") and isinstance(pattern, str | bytes):
            FOUND[pattern, int(flags)] = module
        return real(pattern, flags)

    re._compile = compile_  # type: ignore[attr-defined]


def pieces(pattern: str) -> list[str]:
    """What texts for a pattern are made of: its literal words and characters, and members of its classes."""
    plain = re.sub(r"\\[abBAZdDsSwW]|\(\?[a-zA-Z]*[:=!<>]*|[()|*+?{}^$.]", " ", pattern)
    words = [w.replace("\\", "") for w in plain.split()]
    single = [w for w in words if w] + [c for c in "aA0 \t\n_-./:'\"#${}[]<>%@\\!&*|" if c in pattern or c in "aA0 "]
    found = list(dict.fromkeys(single))[:14]
    return found + [a + b for a, b in product(found[:8], found[:8]) if a != b]


def seconds(pattern: Any, text: Any) -> float:
    """The longest of a search and a match from the start."""
    worst = 0.0
    for way in (pattern.search, pattern.fullmatch):
        begun = time.process_time()
        way(text)
        worst = max(worst, time.process_time() - begun)
    return worst


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--length", type=int, default=3000)
    parser.add_argument("--limit", type=float, default=3.0)
    options = parser.parse_args()
    watch()
    from tests.fuzz.seeds import seeds
    from tests.fuzz.targets import TARGETS

    for name, target in TARGETS.items():
        for data in seeds(name):
            target(data)
    worst = 0
    for (source, flags), module in sorted(FOUND.items(), key=lambda item: item[1]):
        pattern = re.compile(source, flags)
        text = source if isinstance(source, str) else source.decode("latin-1")
        parts = pieces(text)
        slow, why = 0.0, ""
        for begin, piece, end in product(["", *parts[:6]], parts, ["", "\x00", "#"]):
            made = [begin + piece * (n // len(piece)) + end for n in (options.length, 2 * options.length)]
            given: list[Any] = made if isinstance(source, str) else [m.encode("latin-1", "replace") for m in made]
            if (long := seconds(pattern, given[1])) < LEAST:
                continue
            short = min([seconds(pattern, given[0]) for _ in range(3)])
            ratio = min(long, seconds(pattern, given[1])) / max(short, 1e-6)
            if ratio > slow:
                slow, why = ratio, f"{begin!r} + {piece!r} * n + {end!r}"
        if slow > options.limit:
            worst += 1
            print(f"{module}: {text[:80]}\n  grows {slow:.1f} times where the text is doubled: {why}")
    print(f"{len(FOUND)} patterns, {worst} that take time by the square of their text or worse")
    return int(worst > 0)


if __name__ == "__main__":
    sys.exit(main())
