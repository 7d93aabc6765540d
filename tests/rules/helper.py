"""Running rules over manifests given as text."""

from __future__ import annotations

from joblint.checker import Report, check_text
from joblint.rules.engine import Engine
from joblint.rules.rule import builtin
from joblint.rules.select import Selection, chosen


def report_of(manifest: str, version: str = "1.36", profile: str = "strict", select: tuple[str, ...] = ()) -> Report:
    """The report on a manifest, with the rules of every profile unless said otherwise."""
    engine = Engine(chosen(builtin(), Selection(select=select, profile=profile), version), version)
    return check_text(engine, manifest.encode(), "job.yaml")
