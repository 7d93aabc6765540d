"""What is fuzzed: functions that take any bytes and raise only where joblint does what it must not.

Each is run over its corpus and by hypothesis in the ordinary tests, and for as long as one likes by `python -m tests.fuzz`.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from xml.etree import ElementTree

from joblint.api.version.versions import DEFAULT
from joblint.cli.options import FORMATS
from joblint.cli.outputs import renderer
from joblint.rules.catalogue.rule import builtin
from joblint.rules.engine import Engine
from joblint.rules.finding import RuleCrash
from joblint.rules.fixes.apply import Fixed, fix_data
from joblint.run.check import check_text
from joblint.run.explain import explain_files
from joblint.source.documents import read
from tests.robust.harmless import BLEAK, holds, human, is_harmless_markdown, no_command
from tests.source.readers import documents as read_by

Target = Callable[[bytes], None]
TARGETS: dict[str, Target] = {}
NOW = 1_795_000_000.0  # in November 2026


def target(function: Target) -> Target:
    """Registers a target under its function's name."""
    TARGETS[function.__name__] = function
    return function


@cache
def engine() -> Engine:
    """All rules, the strict ones too."""
    return Engine(builtin(), DEFAULT)


def sound(crashes: tuple[RuleCrash, ...]) -> None:
    assert crashes == (), [f"{c.rule}: {c.error}" for c in crashes]


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


@target
def documents(data: bytes) -> None:
    """Bytes to documents: every place is in the text, and both readers see the same."""
    for document in read(data, "x"):
        for problem in document.problems:
            assert problem.message and 1 <= problem.span.line <= problem.span.end_line
        fields = [s.field for s in document.written()] + [f for f, _ in document.scalars()]
        for field in ["", "a", "a.b[0]", *fields[:20]]:
            span = document.span(field)
            assert (1, 1) <= (span.line, span.column) <= (span.end_line, span.end_column)
            document.style(field), document.raw(field), document.entry_span(field), document.source_line(span.line)
        document.objects(), document.placeholders(), document.lines
    assert repr(read_by(data, pure=False)) == repr(read_by(data, pure=True))  # nan is not equal to itself


@target
def check(data: bytes) -> None:
    """A manifest to its report: nothing fails, and whatever the format it is valid and harmless."""
    report = check_text(engine(), data, "x.yaml")
    sound(report.crashes)
    format = FORMATS[sum(data[:64]) % len(FORMATS)]
    lines = list(renderer(format)(report, "info", BLEAK))
    holds(format, human(lines) if format in ("text", "concise") else "\n".join(lines))


@target
def fix(data: bytes) -> None:
    """Fixes: what comes out can be read, is no worse, and has nothing more to fix."""
    result = fix_data(engine(), data, "x.yaml", unsafe=True)
    sound(result.crashes)
    assert (result.data == data) == (not result.made)
    if not result.made:
        return
    again = fix_data(engine(), result.data, "x.yaml", unsafe=True)
    assert again.data == result.data, f"fixed twice: {[m.title for m in again.made]}"
    before, after = _unread(data), _unread(result.data)
    assert after <= before, "what could be read cannot be read any more"
    _comments_stay(data, result)


def _unread(data: bytes) -> int:
    return sum(bool(d.problems) for d in read(data, "x"))


def _comments_stay(data: bytes, result: Fixed) -> None:
    """Lines that are nothing but a comment stand there as before, and in their order."""
    lines = {True: [], False: []}  # type: dict[bool, list[bytes]]
    for old, text in ((True, data), (False, result.data)):
        lines[old] = [line.strip() for line in text.split(b"\n") if line.lstrip().startswith(b"# fuzz:")]
    assert sorted(lines[True]) == sorted(lines[False]), "a comment is lost"


@target
def explain(data: bytes) -> None:
    """What will happen, in one of the formats, by the input: valid, and harmless."""
    from joblint.report.explain import html, json, markdown, svg, text

    format = ("text", "text", "json", "markdown", "svg", "html")[sum(data[:64]) % 6]
    told = explain_files([("x.yaml", data)], DEFAULT, engine=engine(), ladder=format == "html", now=NOW)
    sound(told.crashes)
    if not told.explanations:
        return
    if format == "text":
        no_command(human(list(text.render(told, BLEAK, len(data) % 2 == 0))))
    elif format == "json":
        holds("json", json.render(told))
    elif format == "markdown":
        is_harmless_markdown("\n".join(markdown.render(told)))
    elif format == "svg":
        picture = svg.render(told)
        no_command(picture)
        ElementTree.fromstring(picture.encode())
    else:
        no_command(html.render(told))


@target
def diff(data: bytes) -> None:
    """Two manifests with a line `=====` between: what applying the second over the first does."""
    from joblint.report.diff.json import render_json
    from joblint.report.diff.text import render_text
    from joblint.run.diff.changes import Options
    from joblint.run.diff.compare import diff

    old, _, new = data.partition(b"\n=====\n")
    for options in (Options(DEFAULT, at=NOW), Options(DEFAULT, at=NOW, server_side=True, made="server-side")):
        changes = diff([("x.yaml", old)], [("x.yaml", new)], options)
        sound(changes.crashes)
        no_command(human(list(render_text(changes, BLEAK))))
        holds("json", render_json(changes))


