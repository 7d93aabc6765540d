"""`joblint jobs-explain`: manifests and a scenario in, explanations out."""

from __future__ import annotations

import os
from datetime import UTC

from joblint.base.content import manifests
from joblint.base.record import replace
from joblint.cli.console import BUG, USAGE, complain, tell_crashes, usage
from joblint.cli.diff import contents
from joblint.cli.output import say
from joblint.cli.rendering import asks_for_rendering

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.scenario.scenario import Scenario
    from joblint.run.explain import Explained
    from joblint.run.projects import Project


def explain(
    paths: tuple[str, ...],
    scenario: str | None,
    run: str | None,
    until: str | None,
    format: str | None,
    output: tuple[str, ...],
    page: bool,
    brief: bool,
    full: bool,
    namespace: str,
    kubectl: dict[str, str],
    plugin: bool,
    kubernetes_version: str | None,
    env_file: str | None,
    now: str | None,
    stdin_filename: str,
    values: tuple[str, ...] = (),
    set: tuple[str, ...] = (),
    release: str = "release-name",
    each_values: bool = False,
    no_render: bool = False,
) -> int:
    """Run the command and return its exit code: 0 explained, 1 a manifest is rejected or unreadable, 2 a path cannot be
    read."""
    from joblint.base.durations import read_duration
    from joblint.cli.explained import outputs, write_explained
    from joblint.cli.outputs import WrongOutput
    from joblint.cli.variables import variables_of
    from joblint.configuration.settings import ConfigError
    from joblint.rules.catalogue.select import UnknownRule
    from joblint.rules.skips import UNREADABLE
    from joblint.run.explain import explain_projects, joined_parts
    from joblint.run.explaining import How
    from joblint.run.projects import Asked, Projects

    try:
        chosen = _scenario(scenario)
        at = _moment(now)
        wanted = outputs(format, output, page)
    except (ValueError, WrongOutput) as error:
        return usage(str(error))
    if values or release != "release-name":
        from joblint.cli.rendering import wrong_options

        wrong_option = wrong_options(values, release)
        if wrong_option:
            return usage(wrong_option)
    formats = [o.format for o in wanted]
    seconds, horizon = None if run is None else read_duration(run), None if until is None else read_duration(until)
    if (run is not None and seconds is None) or (until is not None and horizon is None):
        wrong = ("--run", run) if run is not None and seconds is None else ("--until", until)
        return usage(f"{wrong[0]}: invalid duration {wrong[1]!r}; use a duration such as 90s, 15m or 1h30m")
    live = next((p for p in paths if plugin and not os.path.exists(p) and _named(p) is not None), "")
    if live and len(paths) > 1:
        return usage("specify one object of the cluster (job/NAME), or files")
    try:
        here = Projects(Asked(kubernetes_version=kubernetes_version or "", variables=variables_of(env_file)))
        found = here.find(() if live else paths or (".",))
        projects = here.shared_out(("-",) if live else found.files, "" if live else stdin_filename)
    except (ConfigError, UnknownRule, ValueError) as error:
        return usage(str(error))
    ignored = [f"--{name}" for name, value in kubectl.items() if value]
    if ignored and not live:
        say(f"joblint: {', '.join(ignored)}: ignored, because no cluster is queried")
    missing = list(found.missing)

    how = How("", chosen, seconds, horizon, at, "html" in formats, namespace)
    findings = "html" in formats or ("text" in formats and not brief)

    def explained(projects: tuple[Project, ...], files: list[tuple[str, bytes]], stdin: str) -> Explained:
        return explain_projects(projects, files, how, findings=findings, stdin=stdin)

    rendered: tuple[Explained, ...] = ()
    if not live and asks_for_rendering(found.files):
        from joblint.cli.rendering import explained_rendered
        from joblint.run.render.helm import Asked as Render

        asked = Render(values, set, release, no_render)
        found, rendered = explained_rendered(here, paths, found, asked, each_values, explained)
    files = [(stdin_filename or n if n == "<stdin>" else n, d) for n, d in contents(found.files, missing)]
    if live:
        stdin_filename = live
        options = [f"--{name}={value}" for name, value in (("namespace", namespace), *kubectl.items()) if value]
        files = _asked(live, options, missing)
    unreadable = complain(tuple(missing))
    if unreadable and not files and not rendered:
        return USAGE
    for project in projects:
        if len(project.engines) > 1:
            first, last = project.engines[0].version, project.engines[-1].version
            say(f"joblint: {first}..{last} is a range of Kubernetes versions; the explanation is for {last}")
    result = joined_parts([*rendered, *([explained(projects, files, stdin_filename)] if files or not rendered else [])])
    if live:
        result = replace(result, explanations=tuple([e for e in result.explanations if _named(e.file) == (e.kind, e.name)]))
    written = write_explained(result, wanted, brief, full, page)
    if tell_crashes(result.crashes):
        return BUG
    if unreadable or not written:
        return USAGE
    broken = any(s.what == UNREADABLE for s in result.skipped)
    return int(broken or any(not e.verdict.accepted for e in result.explanations))


def _named(path: str) -> tuple[str, str] | None:
    from joblint.cli.kubectl import named

    return named(path)


def _asked(path: str, options: list[str], missing: list[tuple[str, str]]) -> list[tuple[str, bytes]]:
    """kubectl's output for an object such as job/pi, by this name; if it fails, the reason is added to `missing`."""
    from joblint.cli.kubectl import KubectlError, ask

    named = _named(path)
    assert named is not None
    refused: list[str] = []
    try:
        found = [(path, ask(*named, options, refused))]
        for why in refused:
            say(f"joblint: the explanation is incomplete, because kubectl failed: {why}")
        return found
    except KubectlError as error:
        missing.append((path, str(error)))
        return []


def _scenario(name: str | None) -> Scenario | str | None:
    """The built-in scenario of that name, or that of a file. Raises ValueError with a text for a person."""
    from joblint.controller.scenario.scenario import BUILT_IN

    if name is None or name in BUILT_IN:
        return name
    if not os.path.exists(name):
        raise ValueError(f"--scenario: no such file or scenario: {name}; built-in scenarios: {', '.join(BUILT_IN)}")
    try:
        data = manifests(name)
    except OSError as error:
        raise ValueError(f"--scenario {name}: {error.strerror or error}") from None
    from joblint.controller.scenario.file import ScenarioError, read_scenario
    from joblint.source.documents import read

    documents = [d for d in read(data, name, templates=False) if d.value is not None or d.problems]
    for document in documents[:1]:
        for problem in document.problems:
            raise ValueError(f"{name}:{problem.span.line}:{problem.span.column}: {problem.message}")
    value = documents[0].value if documents else None
    try:
        return read_scenario(value, os.path.basename(name))
    except ScenarioError as error:
        spans = [(documents[0].span(path), path, text) for path, text in error.problems] if documents else []
        lines = [f"{name}:{s.line}:{s.column}: {path or 'the scenario'}: {text}" for s, path, text in spans]
        raise ValueError("\n".join(lines) or str(error)) from None


def _moment(text: str | None) -> float:
    """Epoch seconds of an ISO 8601 time (UTC if it has no zone), or of now."""
    from datetime import datetime

    if text is None:
        import time

        return time.time()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"--now: invalid time {text!r}; use a time such as 2026-11-21T10:30:00Z") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
