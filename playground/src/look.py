"""The calls of the page in the browser: the findings of a text with their fixes, and what its Jobs will do, as a page."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from time import time
from typing import Any

from joblint import __version__
from joblint.api.version.versions import DEFAULT, VERSIONS
from joblint.report.explain.page.job import job
from joblint.report.explain.page.script import SCRIPT
from joblint.report.explain.page.stylesheet import PAGE_STYLE, PICTURE_STYLE
from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.rules.finding import Finding
from joblint.run.again import Again
from joblint.run.explain import explain_files

NAME = "manifest.yaml"
STYLE = PAGE_STYLE + PICTURE_STYLE + "body{padding:20px 24px}@media (max-width:640px){body{padding:16px}}"

_again: dict[str, Again] = {}


def about() -> str:
    """What the page shows before anything is typed, as JSON: joblint's version, and the Kubernetes versions, newest first."""
    return json.dumps({"joblint": __version__, "versions": list(reversed(VERSIONS)), "default": DEFAULT})


def check(text: str, version: str) -> str:
    """The findings of a manifest, and what was not checked, as JSON; lines and columns count from 1, in characters."""
    again = _again.get(version)
    if again is None:
        _again.clear()
        again = _again[version] = Again(Engine(chosen(builtin(), Selection(), version), version), NAME)
    report = again.check(text.encode("utf-8", "replace"))
    return json.dumps(
        {
            "checked": len(report.documents),
            "findings": [_finding(f) for f in report.findings],
            "skipped": [s.reason for s in report.skipped],
            "crashes": [c.error for c in report.crashes],
        }
    )


def _finding(f: Finding) -> dict[str, Any]:
    at = f.span
    fix = f.fix
    return {
        "rule": f.rule,
        "name": f.name,
        "severity": f.severity,
        "message": "\n".join((f.message, *f.also)),
        "why": f.why,
        "advice": f.fix_text,
        "at": [at.line, at.column, at.end_line, at.end_column],
        "fix": None
        if fix is None
        else {"title": fix.title, "edits": [[e.line, e.column, e.end_line, e.end_column, e.text] for e in fix.edits]},
    }


def page(text: str, version: str) -> str:
    """What the Jobs and CronJobs of a manifest will do, as a page that fetches nothing; "" where there is none."""
    explained = explain_files([(NAME, text.encode("utf-8", "replace"))], version, now=time(), ladder=True)
    jobs = "".join([job(e, n) for n, e in enumerate(explained.explanations)])
    if not jobs:
        return ""
    policy = f"default-src 'none'; style-src '{digest(STYLE)}'; script-src '{digest(SCRIPT)}'"
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>What will happen</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><style>{STYLE}</style></head>'
        f"<body><main>{jobs}</main><script>{SCRIPT}</script></body></html>"
    )


def digest(text: str) -> str:
    """The policy's name for a script or a style sheet that a page may contain."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode("ascii")
