"""How joblint and the API server's own code agree on one manifest or one apply; asks nobody, only compares.

A document or verdict of the server is what the Go program beside this file prints.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

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


def repeated_keys(text: str) -> set[int]:
    """The documents of a file in which joblint sees a key twice in one map."""
    from joblint.source.documents import read

    documents = read(text.encode("utf-8", "surrogatepass"), "file.yaml")
    return {d.index for d in documents if any(p.kind == "duplicate-key" for p in d.problems)}


def judge_text(text: str, version: str) -> dict[tuple[int, int | None], Any]:
    """What joblint says of every object of a file: {(document, item of a List): Verdict | "yaml" | "skipped" | None}."""
    from joblint.api.judge import judge
    from joblint.source.documents import read

    found: dict[tuple[int, int | None], Any] = {}
    for document in read(text.encode("utf-8", "surrogatepass"), "file.yaml"):
        if any(p.kind == "yaml" for p in document.problems):
            found[document.index, None] = "yaml"
            continue
        if document.skipped:
            found[document.index, None] = "skipped"  # a template is nobody's to judge before it is filled in
            continue
        if document.value is None:
            continue
        for number, (prefix, value) in enumerate(document.objects()):
            found[document.index, number if prefix else None] = judge(value, version)
    return found


def only_value(text: str) -> Any:
    """The first object of a file as joblint reads it."""
    from joblint.source.documents import read

    return next((d.value for d in read(text.encode("utf-8", "surrogatepass"), "file.yaml") if d.value is not None), None)


def judge_sent(documents: list[dict[str, Any]], version: str) -> dict[tuple[int, int | None], Any]:
    """The same for the JSON that kubectl sends, so that reading YAML plays no part."""
    from joblint.api.judge import judge

    return {(d["doc"], d.get("item")): judge(d["sent"], version) for d in documents if "sent" in d}


def worded(version: str) -> bool:
    """Whether a version's texts can be compared: up to 1.33 they show Go's structs, with addresses in memory."""
    return tuple(int(n) for n in version.split(".")) >= (1, 34)


def compare_document(name: str, server: dict[str, Any], ours: Any, words: bool = True) -> Iterable[Disagreement]:
    """The points in which one document's verdicts differ; without `words` the texts of field errors may differ."""
    stage = expected_stage(server)
    if server["kind"] not in ("Job", "CronJob") and stage != "yaml":
        return  # joblint has no say in other kinds
    if ours == "skipped":
        return
    have = "yaml" if ours == "yaml" else "nothing" if ours is None else ours.stage
    if stage == "panic":
        if have in (None, "nothing"):
            yield Disagreement(name, "verdict", "server panics", "panic", have)
        return
    if (stage is None) != (have is None):
        group = f"{stage or 'accepted'} / {have or 'accepted'}"
        yield Disagreement(
            name, "verdict", group, _say(server), None if isinstance(ours, str) or ours is None else ours.errors[:4]
        )
    if stage != have and not (server.get("strict") and server.get("errors")):
        if stage is not None and have is not None:
            yield Disagreement(name, "stage", f"{stage} / {have}", _say(server), getattr(ours, "errors", ours))
        return
    if stage in (None, "yaml"):
        if stage is None:
            yield from _accepted(name, server, ours)
        return
    yield from _refused(name, server, ours, stage, words)


def _say(server: dict[str, Any]) -> Any:
    return (
        server.get("yaml_error")
        or server.get("decode_error")
        or {k: server[k] for k in ("strict", "errors", "status_message") if k in server}
    )


def _refused(name: str, server: dict[str, Any], ours: Any, stage: str, words: bool = True) -> Iterable[Disagreement]:
    if stage == "decode":
        text = ours.errors[0].message if ours.errors else ""
        if text != server["decode_error"]:
            yield Disagreement(name, "decode", _shape(server["decode_error"]), server["decode_error"], text)
        return
    want, have = server.get("strict", []), [e.message for e in ours.errors if e.type == "Strict"]
    if want != have:
        kind = "strict" if sorted(want) != sorted(have) else "strict order"
        yield Disagreement(name, kind, _shape(str(want or have)), want, have)
    wanted = [(e["type"], e["field"], e["detail"] if words else "") for e in server.get("errors", [])]
    # joblint also tells that the server would fail on a missing completions, were it not for the unknown field.
    said = [e for e in ours.errors if e.type not in ("Strict", "Decode", "YAML") and not (stage == "strict" and wanted == [])]
    found = [(e.type, e.field, e.message if words else "") for e in said]
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
        yield Disagreement(
            name, "warnings" if sorted(want) != sorted(have) else "warnings order", _shape(str(want or have)), want, have
        )
    if "object" in server or "defaulted" in server:
        theirs, mine = server.get("object") or expected_object(server), _comparable(ours.defaulted)
        if theirs != mine:
            path, theirs, mine = first_difference(theirs, mine)
            yield Disagreement(name, "defaulted", _shape(path), theirs, mine)


_SYSTEM = (
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
)


def kept(defaulted: Any, stored: Any) -> Any:
    """What was given or defaulted, in the form in which create keeps it: without fields whose feature is off."""
    if isinstance(defaulted, dict) and isinstance(stored, dict):
        return {k: kept(v, stored[k]) for k, v in defaulted.items() if k in stored}
    if isinstance(defaulted, list) and isinstance(stored, list) and len(defaulted) == len(stored):
        return [kept(a, b) for a, b in zip(defaulted, stored, strict=True)]
    return stored


def expected_object(document: dict[str, Any]) -> Any:
    """What a manifest is worth once it is accepted: given, defaulted and not dropped; without what the server makes up."""
    return _comparable(kept(document["defaulted"], document["stored"]))


def _comparable(value: Any) -> Any:
    """An object without status and the metadata that the server writes itself."""
    metadata = {k: v for k, v in value["metadata"].items() if k not in _SYSTEM}
    return _without_empty_times({**{k: v for k, v in value.items() if k != "status"}, "metadata": metadata})


def _without_empty_times(value: Any) -> Any:
    """Up to 1.33 a template's metadata says that it has no time of creation: of no use to anybody."""
    if isinstance(value, dict):
        return {k: _without_empty_times(v) for k, v in value.items() if k != "creationTimestamp" or v is not None}
    return [_without_empty_times(v) for v in value] if isinstance(value, list) else value


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


def comparable_pair(server: dict[str, Any]) -> bool:
    """Whether an apply can be compared: there is a live object, of the same namespace, and kubectl read both files."""
    message = server.get("status_message", "")
    other = "namespace of the provided object" in message or message.startswith(("json: offset", "error converting YAML"))
    return not (server.get("old_refused") or server.get("panic") or other)


def compare_pair(name: str, server: dict[str, Any], ours: Any, words: bool = True) -> Iterable[Disagreement]:
    """The points in which the two differ on one apply; `ours` is a joblint.api.apply.merge.ApplyResult."""
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
    for point in _refused(name, {"errors": server.get("errors", [])}, ours, "validate", words):
        yield point._replace(kind="apply " + point.kind)


def _number(text: str) -> int | float:
    """A whole number as kubectl holds it."""
    number = int(text)
    return number if -(2**63) <= number < 2**63 else float(text)
