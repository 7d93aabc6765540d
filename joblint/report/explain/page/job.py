"""The right side of the page: one Job or CronJob with its limits, its scenarios in tabs, and the slider."""

from __future__ import annotations

from html import escape

from joblint.api.version.versions import titled
from joblint.base.durations import show_duration
from joblint.explain.sentences import SHORT_TITLES
from joblint.report.explain.page.shown import Shown
from joblint.report.safe import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.explain.explanation import Explanation, Limit, Schedule, Told

KEY = ("✗ failed", "✓ succeeded", "■ killed", "→ still running", "… never started", "dotted: wait before an attempt")


def job(e: Explanation, n: int) -> str:
    """Return one explanation as HTML; `n` is its number on the page."""
    parts = [
        f'<article class="job" id="job-{n}"><h2>{escape(e.kind)} {_text(e.name)}</h2>',
        f'<p class="where">{_text(e.file)}:{e.line}, Kubernetes {escape(titled(e.kubernetes))}</p>',
        _refusal(e),
    ]
    if e.is_told:
        parts.append(f'<p class="headline">{_text(e.headline)}</p>')
        parts.append(f'<p class="pattern">Closest Job pattern: {_text(e.documented[0])} ({_text(e.documented[1])}).</p>')
        if e.schedule is not None:
            parts.append(_schedule(e.schedule))
        parts.append(_limits(e.limits))
        parts.append(_scenarios(e, n))
        rest = "".join([f"<dt>{_text(title)}</dt><dd>{_text(text)}</dd>" for title, text in e.notes])
        parts.append(f"<dl>{rest}</dl>")
    return "".join(parts) + "</article>"


def _text(text: str) -> str:
    return escape(safe(text))


def _refusal(e: Explanation) -> str:
    if e.verdict.accepted:
        return ""
    own = ("Strict", "Decode")  # their messages contain the field themselves
    texts = [f"{x.field}: {x.message}" if x.field and x.type not in own else x.message for x in e.verdict.errors]
    errors = "".join([f"<li>{_text(text)}</li>" for text in texts])
    then = "After the fix:" if e.is_told else "joblint can predict what it will do only after this is fixed."
    return f'<div class="refusal"><p>The API server rejects this {_text(e.kind)}</p><ul>{errors}</ul><p>{then}</p></div>'


def _limits(limits: tuple[Limit, ...]) -> str:
    wins = {True: ' class="wins"', False: ""}
    rows = "".join(
        [
            f"<tr{wins[r.wins]}><td><code>{_text(r.name)}</code></td><td><span>{_text(r.value)}</span></td>"
            f"<td><span>{_text(r.here)}</span></td></tr>"
            for r in limits
        ]
    )
    return (
        '<table class="limits"><thead><tr><th scope="col">limit</th><th scope="col">value</th><th scope="col">effect</th></tr>'
        f"</thead><tbody>{rows}</tbody></table>"
    )


def _schedule(s: Schedule) -> str:
    from joblint.explain.cron import note_title, told_once
    from joblint.report.explain.picture import strip
    from joblint.report.explain.svg import svg

    zoned = any(t.local != t.utc for t in s.starts)
    rows = []
    for t in s.starts:
        utc = f"<td>{_text(t.utc)}</td>" if zoned else ""
        rows.append(f"<tr><td>{_text(t.local)}</td>{utc}<td><code>{_text(t.job)}</code></td></tr>")
    parts = [f'<p class="text">Schedule: {_text(s.words)}</p>']
    if rows:
        utc = '<th scope="col">UTC</th>' if zoned else ""
        parts.append(
            f'<table class="starts"><thead><tr><th scope="col">next starts ({_text(s.zone)})</th>{utc}'
            f'<th scope="col">Job</th></tr></thead><tbody>{"".join(rows)}</tbody></table>'
        )
    for text, same in told_once(s.overlaps):
        drawn = []
        for overlap in same:
            named = f'<p class="condition">{_text(overlap.when)}</p>' if len(same) > 1 else ""
            drawn += [f'{named}<div class="picture">{svg(strip(overlap))}</div>'] if overlap.jobs else []
        parts.append(f'<div class="overlap"><p class="text">Long runs: {_text(text)}</p>{"".join(drawn)}</div>')
    parts += [f'<p class="condition">{note_title(text).capitalize()}: {_text(text)}</p>' for _, text in s.notes]
    return "".join(parts)


def _scenarios(e: Explanation, n: int) -> str:
    """The slider, the tabs and their panels, and the data from which the script redraws them."""
    from joblint.report.explain.page.data import embedded

    told: list[tuple[str, str, Told]] = [(t.name, SHORT_TITLES.get(t.name, t.title), t) for t in e.scenarios]
    chosen = "fail"
    if e.asked is not None:
        if e.asked.name in SHORT_TITLES:
            chosen = e.asked.name
        else:
            told.insert(0, ("asked", e.asked.name, e.asked))
            chosen = "asked"
    shown = {key: Shown(t, e.limits, job_name(e)) for key, _, t in told}
    tabs, panels = [], []
    for key, title in [*[(key, title) for key, title, _ in told], ("all", "compare all")]:
        picked = "true" if key == chosen else "false"
        tabs.append(
            f'<button type="button" role="tab" id="tab-{n}-{key}" aria-controls="panel-{n}-{key}" aria-selected="{picked}">'
            f"{_text(title)}</button>"
        )
        if key == "all":
            inner = f'<div class="overview">{"".join([s.card(k) for k, s in shown.items()])}</div>'
        else:
            inner = shown[key].panel(key)
        name = ' class="overview-panel"' if key == "all" else ""
        panels.append(f'<div role="tabpanel" id="panel-{n}-{key}" aria-labelledby="tab-{n}-{key}"{name}>{inner}</div>')
    head = f'<div role="tablist" aria-label="scenarios of {_text(e.name)}">{"".join(tabs)}</div>'
    return (
        _slider(e, n)
        + head
        + "".join(panels)
        + f'<p class="key">{"".join([f"<span>{k}</span>" for k in KEY])}</p>'
        + embedded(e, shown, job_name(e))
    )


def job_name(e: Explanation) -> str:
    """Return the Job's future name: a CronJob's, after its next start."""
    return e.schedule.starts[0].job if e.schedule is not None and e.schedule.starts else e.name


def _slider(e: Explanation, n: int) -> str:
    if len(e.rungs) < 2:
        return ""
    at = [r.limits for r in e.rungs].index(e.limits) if e.limits in [r.limits for r in e.rungs] else 0
    now = show_duration(e.rungs[at].run)
    return (
        f'<div class="control"><label for="run-{n}">run time of each attempt</label><input type="range" id="run-{n}" min="0" '
        f'max="{len(e.rungs) - 1}" step="1" value="{at}" aria-valuetext="{now}"><output for="run-{n}">{now}</output></div>'
    )
