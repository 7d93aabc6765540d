"""Explanations as one SVG picture: each Job with the timeline of every scenario; self-contained."""

from __future__ import annotations

from html import escape

from joblint.api.version.versions import titled
from joblint.report.explain.page.stylesheet import PICTURE_STYLE
from joblint.report.explain.picture import picture
from joblint.report.explain.timeline import timeline
from joblint.report.safe import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.explain.explanation import Explanation
    from joblint.report.explain.picture import Item, Picture
    from joblint.run.explain import Explained

_WIDTH = 900
_SIDE = 20
_LINE = 118  # characters of a line of words
_ERRORS = 4  # reasons of a rejection that are shown


def render(explained: Explained) -> str:
    """Return all explanations below one another, as the text of an SVG file."""
    parts: list[str] = []
    y = 10
    for e in explained.explanations:
        y += 26
        parts.append(_text("title", y, f"{e.kind} {e.name}"))
        y += 18
        parts.append(_text("quiet", y, f"{e.file}:{e.line}, Kubernetes {titled(e.kubernetes)}"))
        if not e.verdict.accepted:
            y += 18
            more = ". After the fix, it runs like this" if e.is_told else ""
            parts.append(_text("refused", y, f"The API server rejects this {e.kind}{more}:"))
            for line in _reasons(e):
                y += 17
                parts.append(_text("words", y, line))
        for line in _wrapped(e.headline):
            y += 18
            parts.append(_text("words", y, line))
        for told in ((e.asked,) if e.asked and e.asked not in e.scenarios else ()) + e.scenarios:
            y += 30
            parts.append(_text("scenario", y, told.title))
            drawn = picture(timeline(told, e.limits), told.title)
            parts.append(f'<g transform="translate({_SIDE} {y + 6})">{shapes(drawn.items)}</g>')
            y += 6 + drawn.height
            for line in _wrapped(told.text):
                y += 17
                parts.append(_text("words", y, line))
        y += 20
    if not explained.explanations:
        y += 26
        parts.append(_text("words", y, "No Job or CronJob to explain."))
    height = y + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img">'
        f"<title>What the Jobs will do</title><style>{PICTURE_STYLE}</style>"
        f'<rect class="paper" width="{_WIDTH}" height="{height}"/>{"".join(parts)}</svg>'
    )


def _reasons(e: Explanation) -> list[str]:
    """Why the API server rejects an object, in lines."""
    lines = []
    for x in e.verdict.errors[:_ERRORS]:
        lines += _wrapped(f"{x.field}: {x.message}" if x.field and x.type not in ("Strict", "Decode") else x.message)
    if len(e.verdict.errors) > _ERRORS:
        lines.append(f"and {len(e.verdict.errors) - _ERRORS} more")
    return lines if e.is_told else [*lines, "joblint can predict what it will do only after this is fixed."]


def svg(drawn: Picture) -> str:
    """Return one picture as an SVG element for a page."""
    label = escape(safe(drawn.label))
    return f'<svg viewBox="0 0 {drawn.width} {drawn.height}" role="img" aria-label="{label}">{shapes(drawn.items)}</svg>'


def shapes(items: tuple[Item, ...]) -> str:
    """Return the items of a picture as SVG elements."""
    return "".join([_shape(item) for item in items])


def _shape(item: Item) -> str:
    kind, name = item[0], escape(str(item[1]))
    if kind == "r":
        _, _, x, y, w, h, title = item
        shape = f'<rect class="{name}" x="{x}" y="{y}" width="{w}" height="{h}" rx="2"'
        return f"{shape}><title>{escape(safe(str(title)))}</title></rect>" if title else f"{shape}/>"
    if kind == "l":
        _, _, x1, y1, x2, y2 = item
        return f'<line class="{name}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'
    if kind == "p":
        return f'<polygon class="{name}" points="{escape(str(item[2]))}"/>'
    _, _, x, y, text = item
    return f'<text class="{name}" x="{x}" y="{y}">{escape(safe(str(text)))}</text>'


def _text(name: str, y: int, text: str) -> str:
    return f'<text class="{name}" x="{_SIDE}" y="{y}">{escape(safe(text))}</text>'


def _wrapped(text: str) -> list[str]:
    from textwrap import wrap

    return wrap(safe(text), _LINE)
