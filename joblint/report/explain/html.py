"""Explanations as a self-contained page: one file, no network, light and dark, printable."""

from __future__ import annotations

from html import escape

from joblint import __version__ as VERSION
from joblint.report.explain.page.job import job
from joblint.report.explain.page.manifest import manifest
from joblint.report.explain.page.script import SCRIPT
from joblint.report.explain.page.stylesheet import PAGE_STYLE, PICTURE_STYLE
from joblint.report.safe import safe, safe_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.explain.explanation import Explanation
    from joblint.run.explain import Explained


def render(explained: Explained) -> str:
    """Return the page as text. The manifest is on the left with its findings, its Jobs are on the right."""
    style = PAGE_STYLE + PICTURE_STYLE
    # Only this style and script may run, and nothing may be fetched, whatever a manifest contains.
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(SCRIPT)}'; base-uri 'none'; form-action 'none'"
    groups: dict[tuple[str, int], list[tuple[int, Explanation]]] = {}
    for n, e in enumerate(explained.explanations):
        groups.setdefault((e.file, e.document), []).append((n, e))
    sources = dict(explained.sources)
    body = "".join([_document(explained, sources.get(file, ""), file, number, es) for (file, number), es in groups.items()])
    # Each value is escaped where it is inserted; a text of several lines could still begin one as a command of a log.
    body = "\n".join([safe_output(line) for line in body.split("\n")])
    if not groups:
        body = '<div class="document"><p>No Job or CronJob to explain.</p></div>'
    skipped = "".join([f"<li>{escape(safe(s.file))} ({escape(safe(s.reason))})</li>" for s in explained.skipped])
    foot = f"<p>Not explained:</p><ul>{skipped}</ul>" if skipped else ""
    title = ", ".join([f"{e.kind} {e.name}" for e in explained.explanations[:3]]) or "joblint"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(safe(title))}</title>'
        f"<style>{style}</style></head>\n<body><header><h1>What will happen</h1> joblint {VERSION} jobs-explain</header>\n"
        f"<main>{body}</main>\n<footer>{foot}</footer>\n<script>{SCRIPT}</script></body></html>\n"
    )


def _document(explained: Explained, source: str, file: str, number: int, es: list[tuple[int, Explanation]]) -> str:
    findings = tuple([f for f in explained.findings if f.file == file and f.document == number])
    text = manifest(source, es[0][1].line, findings)
    jobs = "".join([job(e, n) for n, e in es])
    return (
        f'<div class="document"><section class="manifest" aria-label="manifest"><div><h2>{escape(safe(file))}</h2>{text}</div>'
        f'</section><div class="jobs">{jobs}</div></div>'
    )


def _hash(text: str) -> str:
    from base64 import b64encode
    from hashlib import sha256

    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode("ascii")
