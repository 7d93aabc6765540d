"""An overlay that kustomize cannot build, or of which it leaves out a patch, as findings: from what joblint sees in its files,
or from what kustomize prints."""

from __future__ import annotations

import os

from joblint.base.record import Record
from joblint.run.render.kustomize import patch_documents, patches_of, shown_from_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding
    from joblint.run.render.kustomize_faults import Fault
    from joblint.source.documents import Document

RULE = "overlay-not-built"
UNMATCHED = "patch-matches-nothing"
_LONGEST = 100
_ELSEWHERE: tuple[str, ...] = (
    "remote",
    "://",
    "git fetch",
    "not on the PATH",
    "did not finish",
    "printed more than",
    "enable-helm",
    "plugin",
)
_ELSEWHERE += ("executable file not found", "enable-exec", "enable-alpha", "Permission denied", "Access denied")
"""Reasons that are not a mistake in the files of the overlay."""


class Why(Record):
    """What a program says of an overlay: the directory of the kustomization that it is about ("": not known), and the reason."""

    folder: str
    said: str


def reason(said: str) -> Why:
    """Return the innermost reason in what kustomize or kubectl prints, which repeats all steps that led to it."""
    import re
    from json import loads

    found = re.search(r'"command failed" err=(".*")\s*$', said, re.DOTALL)
    if found is not None:
        try:
            said = str(loads(found[1]))
        except ValueError:
            said = found[1].strip('"')
    said = said.removeprefix("Error: ")
    folder = ""
    for step in re.finditer(r"(?:couldn't make target for path|recursed accumulation of path) '([^']+)': ", said):
        folder, rest = step[1], said[step.end() :]
    said = rest if folder else said
    said = re.sub(
        r"^(?:accumulating (?:resources|components): )?(?:accumulation err='.*': (?=\S))?", "", said, count=1, flags=re.DOTALL
    )
    return Why(folder, " ".join(said.split()))


def is_of_the_files(said: str) -> bool:
    """Return whether what a program says is a mistake in the files, and not a limit of this machine."""
    return not any(word in said for word in _ELSEWHERE)


def findings(engine: Engine, folder: str, said: str = "") -> tuple[Finding, ...]:
    """Return the findings on an overlay that is not built: what joblint sees in its files, otherwise what a program `said`."""
    from joblint.run.render.kustomize_faults import faults

    rule = engine.rule(RULE)
    if rule is None:
        return ()
    found = faults(folder)
    if all(fault.severity == "info" for fault in found) and said and is_of_the_files(said) and "loading KV pairs" not in said:
        found += _from_program(folder, said)
    return tuple([_finding(engine, rule, fault) for fault in found])


def unmatched(engine: Engine, folder: str) -> tuple[Finding, ...]:
    """Return the findings on patches for Jobs in an overlay whose target is not among its objects."""
    from joblint.run.render.kustomize_faults import without_effect

    rule = engine.rule(UNMATCHED)
    return () if rule is None else tuple([_finding(engine, rule, fault) for fault in without_effect(folder)])


def _from_program(folder: str, said: str) -> tuple[Fault, ...]:
    """The reason that a program gives, at the step of a JSON patch that it is about, otherwise at the kustomization."""
    from joblint.base.content import small
    from joblint.run.render.kustomize_faults import Fault
    from joblint.source.documents import read
    from joblint.source.unrendered.kustomize_patches import NAMES

    why = reason(said)
    here = why.folder or folder
    file = next((os.path.join(here, name) for name in NAMES if os.path.isfile(os.path.join(here, name))), "")
    if not file:
        return ()
    document = read(small(file), shown_from_here(file), templates=False)[0]
    outside = why.said.partition("security; file '")[2].partition("'")[0]
    if outside:
        return (_outside(document, here, outside),)
    path = why.said.rpartition("missing path: ")[2].partition(": missing")[0] if "missing path: " in why.said else ""
    value = document.value if isinstance(document.value, dict) else {}
    for patch in patches_of(value, here, document.file, document) if path else ():
        for one in patch_documents(patch.file, patch.text, patch.before):
            for i, step in enumerate(one.value if isinstance(one.value, list) else ()):
                if isinstance(step, dict) and step.get("path") == path:
                    problem = f'{step.get("op")} of a JSON patch finds no "{path}"'
                    advice = "op: add" if step.get("op") == "replace" else "Correct path: it must exist in the resource."
                    return (Fault(one, one.span(f"[{i}].path"), problem, advice),)
    advice = f"kustomize build {shown_from_here(folder)}    shows the whole message"
    return (Fault(document, document.span("", "key"), why.said, advice),)


def _outside(document: Document, folder: str, file: str) -> Fault:
    """A file outside of the directory, which kustomize does not read; its options, or a GitOps tool, may allow it."""
    from joblint.run.render.kustomize_faults import Fault
    from joblint.run.render.kustomize_words import of_place

    whole = os.path.realpath(file)
    entries = [(at, text) for at, text in document.scalars() if isinstance(text, str) and "\0" not in text]
    at = next((at for at, text in entries if os.path.realpath(os.path.join(folder, text)) == whole), "")
    return Fault(document, document.span(at), *of_place(os.path.relpath(file, folder), shown_from_here(folder)), "warning")


def _finding(engine: Engine, rule: Rule, fault: Fault) -> Finding:
    from joblint.rules.finding import Hit, Origin, of_rule

    document, span = fault.document, fault.span
    problem = fault.problem if len(fault.problem) <= _LONGEST else f"{fault.problem[: _LONGEST - 2].rstrip()} …"
    around = (span.line - 1, span.line, span.line + 1)
    return of_rule(
        rule,
        engine.severity(rule, Hit("", {}, severity=fault.severity)),
        {"problem": problem.rstrip(". "), "advice": fault.advice},
        file=document.file,
        document=document.index,
        span=span,
        excerpt=tuple([(n, text) for n in around if (text := document.source_line(n)) is not None]),
        source=Origin(document.file, span.line, span.column, None),
    )
