"""Running rules over manifests given as text."""

from __future__ import annotations

from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.run.check import check_text
from joblint.run.result import Report


def engine_of(version: str = "1.36") -> Engine:
    """An engine with the rules of every profile."""
    return Engine(chosen(builtin(), Selection(profile="strict"), version), version)


def report_of(manifest: str, version: str = "1.36", profile: str = "strict", select: tuple[str, ...] = ()) -> Report:
    """The report on a manifest, with the rules of every profile unless said otherwise."""
    engine = Engine(chosen(builtin(), Selection(select=select, profile=profile), version), version)
    return check_text(engine, manifest.encode(), "job.yaml")
