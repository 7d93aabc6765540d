"""The left side of the page: the manifest's lines with their numbers, and the findings under the lines they are about."""

from __future__ import annotations

from html import escape

from joblint.report.safe import safe, safe_line
from joblint.rules.finding import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.finding import Finding

MOST_LINES = 3000

_GAP = "   "
"""The separator between what to type and the words after it."""


def manifest(source: str, first: int, findings: tuple[Finding, ...]) -> str:
    """Return the document of a file that contains line `first` (from 1), as HTML; `findings` are those of this document."""
    lines = source.split("\n")
    begin, end = extent(lines, first)
    by_line: dict[int, list[Finding]] = {}
    for f in findings:
        by_line.setdefault(min(max(f.span.line, begin), end), []).append(f)
    parts = []
    for number in range(begin, min(end, begin + MOST_LINES) + 1):
        here = sorted(by_line.get(number, ()), key=lambda f: -SEVERITIES.index(f.severity))
        parts.append(_line(number, lines[number - 1], here))
        parts.extend([_finding(f) for f in here])
    if end > begin + MOST_LINES:
        parts.append(f'<div class="line"><span class="n"></span>… {end - begin - MOST_LINES} more lines</div>')
    return f'<div class="source">{"".join(parts)}</div>'


def extent(lines: list[str], first: int) -> tuple[int, int]:
    """Return the first and the last line of the document that contains a line, without the `---` around it (all from 1)."""
    begin = end = max(1, min(first, len(lines)))
    while begin > 1 and not lines[begin - 2].startswith("---"):
        begin -= 1
    while end < len(lines) and not lines[end].startswith("---"):
        end += 1
    while end > begin and not lines[end - 1].strip():
        end -= 1
    return begin, end


def _line(number: int, text: str, findings: list[Finding]) -> str:
    shown = safe_line(text)
    gravest = findings[0] if findings else None
    if gravest is None or gravest.span.line != number or len(shown) != len(text.rstrip("\r")):
        body = escape(shown)
    else:
        span = gravest.span
        stop = span.end_column - 1 if span.end_line == number else len(shown)
        a, b = min(span.column - 1, len(shown)), min(max(stop, span.column), len(shown))
        body = f"{escape(shown[:a])}<mark>{escape(shown[a:b])}</mark>{escape(shown[b:])}"
    name = f"line {gravest.severity}" if gravest else "line"
    return f'<div class="{name}"><span class="n">{number}</span><span>{body}</span></div>'


def _finding(f: Finding) -> str:
    why = "\n\n".join([escape(safe(" ".join(part.split()))) for part in f.why.split("\n\n")])  # the page breaks the lines
    return (
        f'<div class="finding {f.severity}"><span class="rule">{escape(f.rule)} {escape(f.name)}</span>'
        f"<b>{f.severity}</b> {escape(safe(f.message))}"
        + "".join([_fix(code, words) for code, words in _fixes(f.fix_text)])
        + (f'<details class="why"><summary>why</summary>{why}</details>' if why.strip() else "")
        + "</div>"
    )


def _fix(code: str, words: str) -> str:
    """What to type, with a button that copies it, and the words after it; a sentence is nothing to type."""
    if code[:1].isupper():
        code, words = "", "   ".join([text for text in (code, words) if text])
    copy = '<button type="button" class="copy" aria-label="copy the fix">copy</button>' if code else ""
    typed, more = ["\n".join([escape(safe(line)) for line in text.split("\n")]) for text in (code, words)]
    typed = f'<span class="typed">{typed}</span> ' if typed else ""
    return f'<div class="fix">{copy}{typed}<span class="beside">{more}</span></div>'


def _fixes(text: str) -> list[tuple[str, str]]:
    """The fixes in a text as (what to type, words after it): each line separately if one has words after it."""
    lines = [line for line in text.strip("\n").split("\n") if line.strip()]
    if not any(_GAP in line.strip() for line in lines):
        return [(text.strip("\n"), "")] if lines else []
    parted = [line.strip().partition(_GAP) for line in lines]
    return [(code, words.strip()) for code, _, words in parted]
