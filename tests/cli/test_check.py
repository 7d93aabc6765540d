"""`joblint check` from the outside: what it prints, and its exit statuses."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest
from inline_snapshot import snapshot

from joblint.api.version.versions import DEFAULT, PREVIEWS, RELEASES

from .run import joblint

ROOT = Path(__file__).parents[2]
GOOD = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
spec:
  backoffLimit: 4
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: perl:5.34.0
"""
BAD = GOOD.replace("      restartPolicy: Never\n", "")
TRAP = GOOD.replace("backoffLimit: 4", "activeDeadlineSeconds: 300") + "  backoffLimit: 6\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()  # the search for a configuration ends here
    return tmp_path


def test_a_refused_job_tells_where_why_and_what_to_type(folder: Path) -> None:
    (folder / "job.yaml").write_text(BAD)
    done = joblint("check", "job.yaml", cwd=folder)
    assert done.returncode == 1
    assert done.stdout.decode() == snapshot("""\
job.yaml:8:5  error  restart-policy-required  JL101
  The API server rejects this Job: spec.template.spec.restartPolicy is required: "OnFailure" or "Never".

   7    template:
   8      spec:
          ^^^^ restartPolicy is missing here
   9        containers:

  why   A Pod template without restartPolicy defaults to Always, which a Job does not allow.
  fix   restartPolicy: Never      # each attempt is a new Pod; the logs of all attempts are kept
        restartPolicy: OnFailure  # or: restarts the container; at backoffLimit the Pod and its logs are deleted

1 Job checked in 1 file: 1 error.  2 info findings not shown (--severity info).
""")


def test_a_clean_job_is_one_line(folder: Path) -> None:
    (folder / "job.yaml").write_text(GOOD)
    done = joblint("check", "job.yaml", cwd=folder)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().startswith("1 Job checked in 1 file: nothing found.")


def test_concise_is_one_line_a_finding(folder: Path) -> None:
    (folder / "job.yaml").write_text(TRAP)
    done = joblint("check", "--format=concise", "job.yaml", cwd=folder)
    first = done.stdout.decode().splitlines()[0]
    assert first.startswith(
        "job.yaml:6:26: warning: backoffLimit 6 is never reached: retry 5 of 6 starts after at least 5m10s of back-off"
    )
    assert first.endswith("[JL301 backoff-limit-unreachable]")


@pytest.mark.parametrize(
    ("manifest", "options", "status"),
    [
        (GOOD, [], 0),
        (BAD, [], 1),
        (BAD, ["--exit-zero"], 0),
        (TRAP, [], 0),
        (TRAP, ["--fail-on", "warning"], 1),
        (TRAP, ["--fail-on", "warning", "--ignore", "JL301"], 0),
        (BAD, ["--select", "JL3"], 0),
        ("kind: Job\na: [", [], 1),
        ("a: [", [], 0),  # nothing in it says that it is ours
        (GOOD, ["--select", "JL000"], 2),
        (GOOD, ["--kubernetes-version", "1.12"], 2),
        (GOOD, ["--no-such-option"], 2),
        (GOOD, ["--format", "xml"], 2),
        (GOOD, ["no-such-file.yaml"], 2),
        (GOOD, ["--unsafe"], 2),
        (GOOD, ["--config", "no-such.yaml"], 2),
    ],
)
def test_exit_status(folder: Path, manifest: str, options: list[str], status: int) -> None:
    (folder / "job.yaml").write_text(manifest)
    done = joblint("check", "job.yaml", *options, cwd=folder)
    assert done.returncode == status, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert (status == 2) == bool(done.stderr)


def test_a_path_that_is_not_there_hides_no_finding(folder: Path) -> None:
    (folder / "job.yaml").write_text(BAD)
    done = joblint("check", "job.yaml", "gone.yaml", cwd=folder)
    assert done.returncode == 2
    assert b"JL101" in done.stdout and b"gone.yaml: No such file" in done.stderr


