"""`joblint jobs-explain`: manifests and a scenario in, explanations out."""

from __future__ import annotations

import os
from datetime import UTC

from joblint.base.content import manifests
from joblint.base.record import Record, replace
from joblint.base.wrong import WrongInput
from joblint.cli.console import BUG, USAGE, complain, tell_crashes, usage
from joblint.cli.diff import contents
from joblint.cli.output import say
from joblint.cli.rendering import asks_for_rendering

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.controller.scenario.scenario import Scenario
    from joblint.run.explain import Explained
    from joblint.run.explaining import How
    from joblint.run.projects import Project


class Call(Record):
    """The options of `joblint jobs-explain`, by their names, and the paths; `kubectl` are those that only kubectl understands."""

    paths: tuple[str, ...]
    scenario: str | None
    run: str | None
    until: str | None
    format: str | None
    output: tuple[str, ...]
    page: bool
    brief: bool
    full: bool
    namespace: str
    kubectl: dict[str, str]
    plugin: bool
    kubernetes_version: str | None
    env_file: str | None
    now: str | None
    stdin_filename: str
    values: tuple[str, ...] = ()
    set: tuple[str, ...] = ()
    release: str = "release-name"
    each_values: bool = False
    no_render: bool = False


def explain(call: Call) -> int:
    """Run the command and return its exit code: 0 explained, 1 a manifest is rejected or unreadable, 2 a path cannot be
    read."""
    from joblint.cli.explained import outputs, write_explained
    from joblint.cli.outputs import WrongOutput
    from joblint.cli.variables import variables_of
    from joblint.configuration.settings import ConfigError
    from joblint.rules.catalogue.select import UnknownRule
    from joblint.rules.skips import UNREADABLE
    from joblint.run.explain import explain_projects, joined_parts
    from joblint.run.projects import Asked, Projects

    live = next((p for p in call.paths if call.plugin and not os.path.exists(p) and _named(p) is not None), "")
    if live and len(call.paths) > 1:
        return usage("specify one object of the cluster (job/NAME), or files")
    if call.kubernetes_version == "":  # such as the value of a variable that is not set
        return usage("--kubernetes-version is empty; specify a value, or remove the option")
    if call.brief and call.full:
        return usage("--brief cannot be used with --full")
    try:
        wanted = outputs(call.format, call.output, call.page)
        formats = [o.format for o in wanted]
        how = _how(call, "html" in formats)
        here = Projects(Asked(kubernetes_version=call.kubernetes_version or "", variables=variables_of(call.env_file)))
        found = here.find(() if live else call.paths or (".",))
        projects = here.shared_out(("-",) if live else found.files, "" if live else call.stdin_filename)
    except (ConfigError, UnknownRule, WrongInput, WrongOutput) as error:
        return usage(str(error))
    ignored = [f"--{name}" for name, value in call.kubectl.items() if value]
    if ignored and not live:
        say(f"joblint: {', '.join(ignored)}: ignored, because no cluster is queried")
    findings = "html" in formats or ("text" in formats and not call.brief)

    def explained(projects: tuple[Project, ...], files: list[tuple[str, bytes]], stdin: str) -> Explained:
        return explain_projects(projects, files, how, findings=findings, stdin=stdin)

    rendered: tuple[Explained, ...] = ()
    if not live and asks_for_rendering(found.files):
        from joblint.cli.rendering import explained_rendered
        from joblint.run.render.helm import Asked as Render

        asked = Render(call.values, call.set, call.release, call.no_render)
        found, rendered = explained_rendered(here, call.paths, found, asked, call.each_values, explained)
    missing = [
        (p, f"{why}; for the live object: kubectl jobs-explain {p}" if _named(p) is not None else why) for p, why in found.missing
    ]
    if live:
        options = [f"--{name}={value}" for name, value in (("namespace", call.namespace), *call.kubectl.items()) if value]
        files = _asked(live, options, missing)
    else:
        files = [(call.stdin_filename or n if n == "<stdin>" else n, d) for n, d in contents(found.files, missing)]
    unreadable = complain(tuple(missing))
    if unreadable and not files and not rendered:
        return USAGE
    for project in projects:
        if len(project.engines) > 1:
            first, last = project.engines[0].version, project.engines[-1].version
            say(f"joblint: {first}..{last} is a range of Kubernetes versions; the explanation is for {last}")
    own = [explained(projects, files, live or call.stdin_filename)] if files or not rendered else []
    result = joined_parts([*rendered, *own])
    if live:
        kept = [
            e for e in result.explanations if _named(e.file) == (e.kind, e.name) or (e.owner, "CronJob") == _of_cronjob(e.file)
        ]
        result = replace(result, explanations=tuple(kept))
    written = write_explained(result, wanted, call.brief, call.full, call.page)
    if tell_crashes(result.crashes):
        return BUG
    if unreadable or not written:
        return USAGE
    broken = any(s.what == UNREADABLE for s in result.skipped)
    return int(broken or any(not e.verdict.accepted for e in result.explanations))


def _how(call: Call, ladder: bool) -> How:
    """What the explanations assume, by the options; the version is the project's. Raises WrongInput."""
    from joblint.run.explaining import How

    scenario, now = _scenario(call.scenario), _moment(call.now)
    if call.values or call.set or call.release != "release-name":
        from joblint.cli.rendering import wrong_options

        wrong = wrong_options(call.values, call.set, call.release)
        if wrong:
            raise WrongInput(wrong)
    return How("", scenario, _duration("--run", call.run), _duration("--until", call.until), now, ladder, call.namespace)


def _duration(option: str, given: str | None) -> float | None:
    """Seconds, None if the option is not given. Raises WrongInput."""
    from joblint.base.durations import read_duration

    seconds = None if given is None else read_duration(given)
    if given is not None and seconds is None:
        raise WrongInput(f"{option}: invalid duration {given!r}; use a duration such as 90s, 15m or 1h30m")
    return seconds


def _of_cronjob(path: str) -> tuple[str, str]:
    """The name and kind of the object that was requested."""
    kind, name = _named(path) or ("", "")
    return name, kind


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
    """The built-in scenario of that name, or that of a file. Raises WrongInput."""
    from joblint.controller.scenario.scenario import BUILT_IN

    if name is None or name in BUILT_IN:
        return name
    if not os.path.exists(name):
        raise WrongInput(f"--scenario: no such file or scenario: {name}; built-in scenarios: {', '.join(BUILT_IN)}")
    try:
        data = manifests(name)
    except OSError as error:
        raise WrongInput(f"--scenario {name}: {error.strerror or error}") from None
    from joblint.controller.scenario.file import ScenarioError, read_scenario
    from joblint.source.documents import read

    documents = [d for d in read(data, name, templates=False) if d.value is not None or d.problems]
    for document in documents[:1]:
        for problem in document.problems:
            raise WrongInput(f"{name}:{problem.span.line}:{problem.span.column}: {problem.message}")
    value = documents[0].value if documents else None
    try:
        return read_scenario(value, os.path.basename(name))
    except ScenarioError as error:
        spans = [(documents[0].span(path), path, text) for path, text in error.problems] if documents else []
        lines = [f"{name}:{s.line}:{s.column}: {path or 'the scenario'}: {text}" for s, path, text in spans]
        raise WrongInput("\n".join(lines) or str(error)) from None


def _moment(text: str | None) -> float:
    """Epoch seconds of an ISO 8601 time (UTC if it has no zone), or of now."""
    from datetime import datetime

    if text is None:
        import time

        return time.time()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise WrongInput(f"--now: invalid time {text!r}; use a time such as 2026-11-21T10:30:00Z") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
