"""Charts explained: rendered by helm or by joblint, reported at the templates that they come from."""

from __future__ import annotations

import os

from joblint.base.programs import ProgramError
from joblint.base.record import Record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from joblint.rules.finding import Finding
    from joblint.run.explain import Explained
    from joblint.run.projects import Project, Projects
    from joblint.run.render.broken import Broken
    from joblint.run.render.charts import Chart
    from joblint.run.render.helm import Asked

    Explain = Callable[[tuple[Project, ...], list[tuple[str, bytes]], str], Explained]
    """Explains files of projects; the last argument is the name of standard input."""

_MOST = 1 << 20
_ITSELF = "; the Jobs are explained as far as joblint renders them itself"


class Told(Record):
    """The results for charts and overlays: explanations of each, the files that were explained with them (real paths), and
    messages for the user."""

    parts: tuple[Explained, ...]
    covered: frozenset[str]
    said: tuple[str, ...]


def explain_charts(here: Projects, charts: tuple[Chart, ...], asked: Asked, each_values: bool, explain: Explain) -> Told:
    """Render and explain charts, without helm as far as joblint evaluates their templates; those that it does not evaluate are
    left to be read without rendering. Templates whose Jobs the values do not select are files that are not explained."""
    from joblint.base.programs import is_there

    parts: list[Explained] = []
    covered: set[str] = set()
    told: list[str] = []
    if not asked.without_helm and not is_there("helm"):
        names = ", ".join([chart.path for chart in charts[:5]]) + (" …" if len(charts) > 5 else "")
        told.append(f"joblint: helm is not on the PATH: joblint renders the templates of {names} itself")
        asked = replace(asked, without_helm=True)
    for chart in charts:
        failed = ""
        unread: set[str] = set()
        if not asked.without_helm:
            try:
                found = _charted(here, chart, asked, each_values, explain, told, failed, unread)
                parts += [*found, *_not_selected(chart, found, unread)]
                covered |= {os.path.realpath(file) for file in chart.files} | _shown(found)
                continue
            except (ProgramError, OSError) as error:
                failed = _why(error)
                told.append(
                    f"joblint: {chart.path}: rendering with helm failed, so joblint renders its templates itself: {failed}"
                )
        try:
            found = _charted(here, chart, replace(asked, without_helm=True), each_values, explain, told, failed, unread)
        except (ProgramError, OSError) as error:
            why = _why(error)
            told.append(f"joblint: {chart.path}: its templates are explained without rendering: {why}")
            parts.append(_not_rendered(here, chart, chart.path, (), ((), failed or why)))
            continue
        parts += [*found, *_not_selected(chart, found, unread)]
        shown = _shown(found)
        files = [os.path.realpath(file) for file in chart.files]
        covered |= {file for file in files if file in shown or file not in unread} | shown
    return Told(tuple(parts), frozenset(covered), tuple(told))


def _not_selected(chart: Chart, found: list[Explained], unread: set[str]) -> list[Explained]:
    """The templates with a Job or CronJob that print none, as files that are not explained; `unread` are those (real paths) that
    were not evaluated."""
    import re

    from joblint.rules.skips import NAMED, Skipped
    from joblint.run.explain import Explained

    shown = _shown(found)
    skipped = []
    for file in chart.files:
        where = os.path.realpath(file)
        if where in shown or where in unread or "templates" not in file.split(os.sep) or not file.endswith((".yaml", ".yml")):
            continue
        if os.path.getsize(file) > _MOST:
            continue
        with open(file, encoding="utf-8", errors="replace") as text:
            if re.search(r"(?m)^kind:[ \t]*[\"']?(?:Cron)?Job\b", text.read()):
                skipped.append(Skipped(file, 0, NAMED, "the values do not select its Job or CronJob"))
    return [Explained((), tuple(skipped), ())] if skipped else []


def _shown(found: list[Explained]) -> set[str]:
    """The files (real paths) with explained Jobs: templates, and other files that these print unchanged."""
    return {os.path.realpath(e.file) for part in found for e in part.explanations}