def test_json_keeps_to_its_schema(folder: Path) -> None:
    (folder / "job.yaml").write_text(BAD + "---\nkind: Service\napiVersion: v1\nmetadata: {name: s}\n---\n" + TRAP)
    (folder / "chart.yaml").write_text("name: {{ .Values.name }}\n")
    (folder / "broken.yaml").write_text("kind: Job\na:\n\tb: 1\n")
    (folder / "theirs.yaml").write_text("a:\n\tb: 1\n")
    (folder / "theirs.json").write_text('{"a": 1, // a comment\n}')
    (folder / "templates.yaml").write_text('kind: CronJob\nmetadata: {{ include "a.meta" . }}\n')
    done = joblint("check", "--format", "json", "--severity", "info", ".", cwd=folder)
    report = json.loads(done.stdout)
    jsonschema.validate(report, json.loads((ROOT / "schemas/output/check.json").read_bytes()))
    assert [(d["file"], d["document"], d["kind"], d["apiserver"]["stage"]) for d in report["documents"]] == [
        ("broken.yaml", 0, None, "yaml"),
        ("job.yaml", 0, "Job", "validate"),
        ("job.yaml", 2, "Job", None),
    ]
    assert {(s["file"], s["reason"].split(":")[0]) for s in report["summary"]["skipped"]} == {
        ("chart.yaml", "not a Kubernetes object"),
        ("theirs.yaml", "not a Kubernetes object"),
        ("theirs.json", "not a Kubernetes object"),
        ("templates.yaml", "Helm template"),
        ("job.yaml", "kind Service"),
    }
    restart = next(f for f in report["findings"] if f["rule"] == "JL101")
    assert (restart["line"], restart["column"], restart["end_column"], restart["document"]) == (8, 5, 9, 0)


def test_standard_input_has_the_name_it_is_given(folder: Path) -> None:
    done = joblint("check", "-", "--stdin-filename", "made/job.yaml", stdin=BAD.encode(), cwd=folder)
    assert done.stdout.startswith(b"made/job.yaml:8:5")
    assert joblint("check", "-", stdin=BAD.encode(), cwd=folder).stdout.startswith(b"<stdin>:8:5")


def test_standard_input_serves_all_versions_and_all_rules(folder: Path) -> None:
    two = (
        GOOD.replace("backoffLimit: 4", "managedBy: example.com/x")
        + "---\n"
        + GOOD.replace("name: pi", "name: tau").replace(
            "      restartPolicy: Never\n", "      restartPolicy: Never\n      subdomain: ranks\n"
        )
    )
    done = joblint("check", "--kubernetes-version", "1.31..1.33", "--format", "concise", "-", stdin=two.encode(), cwd=folder)
    lines = done.stdout.decode().splitlines()
    assert any(line.startswith("<stdin>:6:3: warning") and "Applies to Kubernetes 1.31." in line for line in lines)
    assert any(line.startswith("<stdin>:23:18: warning") and "JL407" in line for line in lines), lines


def test_a_list_is_judged_item_by_item(folder: Path) -> None:
    items = "".join("- " + "\n  ".join(m.splitlines()) + "\n" for m in (GOOD, BAD))
    (folder / "list.yaml").write_text("apiVersion: v1\nkind: List\nitems:\n" + items)
    report = json.loads(joblint("check", "--format", "json", "list.yaml", cwd=folder).stdout)
    assert [d["apiserver"]["accepted"] for d in report["documents"]] == [True, False]
    (finding,) = report["findings"]
    assert (finding["field"], finding["line"], finding["column"]) == ("spec.template.spec.restartPolicy", 23, 7)


def test_what_is_skipped_is_named(folder: Path) -> None:
    (folder / "templates").mkdir()
    (folder / "templates/job.yaml").write_text("kind: Job\nmetadata:\n  name: {{ .Release.Name }}\n")
    (folder / "svc.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata: {name: s}\n")
    text = joblint("check", cwd=folder).stdout.decode()
    assert text.startswith("No Job or CronJob to check in 2 files.")
    assert "Not checked: 1 object of another kind, templates/job.yaml (Helm template: helm template … | joblint check -)" in text


