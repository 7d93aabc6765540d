"""What applying NEW over OLD does, object by object; reads files, knows no format.

Objects are matched by apiVersion, kind, namespace and name, as kubectl does.
"""

from __future__ import annotations

from joblint.api.verdict import ApiError
from joblint.base.record import record
from joblint.rules.finding import RuleCrash, failed
from joblint.run.effects import effects
from joblint.source.documents import DEEP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    Texts = Iterable[tuple[str, bytes]]
    Key = tuple[str, str, str, str]

KINDS = ("Job", "CronJob")


@record
class Change:
    """What becomes of one object. `outcome` is created, unchanged, updated, refused or removed; `file` and `line` are
    NEW's (OLD's for what is removed); `patch` is what kubectl sends."""

    file: str
    line: int
    kind: str
    namespace: str | None
    name: str
    outcome: str
    errors: tuple[ApiError, ...]
    effects: tuple[str, ...]
    patch: dict[str, Any] | None


@record
class Diff:
    """All changes in the order of NEW, then what OLD alone has; `skipped` are documents that are not compared, with why,
    `crashes` those that joblint itself failed on."""

    changes: tuple[Change, ...]
    skipped: tuple[tuple[str, int, str], ...]
    kubernetes: str
    crashes: tuple[RuleCrash, ...] = ()


@record
class _Object:
    file: str
    line: int
    document: int
    value: dict[str, Any]


def diff(old: Texts, new: Texts, version: str) -> Diff:
    """The changes between two sets of files, given as names and contents. Raises ValueError for an unknown version."""
    skipped: list[tuple[str, int, str]] = []
    crashes: list[RuleCrash] = []
    before = _objects(old, [], crashes)
    after = _objects(new, skipped, crashes)
    changes = []
    for key, found in after.items():
        try:
            changes.append(_change(before.get(key), found, version))
        except RecursionError:
            skipped.append((found.file, found.document, DEEP.format(line=found.line)))
        except MemoryError:
            raise
        except Exception as error:  # one bad object must not take the others with it
            crashes.append(failed(found.file, found.document, error))
    for key, found in before.items():
        if key not in after:
            words = effects("removed", found.value, None, ())
            changes.append(Change(found.file, found.line, key[1], key[2] or None, key[3], "removed", (), words, None))
    return Diff(tuple(changes), tuple(skipped), version, tuple(crashes))


def _objects(files: Texts, skipped: list[tuple[str, int, str]], crashes: list[RuleCrash]) -> dict[Key, _Object]:
    from joblint.source.documents import read

    found: dict[Key, _Object] = {}
    for name, data in files:
        for document in read(data, name):
            if document.bug:
                crashes.append(RuleCrash("", "", name, document.index, document.bug))
            broken = [p for p in document.problems if p.kind == "yaml"]
            if broken:
                span = broken[0].span
                skipped.append((name, document.index, f"not readable as YAML at {span.line}:{span.column}: {broken[0].message}"))
                continue
            if document.skipped:
                skipped.append((name, document.index, document.skipped))
                continue
            for prefix, value in document.objects() if document.value is not None else ():
                if not isinstance(value, dict) or value.get("kind") not in KINDS:
                    kind = value.get("kind") if isinstance(value, dict) else None
                    skipped.append((name, document.index, f"kind {kind}" if kind else "no Kubernetes object: it has no kind"))
                    continue
                meta = value.get("metadata")
                meta = meta if isinstance(meta, dict) else {}
                title = str(meta.get("name") or meta.get("generateName") or f"<no name, {name} document {document.index}>")
                key = (str(value.get("apiVersion")), str(value["kind"]), str(meta.get("namespace") or ""), title)
                line = document.span(prefix.rstrip(".")).line if prefix else document.line
                if key in found and skipped is not None:
                    skipped.append(
                        (found[key].file, document.index, f"{value['kind']} {title} stands again in {name}, which wins")
                    )
                found[key] = _Object(name, line, document.index, value)
    return found


def _change(old: _Object | None, new: _Object, version: str) -> Change:
    from joblint.api.apply.merge import apply
    from joblint.api.judge import judge

    meta = new.value.get("metadata")
    meta = meta if isinstance(meta, dict) else {}
    errors: tuple[ApiError, ...] = ()
    patch: dict[str, Any] | None = None
    live = old is not None
    if old is None:
        verdict = judge(new.value, version)
        generated = meta.get("generateName") and not meta.get("name")
        taken = verdict is None or verdict.accepted
        outcome = "created" if taken and not generated else "refused"
        errors = verdict.errors if verdict is not None else ()
        if generated and not errors:
            errors = (
                ApiError("Invocation", "metadata.name", f"from {meta['generateName']}: cannot use generate name with apply"),
            )
    else:
        result = apply(old.value, new.value, version)
        outcome, errors, patch = result.outcome, result.errors, result.patch
        live = result.live is not None
        if result.unknown and outcome != "refused":
            errors = result.unknown
    words = effects(outcome, old.value if old is not None and live else None, new.value, errors)
    if old is not None and outcome != "refused" and errors:
        words = ("kubectl refuses the unknown fields before that, unless it is told --validate=false", *words)
    name = str(meta.get("name") or meta.get("generateName") or "")
    return Change(new.file, new.line, str(new.value["kind"]), _text(meta.get("namespace")), name, outcome, errors, words, patch)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