def _why(error: ProgramError | OSError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _not_rendered(
    here: Projects, chart: Chart, root: str, packed: tuple[tuple[str, str], ...], reasons: tuple[tuple[Broken, ...], str]
) -> Explained:
    """The reasons why helm does not render a chart, those that joblint sees and what helm says, as files that are not explained:
    unreadable ones if no values help."""
    from joblint.run.render.broken import from_helm
    from joblint.run.render.not_rendered import findings

    engine = here.shared_out(("-",), os.path.join(chart.path, "Chart.yaml"))[0].engines[-1]
    own, said = reasons
    return as_skipped(findings(engine, chart.path, root, packed, (*own, from_helm(said)) if said else own))


def as_skipped(found: tuple[Finding, ...]) -> Explained:
    """Return the reasons why a chart is not rendered as files that are not explained: unreadable ones if no values help."""
    from joblint.rules.skips import NAMED, UNREADABLE, Skipped
    from joblint.run.explain import Explained

    skipped = []
    for f in found:
        why = f"line {f.span.line}: {f.message.rstrip('.')}{_ITSELF}"
        skipped.append(Skipped(f.file, 0, UNREADABLE if f.severity == "error" else NAMED, why))
    return Explained((), tuple(skipped), ())


def _charted(
    here: Projects,
    chart: Chart,
    asked: Asked,
    each_values: bool,
    explain: Explain,
    told: list[str],
    failed: str,
    unread: set[str],
) -> list[Explained]:
    """The explanations of a chart, each way that it is rendered; `failed` is what helm said before if it did not render it. The
    templates that are not evaluated are added to `unread` (real paths)."""
    from tempfile import TemporaryDirectory

    from joblint.run.render.broken import from_own, needs_values
    from joblint.run.render.check import ways
    from joblint.run.render.given import shown_file, shown_in
    from joblint.run.render.helm import render
    from joblint.run.render.placing import Placer

    file = os.path.join(chart.path, "Chart.yaml")
    parts: list[Explained] = []
    seen: set[bytes] = set()
    reasons: list[tuple[Broken, ...]] = []
    with TemporaryDirectory(prefix="joblint-") as work:
        for root, packed, way, folder in ways(chart, asked, each_values, os.path.realpath(work)):
            rendered = render(root, way, here.versions(here.settings(file))[-1], folder)
            data = rendered.text.encode("utf-8", "surrogateescape")
            unread |= {os.path.realpath(shown_in(chart.path, name, packed)) for name in rendered.failed}
            reasons.append(from_own(root, rendered.faults) if asked.without_helm else ())
            told += [f"helm: {chart.path}: {line}" for line in rendered.said.split("\n") if line and data not in seen]
            if data in seen:
                continue  # other values, the same objects
            seen.add(data)
            found = explain(here.shared_out(("-",), file), [(chart.path, data)], chart.path)
            placer = Placer(chart.path, root, rendered, packed)
            explanations = []
            files = ", ".join([shown_file(chart.path, root, file, packed) for file in way.values])
            for e in found.explanations:
                name, line, document = placer.line(e.line)
                notes = (*e.notes, ("values", files)) if way.values and each_values else e.notes
                explanations.append(replace(e, file=name, line=line or e.line, document=document, notes=notes))
            names = dict.fromkeys([e.file for e in explanations])
            parts.append(
                replace(
                    found,
                    explanations=tuple(explanations),
                    findings=placer.findings(found.findings),
                    sources=tuple([(name, placer.text(name)) for name in names]),
                )
            )
        if not all(needs_values(one) for one in reasons):  # some values are enough
            reasons = [tuple([r for r in one if not needs_values((r,))]) for one in reasons]
        own = tuple([r for one in reasons for r in one])
        if own or failed:
            parts.append(_not_rendered(here, chart, root, packed, (own, failed)))
    return parts
