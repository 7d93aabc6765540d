"""One scenario on the page: as data for the script, and as the HTML that is there before any script runs."""

from __future__ import annotations

from html import escape

from joblint.report.explain.picture import narrow, picture
from joblint.report.explain.svg import svg
from joblint.report.explain.timeline import timeline
from joblint.report.safe import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.explain.explanation import Limit, Told
    from joblint.report.explain.picture import Picture


class Shown:
    """What is shown of a scenario for one run time: words and two pictures, each computed once."""

    __slots__ = ("title", "text", "condition", "kubectl", "picture", "narrow")

    def __init__(self, told: Told, limits: tuple[Limit, ...], name: str) -> None:
        line = timeline(told, limits)
        end = told.end
        self.title = safe(told.title)
        self.text = safe(told.text)
        self.condition = safe(f"condition {end.type}, reason {end.reason}: {end.message}") if end.type else "no condition"
        duration = end.kubectl.duration if end.type == "Complete" or not end.kubectl.duration else "keeps increasing"
        self.kubectl = [safe(cell) for cell in (name, end.kubectl.status, end.kubectl.completions, duration)]
        self.picture = picture(line, self.title)
        self.narrow = narrow(line, self.title)

    def data(self) -> dict[str, Any]:
        """Return the same for the script."""
        return {
            "title": self.title,
            "text": self.text,
            "condition": self.condition,
            "kubectl": self.kubectl,
            "picture": _data(self.picture),
            "narrow": _data(self.narrow),
        }

    def panel(self, key: str) -> str:
        """Return the words and the picture of the scenario's own tab."""
        names = ("NAME", "STATUS", "COMPLETIONS", "DURATION")
        head = "".join([f"<th>{n}</th>" for n in names])
        cells = "".join([f'<td data-cell="{i}">{escape(c)}</td>' for i, c in enumerate(self.kubectl)])
        return (
            f'<div data-told="{key}"><h3 class="title">{escape(self.title)}</h3>'
            f'<div class="picture wide">{svg(self.picture)}</div><div class="picture narrow">{svg(self.narrow)}</div>'
            f'<p class="text">{escape(self.text)}</p>'
            f'<table class="kubectl"><caption>kubectl get jobs, at the end</caption>'
            f"<thead><tr>{head}</tr></thead><tbody><tr>{cells}</tr></tbody></table>"
            f'<p class="condition">{escape(self.condition)}</p></div>'
        )

    def card(self, key: str) -> str:
        """Return the scenario as a small card."""
        return (
            f'<div class="card" data-told="{key}"><h3 class="title">{escape(self.title)}</h3>'
            f'<div class="picture">{svg(self.narrow)}</div><p class="text">{escape(self.text)}</p></div>'
        )


def _data(drawn: Picture) -> list[Any]:
    return [drawn.width, drawn.height, drawn.label, [list(item) for item in drawn.items]]
