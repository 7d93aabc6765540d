"""Holds joblint against the API server's own code: `python -m conformance.compare` lists every disagreement, grouped.

    python -m conformance.compare [--manifests 20000] [--pairs 2000] [--seed TEXT] [--kubernetes-version 1.36] [--show 3]

Fresh manifests for each seed (default: today's date). Exit status 1 where joblint and the server disagree more often
than `--allow` says.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from conformance import oracle
from conformance.corpus.generate import Corpus


_MAP_KEY = re.compile(r"\[\D|(?:abels|nnotations|nodeSelector)$")  # a map's errors come in Go's random order


class Disagreement(NamedTuple):
    """One point in which joblint and the server differ. `group` gathers what is likely to have one cause."""

    id: str
    kind: str
    group: str
    server: Any
    joblint: Any


def expected_stage(document: dict[str, Any]) -> str | None:
    """Where the server stopped: `yaml`, `decode`, `strict`, `validate`, `panic`, or None for an accepted document."""
    if document.get("panic"):
        return "panic"
    if "yaml_error" in document:
        return "yaml"
    if "decode_error" in document:
        return "decode"
    if "errors" in document or "status_message" in document:
        return "validate"
    return "strict" if "strict" in document else None


def judge_text(text: str, version: str) -> dict[tuple[int, int | None], Any]:
    """What joblint says of every object of a file: {(document, item of a List): Verdict | "yaml" | None}."""
    from joblint.api.judge import judge
    from joblint.source.documents import read

    found: dict[tuple[int, int | None], Any] = {}
    for document in read(text.encode("utf-8", "surrogatepass"), "file.yaml"):
        if any(p.kind == "yaml" for p in document.problems):
            found[document.index, None] = "yaml"
            continue
        if document.value is None:
            continue
        for number, (prefix, value) in enumerate(document.objects()):
            found[document.index, number if prefix else None] = judge(value, version)
    return found


def compare_document(name: str, server: dict[str, Any], ours: Any) -> Iterable[Disagreement]:
    """The points in which one document's verdicts differ."""
    stage = expected_stage(server)
    if server["kind"] not in ("Job", "CronJob") and stage != "yaml":
        return  # joblint has no say in other kinds
    have = "yaml" if ours == "yaml" else "nothing" if ours is None else ours.stage
    if stage == "panic":
        if have in (None, "nothing"):
            yield Disagreement(name, "verdict", "server panics", "panic", have)
        return
    if (stage is None) != (have is None):
        group = f"{stage or 'accepted'} / {have or 'accepted'}"
        yield Disagreement(name, "verdict", group, _say(server), None if isinstance(ours, str) or ours is None else ours.errors[:4])
    if stage != have and not (server.get("strict") and server.get("errors")):
        if stage is not None and have is not None:
            yield Disagreement(name, "stage", f"{stage} / {have}", _say(server), getattr(ours, "errors", ours))
        return
    if stage in (None, "yaml"):
        if stage is None:
            yield from _accepted(name, server, ours)
        return
    yield from _refused(name, server, ours, stage)


def _say(server: dict[str, Any]) -> Any:
    return server.get("yaml_error") or server.get("decode_error") or {k: server[k] for k in ("strict", "errors", "status_message") if k in server}


