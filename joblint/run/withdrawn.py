"""Findings on one object that an object in another document or file contradicts; knows facts and findings, reads no files.

Source: Flux kustomize-controller v1 (spec.force): what the API server cannot change is deleted and created again.
"""

from __future__ import annotations

from joblint.rules.facts.around import FluxFacts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.facts.folder import Facts
    from joblint.rules.finding import Finding

HELD = "template-changes-under-fixed-name"
"""The rule whose findings are not reported before all files are known."""


def held(findings: list[Finding]) -> list[Finding]:
    """Return the findings that another file may contradict."""
    return [f for f in findings if f.name == HELD]


def not_withdrawn(findings: list[Finding], facts: list[Facts]) -> list[Finding]:
    """Return findings without those that the facts about all objects contradict."""
    forced = _forced(facts) if findings else []
    return [f for f in findings if not any(_applies(flux, f.file) for flux in forced)] if forced else findings


def not_withdrawn_in(files: list[str], facts: list[Facts]) -> int:
    """Return how many findings that are only counted remain; each is given by its file."""
    forced = _forced(facts) if files else []
    return len([file for file in files if not any(_applies(flux, file) for flux in forced)]) if forced else len(files)


def _forced(facts: list[Facts]) -> list[FluxFacts]:
    return [f for f in facts if isinstance(f, FluxFacts) and f.force]


def _applies(flux: FluxFacts, file: str) -> bool:
    """Whether a Kustomization applies a file: it is in the same one, or the file is below its directory, which is relative to
    the repository; what is above that is not known."""
    path = "/".join([part for part in flux.path.split("/") if part not in ("", ".")])
    return flux.origin.file == file or bool(path) and f"/{path}/" in f"/{file}"