def test_what_is_not_walked_is_counted_and_its_own_settings_are_not_named(folder: Path) -> None:
    for name in (".joblint.yaml", ".github/workflows/ci.yaml", "out/job.yaml", "job.gen.yaml", "node_modules/a/package.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}\n")
    (folder / ".gitignore").write_text("/out\n*.gen.yaml\n")
    (folder / "job.yaml").write_text(GOOD)
    done = joblint("check", ".", cwd=folder)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().endswith("Skipped: 2 gitignored, 1 hidden, 1 installed packages.\n"), done.stdout
    assert b".joblint.yaml" not in done.stdout
    report = json.loads(joblint("check", "--format", "json", cwd=folder).stdout)
    jsonschema.validate(report, json.loads((ROOT / "schemas/output/check.json").read_bytes()))
    assert {n["path"]: n["reason"] for n in report["summary"]["not_walked"]} == {
        ".github": "hidden",
        "out": "gitignored",
        "job.gen.yaml": "gitignored",
        "node_modules": "installed packages",
    }
    assert b"No Job or CronJob" in joblint("check", "out", cwd=folder).stdout


@pytest.mark.parametrize("stdin", [b"", b" \n\n", b"# nothing came of it\n---\n---\n"])
@pytest.mark.parametrize("command", [["check"], ["check", "--fix"], ["check", "--exit-zero"], ["jobs-explain"]])
def test_an_empty_standard_input_is_2(folder: Path, command: list[str], stdin: bytes) -> None:
    done = joblint(*command, "-", stdin=stdin, cwd=folder)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"standard input is empty: there is nothing to read" in done.stderr


def test_nothing_to_check_is_said_and_can_fail(folder: Path) -> None:
    (folder / "svc.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata: {name: s}\n")
    (folder / "k8s").mkdir()
    done = joblint("check", ".", cwd=folder)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == b"No Job or CronJob to check in 1 file.  Not checked: 1 object of another kind.\n"
    for path in (".", "k8s", "svc.yaml"):
        done = joblint("check", "--fail-on-nothing", "--format", "json", path, cwd=folder)
        assert done.returncode == 1 and b"--fail-on-nothing" in done.stderr
    assert joblint("check", "--fail-on-nothing", "--exit-zero", cwd=folder).returncode == 0
    (folder / ".joblint.yaml").write_text("fail-on-nothing: true\n")
    assert joblint("check", "k8s", cwd=folder).returncode == 1
    (folder / "k8s/job.yaml").write_text(GOOD)
    assert joblint("check", "k8s", cwd=folder).returncode == 0


def test_a_placeholder_is_unknown_rather_than_wrong(folder: Path) -> None:
    (folder / "job.yaml").write_text(GOOD.replace("backoffLimit: 4", "backoffLimit: ${RETRIES}"))
    report = json.loads(joblint("check", "--format", "json", "--severity", "info", "job.yaml", cwd=folder).stdout)
    assert report["documents"][0]["apiserver"]["accepted"] is False
    assert report["summary"]["errors"] == 0
    (finding,) = [f for f in report["findings"] if f["rule"] == "JL003"]
    assert finding["severity"] == "info" and "${RETRIES}" in finding["message"] and finding["line"] == 6


def test_nothing_raw_reaches_the_terminal(folder: Path) -> None:
    name = "\x1b[31mred\x07"
    (folder / "job.yaml").write_text(GOOD.replace("name: pi", 'name: "\\e[31mred\\a"'))
    for style in ("text", "concise"):
        done = joblint("check", "--format", style, "job.yaml", cwd=folder)
        assert b"\x1b" not in done.stdout and b"\x07" not in done.stdout
    assert name not in done.stdout.decode()


def test_colour_only_where_it_is_asked_for(folder: Path) -> None:
    (folder / "job.yaml").write_text(BAD)
    assert b"\x1b[" in joblint("check", "job.yaml", cwd=folder, FORCE_COLOR="1").stdout
    assert b"\x1b[" not in joblint("check", "job.yaml", cwd=folder, FORCE_COLOR="1", NO_COLOR="1").stdout
    assert b"\x1b[" not in joblint("check", "job.yaml", cwd=folder).stdout


