"""Every format of `check`, held against a reader that is not joblint's, and as it looks."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from tests.cli.run import joblint

junitparser = pytest.importorskip("junitparser")  # both come with the extra `test`
validation_errors = pytest.importorskip("sarif_kit.validate").validation_errors

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: {name}
  namespace: shop
spec:
  backoffLimit: 6
  activeDeadlineSeconds: 300
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: perl:5.34.0
"""
REFUSED = JOB.format(name="pi").replace("      restartPolicy: Never\n", "")
GITLAB: dict[str, Any] = {  # GitLab documentation, Code Quality, "Code Quality report format"
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "location", "severity"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./|/)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    jobs = tmp_path / "jobs"
    jobs.mkdir()
    (jobs / "stream.yaml").write_text(
        f"---\n# Source: chart/templates/job.yaml\n{REFUSED}---\n{JOB.format(name='zahlen')}---\nkind: Service\napiVersion: v1\n"
    )
    (jobs / "größe & co.yaml").write_text(
        JOB.format(name="gross").replace("  backoffLimit: 6\n", "  'backoffLimit': 6  # «größer»\n", 1), "utf-8"
    )
    (jobs / "broken.yaml").write_text("kind: Job\nspec: [\n")
    return tmp_path


def _run(folder: Path, format: str, *arguments: str, **env: str) -> str:
    done = joblint("check", "--format", format, *(arguments or ("jobs",)), cwd=folder, **env)
    assert done.stderr == b""
    return done.stdout.decode()


def test_sarif_is_what_oasis_says(folder: Path) -> None:
    log = json.loads(_run(folder, "sarif", "--severity", "info", "jobs"))
    assert validation_errors(log) == []
    (run,) = log["runs"]
    rules = [r["id"] for r in run["tool"]["driver"]["rules"]]
    assert all(rules[r["ruleIndex"]] == r["ruleId"] for r in run["results"])
    assert {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]} == {
        "jobs/stream.yaml",
        "jobs/gr%C3%B6%C3%9Fe%20&%20co.yaml",
        "jobs/broken.yaml",
    }
    marks = [r["partialFingerprints"]["primaryLocationLineHash"] for r in run["results"]]
    assert len(set(marks)) == len(marks)
    required = next(r for r in run["results"] if r["ruleId"] == "JL101")
    region = required["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"], region["endColumn"], region["snippet"]["text"]) == (12, 5, 9, "spec")
    assert [r["message"]["text"] for r in required["relatedLocations"]] == [
        "Job shop/pi",
        "rendered from chart/templates/job.yaml",
    ]
    fixed = next(r for r in run["results"] if r["ruleId"] == "JL301")
    assert fixed["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"]


def test_fingerprints_outlive_lines_files_and_numbers(folder: Path) -> None:
    def marks() -> set[str]:
        log = json.loads(_run(folder, "sarif", "--select", "JL301", "--output", "gitlab=code.json", "."))
        quality = {e["fingerprint"] for e in json.loads((folder / "code.json").read_bytes())}
        found = {r["partialFingerprints"]["joblint/v1"] for r in log["runs"][0]["results"]}
        assert found == quality
        return found

    before = marks()
    stream = folder / "jobs/stream.yaml"
    stream.write_text("# one more line\n\n" + stream.read_text().replace("300", "290"))
    stream.rename(folder / "jobs/moved.yaml")
    assert len(before) == 3 and marks() == before