def _refused(name: str, server: dict[str, Any], ours: Any, stage: str) -> Iterable[Disagreement]:
    if stage == "decode":
        text = ours.errors[0].message if ours.errors else ""
        if text != server["decode_error"]:
            yield Disagreement(name, "decode", _shape(server["decode_error"]), server["decode_error"], text)
        return
    want, have = server.get("strict", []), [e.message for e in ours.errors if e.type == "Strict"]
    if want != have:
        kind = "strict" if sorted(want) != sorted(have) else "strict order"
        yield Disagreement(name, kind, _shape(str(want or have)), want, have)
    wanted = [(e["type"], e["field"], e["detail"]) for e in server.get("errors", [])]
    found = [(e.type, e.field, e.message) for e in ours.errors if e.type not in ("Strict", "Decode", "YAML")]
    if wanted == found:
        return
    missing, extra = Counter(wanted) - Counter(found), Counter(found) - Counter(wanted)
    if not missing and not extra:
        if any(_MAP_KEY.search(field) for _, field, _ in wanted):
            return  # the server walks maps in random order
        first = next(w for w, h in zip(wanted, found, strict=True) if w != h)
        yield Disagreement(name, "order", f"{first[0]} {_shape(first[1])}", wanted, found)
        return
    if "status_message" in server and not wanted and found:
        return  # a refusal without a field: joblint may name one
    fields = {w[:2] for w in wanted} != {h[:2] for h in found}
    one = next(iter(missing or extra))
    if not fields and len(missing) == len(extra) == 1 and (inner := _inside(one[2], next(iter(extra))[2])):
        path, theirs, mine = inner
        yield Disagreement(name, "messages", f"{_shape(one[1])} prints {_shape(path)}", theirs, mine)
        return
    group = f"{'missing' if missing else 'extra'} {one[0]} {_shape(one[1])}: {_shape(one[2])}"
    yield Disagreement(name, "fields" if fields else "messages", group, list(missing), list(extra))


def _inside(server: str, ours: str) -> tuple[str, Any, Any] | None:
    """Where two texts that show an object differ in it."""
    decoder = json.JSONDecoder()
    try:
        theirs, mine = (decoder.raw_decode(text, text.index("{"))[0] for text in (server, ours))
    except ValueError:
        return None
    return first_difference(theirs, mine)


def _accepted(name: str, server: dict[str, Any], ours: Any) -> Iterable[Disagreement]:
    want, have = server.get("warnings", []), list(ours.warnings)
    if want != have:
        yield Disagreement(name, "warnings" if sorted(want) != sorted(have) else "warnings order", _shape(str(want or have)), want, have)
    if "defaulted" in server:
        theirs, mine = _without_system(kept(server["defaulted"], server["stored"])), _without_system(ours.defaulted)
        if theirs != mine:
            path, theirs, mine = first_difference(theirs, mine)
            yield Disagreement(name, "defaulted", _shape(path), theirs, mine)


_SYSTEM = ("creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid")


def kept(defaulted: Any, stored: Any) -> Any:
    """What was given or defaulted, without the fields that create drops because their feature is off."""
    if isinstance(defaulted, dict) and isinstance(stored, dict):
        return {k: kept(v, stored[k]) for k, v in defaulted.items() if k in stored}
    if isinstance(defaulted, list) and isinstance(stored, list) and len(defaulted) == len(stored):
        return [kept(a, b) for a, b in zip(defaulted, stored, strict=True)]
    return defaulted


def _without_system(value: Any) -> Any:
    """Without status and the metadata that the server writes itself."""
    metadata = {k: v for k, v in value["metadata"].items() if k not in _SYSTEM}
    return {**{k: v for k, v in value.items() if k != "status"}, "metadata": metadata}


def first_difference(server: Any, ours: Any, path: str = "") -> tuple[str, Any, Any]:
    """The first place in which two JSON values differ, and what stands there."""
    if isinstance(server, dict) and isinstance(ours, dict):
        for key in sorted({*server, *ours}, key=str):
            if key not in server or key not in ours or server[key] != ours[key]:
                return first_difference(server.get(key, "(nothing)"), ours.get(key, "(nothing)"), f"{path}.{key}")
    if isinstance(server, list) and isinstance(ours, list) and len(server) == len(ours):
        for n, (a, b) in enumerate(zip(server, ours, strict=True)):
            if a != b:
                return first_difference(a, b, f"{path}[{n}]")
    return path.lstrip("."), server, ours


def _shape(text: str) -> str:
    """A text without its numbers and values, so that like stands by like."""
    text = text.replace("spec.jobTemplate.spec.", "spec.")
    text = re.sub(r'"(?:[^"\\]|\\.)*"', '"…"', text)
    text = re.sub(r"'[^']{0,80}'", "'…'", text) if len(text) < 400 else text
    return re.sub(r"\d+", "N", re.sub(r"\{.*\}", "{…}", text))[:160]