def test_a_range_of_versions_tells_where_it_breaks(folder: Path) -> None:
    (folder / "job.yaml").write_text(GOOD.replace("backoffLimit: 4", "managedBy: example.com/x"))
    done = joblint("check", "--kubernetes-version", "1.31..1.36", "job.yaml", cwd=folder)
    text = " ".join(done.stdout.decode().split())
    assert "Applies to Kubernetes 1.31." in text and "managedBy" in text


def test_a_preview_says_so_and_is_never_the_default(folder: Path) -> None:
    (folder / "job.yaml").write_text(GOOD)
    for version in PREVIEWS:
        text = joblint("check", "--kubernetes-version", version, "job.yaml", cwd=folder).stdout.decode()
        assert f"Kubernetes {version} is a preview: the results are those of {RELEASES[version]}." in text
        told = joblint("jobs-explain", "--kubernetes-version", version, "job.yaml", cwd=folder).stdout.decode()
        assert f"Kubernetes {version} (preview)" in told
        told = joblint("diff", "--kubernetes-version", version, "job.yaml", "job.yaml", cwd=folder).stdout.decode()
        assert f"Kubernetes {version} is a preview" in told
    assert DEFAULT not in PREVIEWS
    assert "preview" not in joblint("check", "job.yaml", cwd=folder).stdout.decode()


def test_settings_are_found_above_and_options_win(folder: Path) -> None:
    (folder / ".joblint.yaml").write_text("fail-on: warning\nignore: [JL8]\n")
    (folder / "deep").mkdir()
    (folder / "deep/job.yaml").write_text(TRAP)
    assert joblint("check", "job.yaml", cwd=folder / "deep").returncode == 1
    assert joblint("check", "job.yaml", "--fail-on", "error", cwd=folder / "deep").returncode == 0
    (folder / ".joblint.yaml").write_text("fail-on: warning\nseverty: info\n")
    done = joblint("check", "job.yaml", cwd=folder / "deep")
    assert done.returncode == 2 and b".joblint.yaml:" in done.stderr and b"severty" in done.stderr


def test_odd_bytes_and_deep_nesting_give_a_result(folder: Path) -> None:
    cases = {
        "nul.yaml": b"kind: Job\0\n",
        "utf8.yaml": b"kind: \xff\xfe\xfa Job\n",
        "deep.yaml": b"[" * 20000,
        "deep2.yaml": b"kind: Job\napiVersion: batch/v1\nspec: " + b'{"a":' * 3000 + b"1" + b"}" * 3000,
        "bomb.yaml": b"a: &a [x,x,x,x,x,x,x,x,x]\n"
        + b"".join(b"%c: &%c [%s]\n" % (98 + i, 98 + i, b",".join([b"*%c" % (97 + i)] * 9)) for i in range(9)),
        "empty.yaml": b"",
    }
    for name, data in cases.items():
        (folder / name).write_bytes(data)
        done = joblint("check", name, cwd=folder)
        assert done.returncode in (0, 1, 2) and b"Traceback" not in done.stderr, (name, done.stderr[-500:])
        assert b"bug in joblint" not in done.stderr, (name, done.stderr[-500:])


def test_broken_pipe_is_no_error(folder: Path) -> None:
    (folder / "job.yaml").write_text(BAD)
    command = f"{os.sys.executable} -m joblint check --format json job.yaml | head -c 10"  # type: ignore[attr-defined]
    import subprocess

    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, env=env, check=False)
    assert done.stderr == b""


def test_the_rules_can_be_read(folder: Path) -> None:
    listing = joblint("rules", cwd=folder).stdout.decode()
    assert "JL101  restart-policy-required" in listing
    one = joblint("rules", "JL101", cwd=folder).stdout.decode()
    assert one.startswith("JL101  restart-policy-required  error") and "restartPolicy: Never" in one
    assert joblint("rules", "restart-policy-required", cwd=folder).stdout.decode() == one
    assert joblint("rules", "no-such-rule", cwd=folder).returncode == 2