def test_sarif_says_what_could_not_be_read(folder: Path) -> None:
    done = joblint("check", "--format", "sarif", "jobs", "gone.yaml", cwd=folder)
    log = json.loads(done.stdout)
    assert done.returncode == 2 and validation_errors(log) == []
    invocation = log["runs"][0]["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert [n["message"]["text"] for n in invocation["toolExecutionNotifications"]] == ["No such file or directory"]


def test_gitlab_report(folder: Path) -> None:
    report = json.loads(_run(folder, "gitlab"))
    jsonschema.validate(report, GITLAB)
    assert len({e["fingerprint"] for e in report}) == len(report) > 2
    found = next(e for e in report if e["check_name"] == "JL101 restart-policy-required")
    assert found["location"] == {"path": "jobs/stream.yaml", "lines": {"begin": 12, "end": 12}}


def test_paths_count_from_the_root_of_the_checkout(folder: Path) -> None:
    inside = folder / "jobs"
    paths = {e["location"]["path"] for e in json.loads(_run(inside, "gitlab", "stream.yaml", "../jobs/broken.yaml"))}
    assert paths == {"jobs/stream.yaml", "jobs/broken.yaml"}


def test_junit_has_a_case_an_object(folder: Path) -> None:
    report = junitparser.JUnitXml.fromstring(_run(folder, "junit").encode())
    assert (report.tests, report.failures, report.errors, report.skipped) == (5, 2, 0, 1)
    cases = {(suite.name, case.name): case.result for suite in report for case in suite}
    assert sorted(cases) == [
        ("jobs/broken.yaml", "document 0"),
        ("jobs/größe & co.yaml", "shop/gross"),
        ("jobs/stream.yaml", "document 2"),
        ("jobs/stream.yaml", "shop/pi"),
        ("jobs/stream.yaml", "shop/zahlen"),
    ]
    (failure,) = cases[("jobs/stream.yaml", "shop/pi")]
    assert isinstance(failure, junitparser.Failure) and failure.message is not None and failure.message.startswith("JL101")
    assert isinstance(cases[("jobs/stream.yaml", "document 2")][0], junitparser.Skipped)
    assert cases[("jobs/stream.yaml", "shop/zahlen")] == []


def test_junit_fails_what_makes_the_exit_status_one(folder: Path) -> None:
    report = junitparser.JUnitXml.fromstring(_run(folder, "junit", "--fail-on", "warning", "jobs").encode())
    assert report.failures == 4
    done = joblint("check", "--format", "junit", "jobs", "gone.yaml", cwd=folder)
    missing = junitparser.JUnitXml.fromstring(done.stdout)
    assert missing.errors == 1
    assert any(isinstance(r, junitparser.Error) for suite in missing for case in suite for r in case.result)


def test_checkstyle_is_xml(folder: Path) -> None:
    tree = ElementTree.fromstring(_run(folder, "checkstyle"))
    assert tree.tag == "checkstyle"
    found = [(f.get("name"), e.get("line"), e.get("column"), e.get("severity"), e.get("source")) for f in tree for e in f]
    assert ("jobs/stream.yaml", "12", "5", "error", "joblint.JL101.restart-policy-required") in found


def test_xml_holds_whatever_a_manifest_holds(folder: Path) -> None:
    (folder / "odd.yaml").write_text(JOB.format(name='"a\\x01\\ud800<&\\"]]>"').replace("300", "0"))
    for format in ("junit", "checkstyle"):
        ElementTree.fromstring(_run(folder, format, "odd.yaml"))


def test_github_annotations_are_escaped(folder: Path) -> None:
    lines = _run(folder, "github").splitlines()
    command = re.compile(r"::(error|warning|notice) (\w+=[^,:\n]*(?:,\w+=[^,:\n]*)*)::(.*)")
    found = [m for line in lines if (m := command.fullmatch(line))]
    assert [m[1] for m in found] == ["error", "error", "warning", "warning", "warning"]
    properties = dict(p.split("=", 1) for p in found[1][2].split(","))
    assert properties["file"] == "jobs/stream.yaml" and properties["title"] == "JL101 restart-policy-required"
    assert (properties["line"], properties["col"], properties["endColumn"]) == ("12", "5", "9")
    assert "Job shop/pi: The API server rejects" in found[1][3] and "%0A" in found[1][3]
    assert not lines[-1].startswith("::") and "not read" not in lines[-1]


def test_github_past_ten_of_a_kind_and_its_summary(folder: Path) -> None:
    many = "---\n".join([REFUSED.replace("name: pi", f"name: pi-{n}") for n in range(14)])
    (folder / "jobs" / "many.yaml").write_text(many)
    (folder / "summary.md").write_text("# before\n")
    out = _run(folder, "github", "jobs/many.yaml", GITHUB_STEP_SUMMARY=str(folder / "summary.md"))
    assert sum(line.startswith("::error") for line in out.splitlines()) == 10
    assert "::group::joblint: 8 more findings" in out and "::endgroup::" in out
    assert "jobs/many.yaml:" in out and "[JL101 restart-policy-required]" in out
    summary = (folder / "summary.md").read_text()
    assert summary.startswith("# before\n## joblint\n") and summary.count("| Job shop/pi-") == 28


def test_rdjson_counts_bytes_and_suggests(folder: Path) -> None:
    report = json.loads(_run(folder, "rdjson", "--severity", "info", "jobs"))
    diagnostics = report["diagnostics"]
    assert {d["severity"] for d in diagnostics} == {"ERROR", "WARNING", "INFO"}
    odd = folder / "jobs" / "größe & co.yaml"
    found = next(d for d in diagnostics if d["location"]["path"].endswith("co.yaml") and "suggestions" in d)
    text = odd.read_text("utf-8").split("\n")
    suggestion = found["suggestions"][0]
    start, end = suggestion["range"]["start"], suggestion["range"]["end"]
    assert start["line"] == end["line"]
    line = text[start["line"] - 1].encode()
    changed = line[: start["column"] - 1] + suggestion["text"].encode() + line[end["column"] - 1 :]
    assert changed.decode() == "  'backoffLimit': 4  # «größer»"


def test_markdown_shows_nothing_of_a_manifest_as_markup(folder: Path) -> None:
    (folder / "odd.yaml").write_text(JOB.format(name='"a|b<img src=x>@all"'))
    out = _run(folder, "markdown", "odd.yaml")
    rows = [line for line in out.splitlines() if line.startswith("| ")]
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 5 for row in rows)
    assert "<img" not in out and "@all" not in out


