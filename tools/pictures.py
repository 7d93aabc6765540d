"""The pictures of the documentation, drawn from manifests by what draws the page of `jobs-explain`."""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from joblint.api.version.versions import DEFAULT  # noqa: E402
from joblint.explain.explanation import Explanation  # noqa: E402
from joblint.report.explain.page.stylesheet import PICTURE_STYLE  # noqa: E402
from joblint.report.explain.picture import Picture, picture, strip  # noqa: E402
from joblint.report.explain.svg import shapes  # noqa: E402
from joblint.report.explain.timeline import timeline  # noqa: E402
from joblint.run.explain import explain_files  # noqa: E402

NOW = 1767225600.0  # 2026-01-01T00:00:00Z: a picture does not change with the day on which it is drawn
WIDTH = 900


def pictures() -> dict[str, str]:
    """Every picture as SVG, by its name in docs/pictures."""
    return {
        "deadline.svg": _scenarios(_explained("examples/etl.yaml"), "fail"),
        "indexed.svg": _scenarios(_explained("docs/pictures/indexed.yaml"), "succeed", "fail"),
        "overlap.svg": _policies("docs/pictures/overlap.yaml"),
    }


def _explained(name: str, was: str = "", becomes: str = "") -> Explanation:
    text = (ROOT / name).read_text("utf-8").replace(was, becomes)
    return explain_files([(name, text.encode())], DEFAULT, now=NOW).explanations[0]


def _scenarios(e: Explanation, *names: str) -> str:
    told = {t.name: t for t in e.scenarios}
    return _drawn([(told[n].title, told[n].text, picture(timeline(told[n], e.limits), told[n].title)) for n in names])


def _policies(name: str) -> str:
    """What each concurrencyPolicy does with runs that take longer than the period."""
    parts = []
    for policy in ("Allow", "Forbid", "Replace"):
        schedule = _explained(name, "concurrencyPolicy: Allow", f"concurrencyPolicy: {policy}").schedule
        assert schedule is not None
        overlap = schedule.overlaps[0]
        parts.append((f"concurrencyPolicy: {policy}", overlap.text, strip(overlap)))
    return _drawn(parts)


def _drawn(parts: list[tuple[str, str, Picture]]) -> str:
    """Pictures below one another, each with a title and a sentence."""
    y, made = 0, []
    for title, text, drawn in parts:
        y += 30
        made.append(f'<text class="scenario" x="20" y="{y}">{escape(title)}</text>')
        made.append(f'<g transform="translate(20 {y + 6})">{shapes(drawn.items)}</g>')
        y += 6 + drawn.height + 17
        made.append(f'<text class="words" x="20" y="{y}">{escape(text)}</text>')
    y += 20
    title = escape("; ".join([title for title, _, _ in parts]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" role="img">'
        f'<title>{title}</title><style>{PICTURE_STYLE}</style><rect class="paper" width="{WIDTH}" height="{y}"/>'
        f"{''.join(made)}</svg>\n"
    )
