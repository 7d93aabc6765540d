"""One bad document or file is named; everything else is still told, by every command and by the Python API."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

import joblint.api.judge as judging
import joblint.source.reading.load as loading
from joblint.cli import commands, main
from joblint.rules import one_document
from joblint.run.api import check

building = importlib.import_module("joblint.explain.build")  # `joblint.explain` itself is the call

JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {{name: {name}}}
spec:
  {limit}: 3
  template: {{spec: {{restartPolicy: Never, containers: [{{name: a, image: "a:1"}}]}}}}
"""
GOOD = JOB.format(name="good", limit="backofLimit")
BAD = JOB.format(name="poison", limit="backofLimit")
LISTED = """\
apiVersion: v1
kind: List
items:
- {apiVersion: batch/v1, kind: Job, metadata: {name: poison}, spec: {}}
- {apiVersion: batch/v1, kind: Job, metadata: {name: good}, spec: {}}
"""


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model of the API server falls over any object called poison."""
    real = judging.judge

    def judge(value: object, *rest: object) -> object:
        if isinstance(value, dict) and value["metadata"]["name"] == "poison":
            raise KeyError("a bug that nobody has found")
        return real(value, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "judge", judge)
    monkeypatch.setattr(one_document, "judge", judge)


def _run(*arguments: str) -> int:
    # By click's way: the short one makes the reader lean, for a process that ends with the command.
    return main._guarded(commands.run, list(arguments))


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_check_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], jobs: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(f"{GOOD}---\n{BAD}---\n{GOOD}")
    (tmp_path / "b.yaml").write_text(BAD)
    (tmp_path / "c.yaml").write_text(GOOD)
    assert _run("check", "--format", "json", "--jobs", jobs, "a.yaml", "b.yaml", "c.yaml") == 3
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert [(d["file"], d["document"]) for d in report["documents"]] == [("a.yaml", 0), ("a.yaml", 2), ("c.yaml", 0)]
    assert [(c["rule"], c["file"], c["document"]) for c in report["summary"]["crashes"]] == [("", "a.yaml", 1), ("", "b.yaml", 0)]
    assert "joblint: a bug in joblint at a.yaml, document 1: KeyError: 'a bug that nobody has found' (" in err
    assert len(report["findings"]) >= 3


@pytest.mark.usefixtures("poison")
def test_other_items_of_a_list_are_judged() -> None:
    report = check(LISTED)
    assert [d.judged.name for d in report.documents] == ["good"]
    assert [c.document for c in report.crashes] == [0]


def test_a_document_that_the_reader_falls_over(monkeypatch: pytest.MonkeyPatch) -> None:
    import joblint.source.documents as documents

    def load(data: bytes) -> loading.Loaded:
        if b"poison" in data:
            raise AssertionError("the reader has a bug")
        return loading.load(data)

    monkeypatch.setattr(documents, "load", load)
    report = check(f"{BAD}---\n{GOOD}")
    assert [d.judged.name for d in report.documents] == ["good"]
    assert [(c.file, c.document) for c in report.crashes] == [("<text>", 0)]


@pytest.mark.usefixtures("poison")
def test_fix_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(f"{BAD}---\n{GOOD}")
    (tmp_path / "b.yaml").write_text(GOOD)
    assert _run("check", "--diff", ".") == 3
    shown, told = capsys.readouterr()
    assert shown.count("+  backoffLimit: 3") == 2
    assert "a bug in joblint at a.yaml, document 0" in told
    assert _run("check", "--fix", ".") == 3
    assert (tmp_path / "a.yaml").read_text() == f"{BAD}---\n{GOOD}".replace(GOOD, GOOD.replace("backof", "backoff"))
    assert (tmp_path / "b.yaml").read_text() == GOOD.replace("backof", "backoff")


def test_a_crash_while_fixing_is_told_although_the_check_that_follows_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import joblint.rules.fixes.apply as applying
    from joblint.base.record import replace
    from joblint.rules.finding import failed

    real = applying.fix_data

    def fix_data(*given: object) -> applying.Fixed:
        return replace(real(*given), crashes=(failed("a.yaml", 0, KeyError("while fixing")),))  # type: ignore[arg-type]

    monkeypatch.setattr(applying, "fix_data", fix_data)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(GOOD)
    assert _run("check", "--fix", ".") == 3
    assert "a bug in joblint at a.yaml, document 0: KeyError: 'while fixing'" in capsys.readouterr().err


@pytest.mark.parametrize("options", [["check", "--fix"], ["ignore", "add"]])
def test_a_change_that_cannot_be_told_stops_no_other(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from joblint.base.record import replace
    from joblint.source.places.spans import Span

    fixing, ignoring = importlib.import_module("joblint.cli.fix"), importlib.import_module("joblint.rules.ignores.add")
    real = ignoring.add
    failures = [KeyError("told")]

    def fails_once(*_: object) -> str:
        if failures:
            raise failures.pop()
        return ""

    class Left:
        rule = name = ""
        span = Span(1, 1, 1, 1)
        file = property(fails_once)

    monkeypatch.setattr(fixing, "_tell", fails_once)
    monkeypatch.setattr(ignoring, "add", lambda *given: replace(real(*given), left=((Left(), "why"),)))
    monkeypatch.chdir(tmp_path)
    text = GOOD + "---\n" + JOB.format(name="late", limit="activeDeadlineSeconds: 10\n  backoffLimit")
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(text)
    assert _run(*options, "a.yaml", "b.yaml") == 3
    err = capsys.readouterr().err
    assert "a bug in joblint at a.yaml, document 0: KeyError: 'told'" in err
    assert " in 2 files" in err
    assert text not in [(tmp_path / name).read_text() for name in ("a.yaml", "b.yaml")]


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize("options", [["check", "--add-ignores"], ["baseline", "write"]])
def test_what_only_writes_tells_of_crashes(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(BAD)
    assert _run(*options, "a.yaml") == 3
    assert "a bug in joblint at a.yaml, document 0" in capsys.readouterr().err


@pytest.mark.parametrize("format", ["text", "concise", "github", "json"])
def test_a_file_whose_findings_cannot_be_settled(
    format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from joblint.run.gathered import Gathered

    real = Gathered._take

    def take(self: Gathered, name: str, outcomes: Any) -> Any:
        if name == "b.yaml":
            raise KeyError("ignores")
        return real(self, name, outcomes)

    monkeypatch.setattr(Gathered, "_take", take)
    monkeypatch.chdir(tmp_path)
    for name in "abc":
        (tmp_path / f"{name}.yaml").write_text(GOOD)
    assert _run("check", "--format", format, ".") == 3
    out, err = capsys.readouterr()
    assert "a.yaml" in out and "c.yaml" in out
    assert "a bug in joblint at b.yaml, document 0: KeyError: 'ignores'" in err


def test_objects_that_cannot_be_compared_with_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import joblint.rules.facts.folder as folder

    monkeypatch.setattr(folder, "folder_of", lambda _: {}["kinds"])
    monkeypatch.chdir(tmp_path)
    for name in "ab":
        (tmp_path / f"{name}.yaml").write_text(GOOD)
    assert _run("check", "--format", "concise", ".") == 3
    out, err = capsys.readouterr()
    assert out.count("JL105") == 2
    assert "a bug in joblint at all files: KeyError: 'kinds'" in err


@pytest.mark.parametrize("many", [False, True])
def test_a_finding_that_cannot_be_shown(
    many: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where findings are written as they come, as for many files."""
    import joblint.report.check.text as text
    from joblint.cli import check as checking

    real = text._excerpt

    def excerpt(finding: Any, *rest: Any) -> Any:
        if finding.file == "b.yaml":
            raise IndexError("no such line")
        return real(finding, *rest)

    monkeypatch.setattr(text, "_excerpt", excerpt)
    if many:
        monkeypatch.setattr(checking, "MANY", 1)
    monkeypatch.chdir(tmp_path)
    for name in "abc":
        (tmp_path / f"{name}.yaml").write_text(GOOD)
    assert _run("check", ".") == 3
    out, err = capsys.readouterr()
    assert "a.yaml:5:3  error" in out and "c.yaml:5:3  error" in out
    assert "b.yaml:5: JL105: joblint cannot show this finding\n" in out
    assert "a bug in joblint while writing the report: IndexError: no such line" in err