def judge_sent(documents: list[dict[str, Any]], version: str) -> dict[tuple[int, int | None], Any]:
    """The same for the JSON that kubectl sends, so that reading YAML plays no part."""
    from joblint.api.judge import judge

    return {(d["doc"], d.get("item")): judge(d["sent"], version) for d in documents if "sent" in d}


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
        for server in answer["documents"]:
            key = server["doc"], server.get("item")
            if api_only and key not in ours:
                continue
            yield from compare_document(name, server, ours.get(key))


def _only_value(text: str) -> Any:
    from joblint.source.documents import read

    return next((d.value for d in read(text.encode("utf-8", "surrogatepass"), "file.yaml") if d.value is not None), None)


def compare_pairs(questions: list[dict[str, str]], version: str, api_only: bool = False) -> Iterable[Disagreement]:
    """Every point in which joblint and the server differ on applying the second manifest of each pair over the first."""
    from joblint.api.merge import apply

    texts = {q["id"]: q for q in questions}
    for answer in oracle.ask(version, questions, *(["-sent"] if api_only else [])):
        name, server = answer["id"], answer["verdict"]
        if "namespace of the provided object" in server.get("status_message", ""):
            continue  # two objects in two namespaces
        if server.get("old_refused") or server.get("panic") or (api_only and "sent_new" not in server):
            continue
        try:
            if api_only:
                ours = apply(server["sent_old"], server["sent_new"], version)
            else:
                ours = apply(_only_value(texts[name]["old"]), _only_value(texts[name]["new"]), version)
        except Exception as error:
            yield Disagreement(name, "crash", f"{type(error).__name__} {_place(error)}", "", str(error)[:200])
            continue
        yield from _compare_pair(name, server, ours)


def _compare_pair(name: str, server: dict[str, Any], ours: Any) -> Iterable[Disagreement]:
    want = "unchanged" if server["unchanged"] else "updated" if server["accepted"] else "refused"
    if ours.outcome != want:
        yield Disagreement(name, "outcome", f"{want} / {ours.outcome}", server, ours.errors)
        return
    patch = json.loads(server.get("patch", "null"), parse_int=_number)
    if patch is not None and patch != ours.patch:
        path, theirs, mine = first_difference(patch, ours.patch)
        yield Disagreement(name, "patch", _shape(path), theirs, mine)
    if "status_message" in server:
        if not ours.errors or ours.errors[0].message != server["status_message"]:
            yield Disagreement(name, "apply message", _shape(server["status_message"]), server["status_message"], ours.errors)
        return
    want_strict, have_strict = server.get("strict", []), [e.message for e in ours.unknown]
    if want_strict != have_strict:
        yield Disagreement(name, "apply strict", _shape(str(want_strict or have_strict)), want_strict, have_strict)
    for point in _refused(name, {"errors": server.get("errors", [])}, ours, "validate"):
        yield point._replace(kind="apply " + point.kind)


def _number(text: str) -> int | float:
    """A whole number as kubectl holds it."""
    number = int(text)
    return number if -(2**63) <= number < 2**63 else float(text)


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
    lines = [f"{len({d.id for d in found})} manifests or pairs disagree in {len(found)} points: " + ", ".join(f"{k} {n}" for k, n in Counter(d.kind for d in found).most_common())]
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
    parser.add_argument("--kubernetes-version", default="1.36", choices=oracle.versions())
    parser.add_argument("--show", type=int, default=3)
    parser.add_argument("--allow", type=int, default=40)
    parser.add_argument("--api-only", action="store_true", help="judge the JSON that kubectl would send: no YAML is read")
    parser.add_argument("--write", metavar="DIR", help="keep each manifest that disagrees there")
    options = parser.parse_args()
    version = options.kubernetes_version
    corpus = Corpus(oracle.shapes(version), options.seed)
    questions = [dict(zip(("id", "yaml"), corpus.manifest(n), strict=True)) for n in range(options.manifests)]
    found = list(compare_manifests(questions, version, options.api_only))
    pairs = [dict(zip(("id", "old", "new"), corpus.pair(n), strict=True)) for n in range(options.pairs)]
    found += compare_pairs(pairs, version, options.api_only)
    texts = {q["id"]: q for q in [*questions, *pairs]}
    sys.stdout.write(f"{len(questions)} manifests and {len(pairs)} pairs, Kubernetes {version}, seed {options.seed}\n" + report(found, texts, options.show))
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
