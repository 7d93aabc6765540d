"""Writes the verdicts that the ordinary tests replay: `python -m conformance.record [--import FILE.jsonl.gz …]`.

Kept are the manifests and pairs that other files brought in (`--import`, ids that this corpus does not make) and those
that the corpus makes from one fixed seed; all of them are asked anew. Everything needs the Go program of each version.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from conformance import oracle
from conformance.agreement import comparable_pair, expected_object
from conformance.corpus.generate import Corpus

DATA = Path(__file__).parent.parent / "tests" / "data"
MANIFESTS, PAIRS = DATA / "verdicts.jsonl.gz", DATA / "applies.jsonl.gz"

_SEED = "recorded"
_NEWEST = (2000, 400)  # manifests and pairs for the newest version
_OTHERS = (300, 60)  # and for each of the others


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows so that the same rows give the same bytes."""
    path.parent.mkdir(exist_ok=True)
    text = "".join(json.dumps(row, ensure_ascii=True, separators=(",", ":")) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _imported(path: Path, files: list[str], fields: tuple[str, ...]) -> list[dict[str, str]]:
    rows = [r for r in (read(path) if path.is_file() else []) if r.get("imported")]
    known = {r["id"] for r in rows}
    for file in files:
        rows += [r for r in read(Path(file)) if set(fields) <= set(r) and r["id"] not in known]
    return [{"id": r["id"], **{f: r[f] for f in fields}} for r in rows]


def _short(document: dict[str, Any], with_object: bool) -> dict[str, Any]:
    """Without what no test needs: objects of refused documents, and most others."""
    made = {k: v for k, v in document.items() if k not in ("defaulted", "stored")}
    if with_object and document["accepted"] and "stored" in document:
        made["object"] = expected_object(document)
    return made


def _ask(version: str, questions: list[dict[str, str]], more: dict[str, Any]) -> Iterable[dict[str, Any]]:
    by_id = {q["id"]: q for q in questions}
    for number, answer in enumerate(oracle.ask(version, questions, "-defaulted")):
        row = {**by_id[answer["id"]], **more, "version": version}
        if "verdict" in answer:
            if comparable_pair(answer["verdict"]):
                yield {**row, "verdict": answer["verdict"]}
        else:
            if version != oracle.newest() and any("yaml_error" in d for d in answer["documents"]):
                continue  # joblint reads YAML as the newest kubectl does
            yield {**row, "documents": [_short(d, number % 3 == 0) for d in answer["documents"]]}


def main() -> int:
    """Run from the command line; see the head of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--import", dest="files", nargs="*", default=[], metavar="FILE", help="more cases: JSON lines, gzip")
    files = parser.parse_args().files
    newest = oracle.newest()
    manifests = list(_ask(newest, _imported(MANIFESTS, files, ("yaml",)), {"imported": True}))
    pairs = list(_ask(newest, _imported(PAIRS, files, ("old", "new")), {"imported": True}))
    for version in oracle.versions():
        corpus = Corpus(oracle.shapes(version), f"{_SEED} {version}")
        of_manifests, of_pairs = _NEWEST if version == newest else _OTHERS
        drawn = [dict(zip(("id", "yaml"), corpus.manifest(n), strict=True)) for n in range(of_manifests)]
        manifests += _ask(version, [{**q, "id": f"{version}-{q['id']}"} for q in drawn], {})
        drawn = [dict(zip(("id", "old", "new"), corpus.pair(n), strict=True)) for n in range(of_pairs)]
        pairs += _ask(version, [{**q, "id": f"{version}-{q['id']}"} for q in drawn], {})
    write(MANIFESTS, manifests)
    write(PAIRS, pairs)
    sys.stdout.write(f"{len(manifests)} manifests in {MANIFESTS.name}, {len(pairs)} pairs in {PAIRS.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
