"""Ignores from the outside: overrides of a configuration, the options around them, and `joblint ignore add`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .run import joblint

JOB = """\
apiVersion: batch/v1
kind: {kind}
metadata:
  name: {name}
  namespace: {namespace}
spec:
  activeDeadlineSeconds: 300
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: perl
      - name: proxy
        image: proxy
  backoffLimit: 6
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    for path, name, namespace in (("a.yaml", "load-a", "dev-1"), ("legacy/b.yaml", "load-b", "prod"), ("c.yaml", "pi", "prod")):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(JOB.format(kind="Job", name=name, namespace=namespace))
    return tmp_path


def _found(folder: Path, *arguments: str) -> list[str]:
    report = json.loads(joblint("check", "--format", "json", *arguments, ".", cwd=folder).stdout)
    return [f"{f['file']}:{f['line']} {f['rule']} {f['severity']}" for f in report["findings"]]


ALL = [f"{f}.yaml:{n} {r} warning" for f in ("a", "c", "legacy/b") for n, r in ((7, "JL301"), (13, "JL801"), (15, "JL801"))]


@pytest.mark.parametrize(
    ("override", "gone"),
    [
        ("paths: [legacy/], ignore: [JL3]", ["legacy/b.yaml:7"]),
        ("paths: ['*.yaml', '!c.yaml'], ignore: [JL301]", ["a.yaml:7", "legacy/b.yaml:7"]),
        ("kinds: [CronJob], ignore: [all]", []),
        ("namespaces: [dev-*], ignore: [backoff-limit-unreachable]", ["a.yaml:7"]),
        ("names: ['load-?'], ignore: [JL301]", ["a.yaml:7", "legacy/b.yaml:7"]),
        ("containers: [proxy], ignore: [JL801]", ["a.yaml:15", "c.yaml:15", "legacy/b.yaml:15"]),
        ("names: [pi], containers: [main], severities: {JL801: off}", ["c.yaml:13"]),
        ("ignore: [JL8], until: 2999-12-31", [x.split()[0] for x in ALL if "JL801" in x]),
    ],
)
def test_overrides_are_for_files_and_objects(folder: Path, override: str, gone: list[str]) -> None:
    (folder / ".joblint.yaml").write_text(f"overrides:\n- {{{override}}}\n")
    assert _found(folder) == [x for x in ALL if x.split()[0] not in gone]
    assert _found(folder, "--no-ignores") == ALL


def test_an_override_gives_another_severity(folder: Path) -> None:
    (folder / ".joblint.yaml").write_text("overrides:\n- {names: [pi], severities: {JL301: error, JL802: warning}}\n")
    found = _found(folder)
    assert "c.yaml:7 JL301 error" in found and "c.yaml:12 JL802 warning" in found
    assert "a.yaml:7 JL301 warning" in found and len(found) == len(ALL) + 2


def test_an_override_whose_day_is_over_is_told_where_it_stands(folder: Path) -> None:
    (folder / ".joblint.yaml").write_text(
        "overrides:\n- paths: [legacy/]\n  ignore: [JL301]\n  until: 2024-05-01\n  reason: theirs\n"
    )
    found = _found(folder)
    assert [x for x in found if "JL016" not in x] == ALL
    assert ".joblint.yaml:4 JL016 warning" in found
    assert (
        b'This ignore of JL301 expired on 2024-05-01: its findings are reported again. Its reason: "theirs".'
        in joblint("check", ".", cwd=folder).stdout
    )


def test_no_verdict_leaves_out_what_the_server_rejects(folder: Path) -> None:
    path = folder / "c.yaml"
    path.write_text(path.read_text().replace("      restartPolicy: Never\n", ""))
    assert joblint("check", "c.yaml", cwd=folder).returncode == 1
    done = joblint("check", "--no-verdict", "c.yaml", cwd=folder)
    assert done.returncode == 0 and b"JL101" not in done.stdout and b"JL301" in done.stdout


def test_comments_for_what_is_found_today(folder: Path) -> None:
    done = joblint("ignore", "add", ".", "--reason", "from before", "--until", "2999-01-01", cwd=folder)
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr == b"joblint: ignores for 9 findings in 3 files\n"
    assert "image: proxy  # joblint: ignore[JL801] until=2999-01-01 -- from before\n" in (folder / "a.yaml").read_text()
    assert _found(folder) == [] and _found(folder, "--no-ignores") == ALL
    assert b"9 ignored (--no-ignores)." in joblint("check", ".", cwd=folder).stdout
    again = joblint("check", "--add-ignores", ".", cwd=folder)
    assert again.stderr == b"joblint: nothing to ignore\n"


def test_ignored_findings_are_suppressed_results_of_sarif(folder: Path) -> None:
    joblint("ignore", "add", "a.yaml", "--select", "JL301", "--reason", "known", cwd=folder)
    log = json.loads(joblint("check", "--format", "sarif", "a.yaml", cwd=folder).stdout)
    suppressed = {r["ruleId"]: r["suppressions"] for r in log["runs"][0]["results"] if "suppressions" in r}
    assert suppressed == {"JL301": [{"kind": "inSource", "status": "accepted", "justification": "known"}]}


@pytest.mark.parametrize("arguments", [["-"], [".", "--fix"], [".", "--until", "soon"]])
def test_calls_that_cannot_be_meant(folder: Path, arguments: list[str]) -> None:
    done = joblint("check", "--add-ignores", *arguments, cwd=folder, stdin=b"")
    assert done.returncode == 2 and done.stderr.startswith(b"joblint: --")


def test_over_several_versions_an_ignore_has_its_effect_if_it_has_in_one(folder: Path) -> None:
    done = joblint("ignore", "add", "a.yaml", cwd=folder)
    assert done.returncode == 0
    out = joblint("check", "--kubernetes-version", "1.31..1.36", "a.yaml", cwd=folder).stdout
    assert b"JL015" not in out and b"nothing found" in out