def test_several_outputs_at_once(folder: Path) -> None:
    done = joblint("check", "jobs", "--output", "sarif=out/a.sarif", "--output=junit=j.xml", "--output", "concise", cwd=folder)
    assert done.stdout.decode().startswith("jobs/broken.yaml:")
    assert validation_errors(json.loads((folder / "out/a.sarif").read_bytes())) == []
    junitparser.JUnitXml.fromstring((folder / "j.xml").read_bytes())
    silent = joblint("check", "jobs", "--output", "text=t.txt", cwd=folder)
    assert (silent.stdout, silent.returncode) == (b"", 1)
    assert "restart-policy-required" in (folder / "t.txt").read_text("utf-8")
    assert list(folder.glob(".joblint-*")) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--output", "sarfi=a"], "unknown format 'sarfi'; did you mean sarif?"),
        (["--output", "sarif="], "specify a file, or - for standard output"),
        (["--output", "json", "--output", "text"], "two formats cannot both be written to standard output"),
        (["--format", "json", "--output", "text"], "two formats cannot both be written to standard output"),
        (["--output", "json=."], "Is a directory"),
    ],
)
def test_outputs_that_cannot_be_meant(folder: Path, arguments: list[str], said: str) -> None:
    done = joblint("check", "jobs", *arguments, cwd=folder)
    assert done.returncode == 2 and said in done.stderr.decode()


def test_a_file_is_replaced_whole_and_keeps_its_mode(folder: Path) -> None:
    out = folder / "a.json"
    out.write_text("before")
    out.chmod(0o640)
    joblint("check", "jobs", "--output", "json=a.json", cwd=folder)
    assert json.loads(out.read_bytes())["version"] == 1 and out.stat().st_mode & 0o777 == 0o640


def test_the_text_says_whose_a_finding_is_where_there_are_several(folder: Path) -> None:
    out = _run(folder, "text", "jobs/stream.yaml")
    assert "\n  Job shop/pi (from chart/templates/job.yaml)\n" in out and "\n  Job shop/zahlen\n" in out
    concise = _run(folder, "concise", "jobs/stream.yaml").splitlines()
    assert ": warning: Job shop/zahlen: backoffLimit 6 is never reached" in concise[-2]
    assert "Job shop" not in _run(folder, "text", "jobs/größe & co.yaml")
    found = json.loads(_run(folder, "json", "--severity", "info", "jobs/stream.yaml"))["findings"]
    assert {f["object"]["name"] for f in found} == {"pi", "zahlen"}
    memory = next(f for f in found if f["rule"] == "JL802")
    assert memory["object"] == {"kind": "Job", "namespace": "shop", "name": "pi", "container": "main"}
    assert memory["source"] == {"file": "chart/templates/job.yaml", "line": None, "column": None, "values": None}
