"""Holds joblint against the API server's own code: `python -m conformance.compare` lists every disagreement, grouped.

    python -m conformance.compare [--manifests 20000] [--pairs 2000] [--seed TEXT] [--kubernetes-version 1.37] [--show 3]

Fresh manifests for each seed (default: today's date). Exit status 1 where joblint and the server disagree more often
than `--allow` says.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from conformance import oracle
from conformance.agreement import (
    Disagreement,
    comparable_pair,
    compare_document,
    compare_pair,
    judge_sent,
    judge_text,
    only_value,
    repeated_keys,
    worded,
)
from conformance.corpus.generate import HOW, Corpus
from conformance.corpus.sweep import sweep
from joblint.api.version.versions import DEFAULT


def compare_manifests(questions: list[dict[str, str]], version: str, api_only: bool = False) -> Iterable[Disagreement]:
    """Every point in which joblint and the server differ on these manifests."""
    texts = {q["id"]: q["yaml"] for q in questions}
    for answer in oracle.ask(version, questions, "-defaulted", *(["-sent"] if api_only else [])):
        name = answer["id"]
        try:
            ours = judge_sent(answer["documents"], version) if api_only else judge_text(texts[name], version)
        except Exception as error:  # a crash is the worst disagreement: it is told and the others go on
            yield Disagreement(name, "crash", f"{type(error).__name__} {_place(error)}", "", str(error)[:200])
            continue
        if not api_only and "{{" not in texts[name]:
            twice = {d["doc"] for d in answer["documents"] if d.get("duplicate_keys")}
            mine = repeated_keys(texts[name]) & {d["doc"] for d in answer["documents"] if "yaml_error" not in d}
            if twice != mine:
                yield Disagreement(name, "keys twice", "", twice, mine)
        for server in answer["documents"]:
            key = server["doc"], server.get("item")
            if api_only and key not in ours or "yaml_error" in server and version != oracle.newest():
                continue  # joblint reads YAML as the newest kubectl does
            yield from compare_document(name, server, ours.get(key), worded(version))


def compare_pairs(questions: list[dict[str, str]], version: str, api_only: bool = False) -> Iterable[Disagreement]:
    """Every point in which joblint and the server differ on applying the second manifest of each pair over the first."""
    from joblint.api.apply.merge import apply

    texts = {q["id"]: q for q in questions}
    for answer in oracle.ask(version, questions, *(["-sent"] if api_only else [])):
        name, server = answer["id"], answer["verdict"]
        if not comparable_pair(server) or (api_only and "sent_new" not in server):
            continue
        try:
            if api_only:
                ours = apply(server["sent_old"], server["sent_new"], version)
            else:
                ours = apply(only_value(texts[name]["old"]), only_value(texts[name]["new"]), version)
        except Exception as error:
            yield Disagreement(name, "crash", f"{type(error).__name__} {_place(error)}", "", str(error)[:200])
            continue
        yield from compare_pair(name, server, ours, worded(version))


def _place(error: BaseException) -> str:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else ""


def report(found: list[Disagreement], texts: dict[str, dict[str, str]], show: int) -> str:
    """All groups with their counts, the largest first, each with some examples."""
    groups: dict[tuple[str, str], list[Disagreement]] = {}
    for d in found:
        groups.setdefault((d.kind, d.group), []).append(d)
    lines = [
        f"{len({d.id for d in found})} manifests or pairs disagree in {len(found)} points: "
        + ", ".join(f"{k} {n}" for k, n in Counter(d.kind for d in found).most_common())
    ]
    for (kind, group), members in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0])):
        lines.append(f"\n## {len(members)} × {kind}: {group}")
        for d in members[:show]:
            lines.append(f"  {d.id}\n    server  {_short(d.server)}\n    joblint {_short(d.joblint)}")
    return "\n".join(lines) + "\n"


def _short(value: Any) -> str:
    if isinstance(value, dict):
        value = {k: v for k, v in value.items() if not k.startswith("sent")}
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) < 900 else text[:600] + " … " + text[-250:]


def main() -> int:
    """Run from the command line; see the head of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--manifests", type=int, default=20000)
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--seed", default=date.today().isoformat())
    parser.add_argument("--kubernetes-version", default=DEFAULT, choices=oracle.versions())
    parser.add_argument("--how", choices=HOW, help="only manifests changed in this way")
    parser.add_argument("--sweep", action="store_true", help="every value of every field instead of drawn manifests")
    parser.add_argument("--show", type=int, default=3)
    parser.add_argument("--allow", type=int, default=40)
    parser.add_argument("--api-only", action="store_true", help="judge the JSON that kubectl would send: no YAML is read")
    parser.add_argument("--write", metavar="DIR", help="keep each manifest that disagrees there")
    options = parser.parse_args()
    version = options.kubernetes_version
    corpus = Corpus(oracle.shapes(version), options.seed, options.how)
    drawn = sweep(oracle.shapes(version)) if options.sweep else (corpus.manifest(n) for n in range(options.manifests))
    questions = [dict(zip(("id", "yaml"), one, strict=True)) for one in drawn]
    found = list(compare_manifests(questions, version, options.api_only))
    pairs = [dict(zip(("id", "old", "new"), corpus.pair(n), strict=True)) for n in range(options.pairs)]
    found += compare_pairs(pairs, version, options.api_only)
    texts = {q["id"]: q for q in [*questions, *pairs]}
    sys.stdout.write(
        f"{len(questions)} manifests and {len(pairs)} pairs, Kubernetes {version}, seed {options.seed}\n"
        + report(found, texts, options.show)
    )
    if options.write:
        _keep(found, texts, options.write)
    return int(len({d.id for d in found}) >= options.allow)


def _keep(found: list[Disagreement], texts: dict[str, dict[str, str]], folder: str) -> None:
    from pathlib import Path

    Path(folder).mkdir(parents=True, exist_ok=True)
    for name in {d.id for d in found}:
        for part, text in texts[name].items():
            if part != "id":
                Path(folder, f"{name}.{part}").write_bytes(text.encode("utf-8", "surrogatepass"))
    Path(folder, "disagreements.jsonl").write_text("".join(json.dumps(d._asdict(), default=str) + "\n" for d in found))


if __name__ == "__main__":
    sys.exit(main())