@target
def schedule(data: bytes) -> None:
    """A schedule and, after a line end, a time zone: parsed or refused; when it runs, and when it is missed."""
    from joblint.api.go.schedule import ScheduleError, parse_standard
    from joblint.api.go.zone import load, location_error
    from joblint.controller.cron.calendar import days_of_month, minutes_of_day, next_start, zone_of
    from joblint.controller.cron.missed import InvalidSchedule, most_recent
    from joblint.controller.cron.periods import periods

    text, _, zone = text_of(data).partition("\n")
    try:
        found = parse_standard(text)
    except ScheduleError as error:
        assert str(error)
        return
    name = zone if zone and location_error(zone) is None else None
    where = zone_of(found, name) if found.zone is None or location_error(found.zone) is None else load(None)
    after = NOW
    for _ in range(3):
        start = next_start(found, after, where)
        if start is None:
            break
        assert start > after
        after = float(start)
    periods(found, NOW)
    minutes_of_day(found)
    assert days_of_month(found, 2028, 2) >> 30 == 0
    try:
        most_recent(found, where, NOW - 86400 * 400, NOW, 3600)
    except InvalidSchedule:
        assert next_start(found, NOW - 3600, where) is None  # it never fires, as 31 February


@target
def quantity(data: bytes) -> None:
    """An amount: refused, or written in a form that stands for the same amount."""
    from joblint.api.go.quantity import QuantityError, parse

    try:
        found = parse(text_of(data))
    except QuantityError as error:
        assert str(error)
        return
    found.value(), found.milli_value()
    if abs(found.unscaled) * 10 ** min(found.scale, 40) < 10**19:  # Go has no suffix above E: it writes 5e21 as 5
        again = parse(str(found))
        assert str(again) == str(found)
        assert again.compare(found) == 0 and found.sign() == again.sign()
    assert found.plus(found).compare(found) == found.sign()


@target
def words(data: bytes) -> None:
    """What else is a language of its own: images, addresses, durations, versions, rule patterns."""
    from joblint.api.go import image, ip
    from joblint.api.go.schedule import ScheduleError, parse_duration
    from joblint.api.version.versions import parse_range
    from joblint.base.durations import read_duration
    from joblint.rules.ignores.settle import glob
    from joblint.rules.ignores.words import of_annotation, of_comment

    text = text_of(data)
    with suppress(ValueError):
        image.parse(text)
    image.default_pull_policy(text)
    ip.parse_sloppy(text), ip.is_strict(text)
    with suppress(ScheduleError):
        parse_duration(text)
    with suppress(ValueError):
        parse_range(text)
    read_duration(text)
    of_comment("# " + text), of_annotation(text)
    pattern, _, name = text.partition("\n")
    glob(pattern, name)


@target
def script(data: bytes) -> None:
    """A shell script in a Job: read as the shell reads it, or not, but never failing."""
    from joblint.shell.flow import flow
    from joblint.shell.grammar import parse

    text = data.decode("utf-8", "replace")
    flow(parse(text), frozenset())
    flow(parse(text), frozenset("eu"))
    container = {"name": "a", "image": "a:1", "command": ["sh", "-c", text]}
    spec = {"restartPolicy": "Never", "containers": [container]}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a"}, "spec": {"template": {"spec": spec}}}
    sound(check_text(engine(), json.dumps(job).encode(), "x.json").crashes)


@target
def configuration(data: bytes) -> None:
    """A configuration in YAML or TOML, a baseline, a file of variables: read, or refused with a word for a person."""
    from joblint.configuration.settings import ConfigError, load
    from joblint.run.baseline import BaselineError, read
    from joblint.source.unrendered.known import VariablesError, read_variables

    with tempfile.TemporaryDirectory() as folder:
        for name in (".joblint.yaml", "pyproject.toml"):
            path = os.path.join(folder, name)
            with open(path, "wb") as file:
                file.write(data)
            try:
                load(path)
            except ConfigError as error:
                assert str(error).startswith(folder), error
    try:
        read(data, "x")
    except BaselineError as error:
        assert str(error).startswith("x: ")
    try:
        read_variables(data.decode("utf-8", "replace"))
    except VariablesError as error:
        assert str(error)


@target
def scenario(data: bytes) -> None:
    """A scenario: refused in words, or played by a Job."""
    from joblint.controller.scenario.file import ScenarioError, read_scenario

    found = [d for d in read(data, "x", templates=False) if d.value is not None]
    try:
        played = read_scenario(found[0].value if found else None, "x.yaml")
    except ScenarioError as error:
        assert str(error)
        return
    told = explain_files([("x.yaml", JOB)], DEFAULT, scenario=played, now=NOW)
    sound(told.crashes)
    assert len(told.explanations) == 1


