"""What one rule says about a manifest or a script."""

from __future__ import annotations

from tests.rules.helper import job_of, report_of, script_of


def told(rule: str, manifest: str) -> str:
    """The message and the fix of a rule's findings on a manifest; "" for none."""
    report = report_of(manifest, select=(rule,))
    assert not report.crashes
    return "\n".join([f"{f.message}\n{f.fix_text}" for f in report.findings if f.rule == rule])


def said(rule: str, script: str, phrases: tuple[str, ...], shell: str = "bash") -> None:
    """A rule says all phrases about a script, or nothing if there are none."""
    found = told(rule, job_of(script_of(script, shell)))
    missing = [phrase for phrase in phrases if phrase not in found]
    assert bool(found) == bool(phrases) and not missing, found
