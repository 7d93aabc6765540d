"""What the page's slider redraws, as JSON inside the page; hostile text cannot escape from it."""

from __future__ import annotations

from joblint.base.durations import show_duration
from joblint.report.explain.page.shown import Shown
from joblint.report.safe import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.explain.explanation import Explanation


def embedded(e: Explanation, shown: dict[str, Shown], name: str) -> str:
    """Return a script element of JSON: `runs` are the slider's positions in words, `limits` and `told` what is shown at
    each."""
    if len(e.rungs) < 2:
        return ""
    same = {id(t): shown[t.name] for t in e.scenarios if t.name in shown}
    told: dict[str, list[object]] = {}
    for rung in e.rungs:
        for t in rung.told:
            now = same.get(id(t)) or Shown(t, rung.limits, name)
            told.setdefault(t.name, []).append(now.data())
    data = {
        "runs": [show_duration(r.run) for r in e.rungs],
        "limits": [[[safe(x.name), safe(x.value), safe(x.here), x.wins] for x in r.limits] for r in e.rungs],
        "told": told,
    }
    return f'<script type="application/json">{script_safe(data)}</script>'


def script_safe(data: object) -> str:
    """Return JSON that cannot end the script element that contains it."""
    from json import dumps

    text = dumps(data, ensure_ascii=False, separators=(",", ":"))
    for ch in "<>&\u2028\u2029":
        text = text.replace(ch, f"\\u{ord(ch):04x}")
    return text