def test_a_rule_that_crashes_in_explain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = importlib.import_module("joblint.rules.checks.hygiene.pods")
    monkeypatch.setattr(module, "_PAYLOAD", 5)  # what the rule asks startswith for
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(GOOD.replace("backof", "backoff").replace("a:1", "a:latest"))
    assert _run("jobs-explain", "a.yaml") == 3
    out, err = capsys.readouterr()
    assert "Job good" in out
    assert "a bug in rule JL801 image-not-pinned at a.yaml, document 0: TypeError" in err


@pytest.mark.parametrize("command", [["jobs-explain", "a.yaml", "b.yaml", "c.yaml"], ["diff", ".", "."]])
def test_a_file_that_joblint_cannot_take_apart(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from joblint.source.reading import stream

    real = stream.split

    def split(data: bytes) -> Any:
        if b"poison" in data:
            raise AssertionError("the reader has a bug")
        return real(data)

    monkeypatch.setattr(stream, "split", split)
    monkeypatch.chdir(tmp_path)
    for name, text in (("a", GOOD), ("b", BAD), ("c", GOOD.replace("good", "other"))):
        (tmp_path / f"{name}.yaml").write_text(text)
    assert _run(*command) == 3
    out, err = capsys.readouterr()
    assert "good" in out and "other" in out
    assert "a bug in joblint at b.yaml, document 0: AssertionError: the reader has a bug" in err


@pytest.mark.parametrize("command", [["jobs-explain", "a.yaml"], ["diff", "a.yaml", "a.yaml"]])
def test_a_job_that_cannot_be_shown(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from joblint.report.diff import text as of_diff
    from joblint.report.explain import text as of_explain

    for module, name in ((of_diff, "_change"), (of_explain, "_one")):
        real = getattr(module, name)

        def shown(*given: Any, real: Any = real) -> Any:
            if any(getattr(one, "name", "") == "poison" for one in given):
                raise IndexError("no such line")
            yield from real(*given)

        monkeypatch.setattr(module, name, shown)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(f"{BAD}---\n{GOOD}".replace("backof", "backoff"))
    assert _run(*command) == 3
    out, err = capsys.readouterr()
    assert "joblint cannot show this" in out and "good" in out
    doing = "explaining" if command[0] == "jobs-explain" else "comparing"
    assert f"a bug in joblint while {doing} manifests: IndexError: no such line" in err


def test_explain_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    real = building.explain

    def explain(document: object, prefix: str, value: dict[str, dict[str, str]], *rest: object, **options: object) -> object:
        if value["metadata"]["name"] == "poison":
            raise ZeroDivisionError("no retries")
        return real(document, prefix, value, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(building, "explain", explain)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(f"{BAD}---\n{GOOD}")
    assert _run("jobs-explain", "--format", "json", "a.yaml") == 3
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert [j["name"] for j in told["jobs"]] == ["good"]
    assert [(c["file"], c["document"]) for c in told["crashes"]] == [("a.yaml", 0)]
    assert "a bug in joblint at a.yaml, document 0: ZeroDivisionError: no retries" in err


def test_diff_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from joblint.run.diff.one import One

    real = One.first

    def first(one: One) -> object:
        if one.new.value["metadata"]["name"] == "poison":
            raise IndexError("no such patch")
        return real(one)

    monkeypatch.setattr(One, "first", first)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(f"{BAD}---\n{GOOD}".replace("backof", "backoff"))
    assert _run("diff", "--format", "json", "a.yaml", "a.yaml") == 3
    told = json.loads(capsys.readouterr().out)
    assert [c["name"] for c in told["changes"]] == ["good"]
    assert [(c["file"], c["document"]) for c in told["crashes"]] == [("a.yaml", 0)]


def test_what_is_nested_too_deeply_is_named_and_the_rest_goes_on() -> None:
    deep = BAD + "  x: " + "[" * 5000 + "]" * 5000 + "\n"
    report = check(f"{deep}---\n{GOOD}")
    assert "good" in [d.judged.name for d in report.documents]
    assert not report.crashes
    assert len(report.documents) + len(report.skipped) == 2


def test_a_traceback_comes_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBLINT_TRACEBACK", "1")
    for module in (judging, one_document):
        monkeypatch.setattr(module, "judge", lambda *_: {}["nothing"])
    (crash,) = check(GOOD).crashes
    assert crash.error.startswith("Traceback")


@pytest.mark.usefixtures("poison")
def test_an_editor_shows_the_other_documents_and_names_the_one() -> None:
    pytest.importorskip("pygls")
    from joblint.api.version.versions import DEFAULT
    from joblint.lsp.analysis import Analysis
    from joblint.lsp.diagnostics import diagnostics
    from joblint.rules.catalogue.rule import builtin
    from joblint.rules.engine import Engine
    from joblint.run.again import Again

    found = diagnostics(Analysis(f"{BAD}---\n{GOOD}", Again(Engine(builtin(), DEFAULT), "a.yaml")))
    assert [(d.range.start.line, d.message[:55]) for d in found if d.code is None] == [
        (0, "A bug in joblint: KeyError: 'a bug that nobody has foun")
    ]
    assert "JL105" in [d.code for d in found]


@pytest.mark.parametrize("where", ["-", "out.json"])
def test_a_finding_that_a_format_for_programs_cannot_show(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from joblint.report.check import json as format

    real = format._finding

    def one(finding: Any, *rest: Any) -> Any:
        if finding.file == "b.yaml":
            raise IndexError("no such line")
        return real(finding, *rest)

    monkeypatch.setattr(format, "_finding", one)
    monkeypatch.chdir(tmp_path)
    for name in "abc":
        (tmp_path / f"{name}.yaml").write_text(GOOD)
    assert _run("check", "--output", f"json={where}", ".") == 3
    out, err = capsys.readouterr()
    report = json.loads(out if where == "-" else Path(where).read_text())
    assert {f["file"] for f in report["findings"]} == {"a.yaml", "c.yaml"}
    assert ("b.yaml", "JL105") in [(c["file"], c["rule"]) for c in report["summary"]["crashes"]]
    assert "a bug in joblint while writing the report: IndexError: no such line" in err


def test_a_file_whose_storage_fails_in_its_own_way() -> None:
    from joblint.api.version.versions import DEFAULT
    from joblint.rules.catalogue.rule import builtin
    from joblint.rules.engine import Engine
    from joblint.run.contents import Once
    from joblint.run.parts import each

    def far(file: str) -> bytes:
        if file == "b":
            raise RuntimeError("a client's own error")
        return GOOD.encode()

    parts, _ = each(Engine(builtin(), DEFAULT), ("a", "b", "c"), Once(None, {}, far=far), None)
    assert [name for name, _, outcomes, _ in parts if outcomes[0].judged] == ["a", "c"]
    assert [c.error.split(" (")[0] for _, _, outcomes, _ in parts for c in outcomes[0].crashes] == [
        "RuntimeError: a client's own error"
    ]


def _checked(tmp_path: Path, capsys: pytest.CaptureFixture[str], *command: str) -> tuple[int, str, str]:
    status = _run(*command)
    return status, *capsys.readouterr()


def test_positions_that_are_found_only_in_another_way_are_the_same_and_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from joblint.source.places import plain_tree

    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(f"{GOOD}---\n{BAD}")
    (tmp_path / "b.yaml").write_text(GOOD)
    before = _checked(tmp_path, capsys, "check", "--format", "concise", ".")
    real = plain_tree.build

    def build(data: bytes, text: str) -> Any:
        if b"poison" in data:
            raise IndexError("no such line")
        return real(data, text)

    monkeypatch.setattr(plain_tree, "build", build)
    status, out, err = _checked(tmp_path, capsys, "check", "--format", "concise", ".")
    assert (before[0], status, out) == (1, 3, before[1])
    assert "a bug in joblint at a.yaml, document 1: IndexError: no such line" in err


@pytest.mark.parametrize("command", ["check", "jobs-explain", "diff"])
def test_positions_that_cannot_be_found_hide_no_finding(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from joblint.source.places import plain_tree, tree

    def build(*_: object) -> Any:
        raise IndexError("no such line")

    monkeypatch.setattr(plain_tree, "build", lambda *_: None)
    monkeypatch.setattr(tree, "build", build)
    monkeypatch.chdir(tmp_path)
    text = GOOD if command == "check" else GOOD.replace("backof", "backoff").replace("a:1", "a:latest")
    (tmp_path / "a.yaml").write_text(text)
    (tmp_path / "b.yaml").write_text(text.replace("name: good", "name: other").replace("latest", "1"))
    files = ["a.yaml", "b.yaml"] if command == "diff" else ["a.yaml"]
    status, out, err = _checked(tmp_path, capsys, command, *files)
    if command != "diff":  # which of the files' positions it looks up depends on the change
        assert status == 3
        assert "a bug in joblint at a.yaml, document 0: IndexError: no such line" in err
    assert ("JL105" if command == "check" else "good") in out


def test_a_bug_of_the_exact_reader_is_not_told_as_invalid_yaml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from joblint.source.goyaml.parser import Parser

    def next_event(_: Parser) -> Any:
        raise KeyError("a state that nobody has thought of")

    monkeypatch.setattr(Parser, "next_event", next_event)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(f'{GOOD}---\n{GOOD}  x: "\\/"\n---\n{GOOD}')  # which libyaml reads differently
    status, out, err = _checked(tmp_path, capsys, "check", "--format", "concise", ".")
    assert status == 3 and "YAML" not in out
    assert out.count("JL105") == 2
    assert "a bug in joblint at a.yaml, document 1: KeyError: 'a state that nobody has thought of'" in err


def test_a_crash_over_one_way_through_a_template_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = importlib.import_module("joblint.rules.checks.hygiene.pods")
    monkeypatch.setattr(module, "_PAYLOAD", 5)  # what the rule asks startswith for
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(JOB.format(name="{{ .Release.Name }}", limit="backofLimit").replace("a:1", "a:latest"))
    (tmp_path / "b.yaml").write_text(GOOD)
    status, out, err = _checked(tmp_path, capsys, "check", "--no-render", "--format", "concise", ".")
    assert status == 3
    assert out.count("JL105") == 2
    assert "a bug in rule JL801 image-not-pinned at a.yaml, document 0: TypeError" in err


def test_a_crash_over_what_a_fix_would_give_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = one_document.judge

    def judge(value: Any, *rest: Any) -> Any:
        if "backoffLimit" in value["spec"]:
            raise KeyError("only what is fixed")
        return real(value, *rest)

    monkeypatch.setattr(one_document, "judge", judge)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(GOOD)
    status, _, err = _checked(tmp_path, capsys, "check", "--diff", "a.yaml")
    assert status == 3
    assert "a bug in joblint at a.yaml, document 0: KeyError: 'only what is fixed'" in err


@pytest.mark.parametrize("through", ["command", "call"])
def test_namespaces_that_cannot_be_read_hide_no_finding(
    through: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import joblint.api.admission.asked as asked

    monkeypatch.setattr(asked, "labelled", lambda _: {}["no level"])
    text = f'{{kind: Namespace, metadata: {{labels: {{"pod-security.kubernetes.io/enforce": baseline}}}}}}\n---\n{GOOD}'
    if through == "call":
        report = check(text)
        assert [c.error.split(" (")[0] for c in report.crashes] == ["KeyError: 'no level'"]
        assert "JL105" in [f.rule for f in report.findings]
        return
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(text)
    status, out, err = _checked(tmp_path, capsys, "check", "--format", "concise", ".")
    assert status == 3 and "JL105" in out
    assert "a bug in joblint at a.yaml, document 0: KeyError: 'no level'" in err


def test_the_other_documents_of_a_file_are_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import joblint.run.explaining as explaining

    real = explaining.skip

    def skip(document: Any) -> Any:
        if document.index == 1:
            raise KeyError("a reason")
        return real(document)

    monkeypatch.setattr(explaining, "skip", skip)
    monkeypatch.chdir(tmp_path)
    good = GOOD.replace("backof", "backoff")
    (tmp_path / "a.yaml").write_text("---\n".join([good, good, good.replace("good", "last")]))
    status, out, err = _checked(tmp_path, capsys, "jobs-explain", "a.yaml")
    assert status == 3
    assert "Job good" in out and "Job last" in out
    assert "a bug in joblint at a.yaml, document 1: KeyError: 'a reason'" in err


def test_a_patch_that_cannot_be_recognized_hides_no_other_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import joblint.source.unrendered.kustomize_patches as kustomize

    def why(_: object, file: str, value: Any, *rest: Any) -> Any:
        if value["metadata"]["name"] == "poison":
            raise KeyError("a patch")

    monkeypatch.setattr(kustomize.Patches, "of", lambda s, file: lambda value: why(s, file, value))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(f"{GOOD}---\n{BAD}---\n{GOOD}")
    status, out, err = _checked(tmp_path, capsys, "check", "--format", "concise", ".")
    assert status == 3 and out.count("JL105") == 2
    assert "a bug in joblint at a.yaml, document 1: KeyError: 'a patch'" in err