@target
def rule(data: bytes) -> None:
    """A rule file of somebody's own: refused with its place, or a rule."""
    from joblint.configuration.settings import ConfigError
    from joblint.rules.catalogue.own import load_own

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rule.yaml")
        with open(path, "wb") as file:
            file.write(data)
        try:
            load_own((path,))
        except ConfigError as error:
            assert str(error).startswith(folder), error


@target
def ignores(data: bytes) -> None:
    """Ignore comments written into a manifest: what it says stays, and each finding is ignored then, or named as left."""
    from joblint.rules.ignores.add import add

    report = check_text(engine(), data, "x.yaml")
    sound(report.crashes)
    if not report.findings:
        return
    added = add(data, "x.yaml", list(report.findings), "fuzzed")
    assert repr(read_by(added.data, pure=False)) == repr(read_by(data, pure=False))


@target
def templates(data: bytes) -> None:
    """A template of a chart that nobody rendered: what is certain in it is reported, at lines that it has."""
    name = "templates/job.yaml"
    report = check_text(engine(), data, name)
    sound(report.crashes)
    ends = ("\n", "\r", "\x85", "\u2028", "\u2029")
    lines = sum([data.count(end.encode()) for end in ends]) + 1
    assert all(1 <= f.span.line <= lines + 1 for f in report.findings)
    sound(explain_files([(name, data)], DEFAULT, engine=engine(), now=NOW).crashes)
    no_command(human(list(renderer("text")(report, "info", BLEAK))))


@target
def charts(data: bytes) -> None:
    """A chart that joblint renders without helm: a template and, after a line `=====`, its values."""
    from joblint.run.projects import Asked, Projects
    from joblint.run.render.charts import Chart
    from joblint.run.render.check import check_charts
    from joblint.run.render.helm import Asked as Rendered

    template, _, values = data.partition(b"\n=====\n")
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "templates"))
        files = {
            "Chart.yaml": b"apiVersion: v2\nname: c\nversion: 1.0.0\n",
            "values.yaml": values,
            "templates/job.yaml": template,
        }
        paths = [os.path.join(folder, name) for name in files]
        for path, held in zip(paths, files.values(), strict=True):
            with open(path, "wb") as file:
                file.write(held)
        told = check_charts(Projects(Asked()), (Chart(folder, tuple(paths)),), Rendered(without_helm=True), False)
    for report in told.reports:
        sound(report.crashes)
        no_command(human(list(renderer("text")(report, "info", BLEAK))))
    for said in told.said:
        assert said.startswith("joblint: ")


@target
def mounted(data: bytes) -> None:
    """A script of a ConfigMap that a Job runs: the rules run on it, and their places are in the ConfigMap."""
    from importlib.util import find_spec

    from joblint.shell import plain

    text = data.decode("utf-8", "replace")
    if find_spec("tree_sitter_bash") and plain.read(text):
        from tests.shell.same import same

        same(text)
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a.sh": text}}
    container = {"name": "a", "image": "a:1", "command": ["bash", "/s/a.sh"], "volumeMounts": [{"name": "s", "mountPath": "/s"}]}
    spec = {"restartPolicy": "Never", "containers": [container], "volumes": [{"name": "s", "configMap": {"name": "c"}}]}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a"}, "spec": {"template": {"spec": spec}}}
    whole = "---\n".join([json.dumps(o, indent=1) + "\n" for o in (config, job)])
    report = check_text(engine(), whole.encode(), "x.yaml")
    sound(report.crashes)
    assert all(1 <= f.span.line <= whole.count("\n") for f in report.findings)


@target
def looks(data: bytes) -> None:
    """What `kubectl get -o json` may say of a cluster: one finding an object, whether it is read at once or object by object."""
    from io import BytesIO

    from joblint.report.explain import text
    from joblint.run.contents import Once
    from joblint.run.dump import check_dump
    from joblint.run.dump_text import NoDump

    sound(check_text(engine(), data, "x.json").crashes)
    told = explain_files([("x.json", data)], DEFAULT, engine=engine(), now=NOW)
    sound(told.crashes)
    no_command(human(list(text.render(told, BLEAK, False))))
    read = BytesIO(data).read
    with suppress(NoDump):
        report = check_dump(engine(), "x.json", read(200), read, Once(None, {}), NOW)
        sound(report.crashes)
        no_command(human(list(renderer("text")(report, "info", BLEAK))))


@target
def edits(data: bytes) -> None:
    """A file that somebody types in: what was known of earlier texts changes nothing of what is said of the next."""
    from joblint.run.again import Again

    again = Again(engine(), "x.yaml")
    lines = data.split(b"\n")
    middle = len(lines) // 2
    for now in (data, b"\n".join(lines[:middle]), b"\n".join(lines[:middle] + lines[middle + 1 :]), data):
        assert again.check(now) == check_text(engine(), now, "x.yaml")


JOB = b"""\
apiVersion: batch/v1
kind: Job
metadata: {name: a}
spec:
  completions: 3
  parallelism: 2
  backoffLimit: 2
  completionMode: Indexed
  template:
    spec:
      restartPolicy: OnFailure
      containers: [{name: a, image: "a:1"}]
"""
