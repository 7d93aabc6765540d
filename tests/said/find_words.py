"""Finds the words that findings depend on: `python -m tests.said.find_words` writes tests/data/words.jsonl.gz.

Each word below the containers of a rule's example or a trap is left out, and each two neighbours on a line are exchanged. The
manifests whose findings then differ become cases of the record: one for each change of findings.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from joblint.rules.finding import Finding
from joblint.run.check import check_text

from .record import NOW, WORDS, Case, engine, given, more

MOST = 150
"""So many words of a manifest are tried, evenly distributed."""

Said = frozenset[str]


def variants(text: str) -> Iterator[tuple[str, str]]:
    """The manifest with one word less, or with two words exchanged; each with what was done."""
    begin = max(text.find("ontainers:"), 0)
    found = [
        m for m in re.finditer(r"[^\s\"'\[\],{}|]+", text) if m.start() > begin and m[0][-1:] not in ":-" and m[0][:1] != "#"
    ]
    for word in found[:: 1 + len(found) // MOST]:
        yield f"without-{word.start()}", text[: word.start()] + text[word.end() :].removeprefix(" ")
    for one, two in zip(found, found[1:], strict=False):
        if (one.start() % (1 + len(found) // MOST) == 0) and text[one.end() : two.start()] == " ":
            yield f"exchanged-{one.start()}", f"{text[: one.start()]}{two[0]} {one[0]}{text[two.end() :]}"


def changes(case: Case) -> list[tuple[str, str, Said]]:
    """The variants that the API server would still look at, and what changes."""
    before = _said(case.text)
    seen: set[Said] = {frozenset()}
    found = []
    for name, text in variants(case.text):
        what = _said(text) ^ before
        if what not in seen and not any(part.startswith(("JL0", "JL1")) for part in what):
            seen.add(what)
            found.append((f"{case.name}-{name}", text, what))
    return found


def _said(text: str) -> Said:
    return frozenset(map(_without_details, check_text(engine(), text.encode(), "job.yaml").findings))


def _without_details(found: Finding) -> str:
    message = re.sub(r"`[^`]*`|\"[^\"]*\"|\(.*?\)|[0-9]+", "", found.message)
    return " ".join((found.rule, found.severity, message, str(bool(found.fix))))


def main() -> int:
    """Write the variants."""
    seen: set[str] = set()
    rows = []
    wanted = [case for case in (*given(), *more()) if case.now == NOW and case.name.endswith(("-bad", "-bad-0"))]
    with ProcessPoolExecutor() as pool:
        for variant in pool.map(changes, wanted, chunksize=4):
            for name, text, what in variant:
                if not what <= seen:
                    seen |= what
                    rows.append({"name": name, "text": text})
    written = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
    WORDS.write_bytes(gzip.compress(written.encode(), 9, mtime=0))
    print(len(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
