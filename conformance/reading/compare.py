"""Asks kubectl's decoder about drawn texts and lists where joblint reads otherwise: `python -m conformance.reading.compare`.

With `--record` it writes what the ordinary tests replay. Known to differ: texts with two byte order marks, and characters
that YAML forbids behind the end of the first document (kubectl reads 512 bytes at a time and may not come to see them).
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from conformance.reading.draw import draw
from joblint.source.documents import read

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "tests" / "data" / "reading.json.gz"
PROGRAM = HERE.parent / "bin" / "reading"


def ask(texts: Iterable[bytes]) -> list[list[dict[str, str]]]:
    """kubectl's documents of each text; builds the program first."""
    PROGRAM.parent.mkdir(exist_ok=True)
    command = ["go", "build", "-buildvcs=false", "-modfile=versions/1.36/go.mod", "-o", str(PROGRAM), "./reading"]
    subprocess.run(command, cwd=HERE.parent, check=True)
    lines = b"".join(base64.b64encode(t) + b"\n" for t in texts)
    done = subprocess.run([PROGRAM], input=lines, check=True, capture_output=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def mine(text: bytes) -> list[Any]:
    """joblint's documents of a text: the data, or Ellipsis where it cannot be read."""
    documents = read(text, "text", templates=False) if text else ()
    return [... if any(p.kind == "yaml" for p in d.problems) else d.value for d in documents]


def same(found: list[Any], theirs: list[dict[str, str]]) -> bool:
    """Whether joblint's documents are kubectl's, up to the first that kubectl cannot read."""
    if theirs and "error" in theirs[-1]:
        found = found[: len(theirs)]
    if len(found) != len(theirs):
        return False
    for value, document in zip(found, theirs, strict=True):
        if (value is ...) != ("error" in document):
            return False
        if value is not ... and plain(value) != plain(json.loads(document.get("sent") or "null")):
            return False
    return True


def plain(value: Any) -> Any:
    """Data in a form to compare: numbers as 64-bit floats, which is how kubectl sees large ones; no broken characters."""
    if isinstance(value, dict):
        return {plain(k): plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, str):
        return "".join(["\ufffd" if "\ud800" <= c <= "\udfff" else c for c in value])
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def main() -> int:
    """Exit 1 where something differs."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", default="recorded")
    options.add_argument("--texts", type=int, default=20000)
    options.add_argument("--show", type=int, default=10)
    options.add_argument("--record", action="store_true")
    options.add_argument("files", nargs="*", help="more texts: JSON lines with the field yaml, .gz")
    chosen = options.parse_args()
    texts = list(draw(chosen.seed, chosen.texts))
    for file in chosen.files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            texts += [json.loads(line)["yaml"].encode() for line in lines]
    if chosen.record and DATA.is_file():
        texts += [base64.b64decode(r["text"]) for r in json.loads(gzip.decompress(DATA.read_bytes()))]
    texts = list(dict.fromkeys(texts))
    answers = ask(texts)
    wrong = [(t, a) for t, a in zip(texts, answers, strict=True) if not same(mine(t), a)]
    for text, answer in wrong[: chosen.show]:
        print(repr(text), "joblint:", mine(text), "kubectl:", answer, sep="\n  ")
    print(f"{len(texts)} texts, {len(wrong)} read otherwise")
    if chosen.record:
        known = {t for t, _ in wrong}
        rows = [
            {"text": base64.b64encode(t).decode(), "documents": a} for t, a in zip(texts, answers, strict=True) if t not in known
        ]
        DATA.write_bytes(gzip.compress(json.dumps(rows, separators=(",", ":")).encode(), 9, mtime=0))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
