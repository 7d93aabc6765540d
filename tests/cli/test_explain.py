"""`joblint jobs-explain` as a person calls it: exit statuses, options, scenario files, and the kubectl plugin."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.run import joblint

JOB = """apiVersion: batch/v1
kind: Job
metadata:
  name: j
spec:
  backoffLimit: 1
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: main
          image: "b:1"
"""


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    file = tmp_path / "job.yaml"
    file.write_text(JOB)
    return file


def simulation(*arguments: str) -> dict[str, object]:
    done = joblint("jobs-explain", "--format", "json", *arguments)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)["jobs"][0]
    return found


@pytest.mark.parametrize("command", ["jobs-explain", "explain"])
def test_both_names_say_the_same(command: str, manifest: Path) -> None:
    done = joblint(command, str(manifest))
    assert done.returncode == 0
    assert done.stdout.decode().startswith("Job j  (")


@pytest.mark.parametrize("format", ["text", "json", "markdown", "svg", "html"])
def test_every_format(format: str, manifest: Path) -> None:
    done = joblint("jobs-explain", "--format", format, str(manifest))
    assert (done.returncode, done.stderr) == (0, b"")
    starts = {"text": "Job j", "json": "{", "markdown": "## Job j", "svg": "<svg ", "html": "<!DOCTYPE html>"}
    assert done.stdout.decode().startswith(starts[format])


def test_a_refused_manifest_is_1(manifest: Path) -> None:
    manifest.write_text(JOB.replace("backoffLimit: 1", "backoffLimit: -1"))
    done = joblint("jobs-explain", str(manifest))
    assert done.returncode == 1
    assert b"The API server rejects this Job" in done.stdout


def test_broken_yaml_is_1_and_named(manifest: Path) -> None:
    manifest.write_text("kind: Job\na: [")
    done = joblint("jobs-explain", str(manifest))
    assert done.returncode == 1
    assert b"No Job or CronJob to explain." in done.stdout
    assert b"job.yaml (invalid YAML at 2:4: " in done.stdout


def test_other_kinds_are_counted(manifest: Path) -> None:
    manifest.write_text(JOB + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\n")
    done = joblint("jobs-explain", str(manifest))
    assert done.returncode == 0
    assert done.stdout.decode().endswith("\nNot explained: 1 object of another kind.\n")


def test_a_path_that_is_not_there_is_2(tmp_path: Path) -> None:
    done = joblint("jobs-explain", "nothing.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"joblint: nothing.yaml: No such file or directory\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--run", "soon"], "--run: invalid duration 'soon'; use a duration such as 90s, 15m or 1h30m"),
        (["--until", "-1"], "--until: invalid duration '-1'"),
        (["--now", "tomorrow"], "--now: invalid time 'tomorrow'; use a time such as 2026-11-21T10:30:00Z"),
        (["--scenario", "explode"], "--scenario: no such file or scenario: explode; built-in scenarios: succeed"),
        (["--kubernetes-version", "2.0"], "2.0"),
        (["--format", "gif"], "gif"),
    ],
)
def test_usage_is_2(arguments: list[str], says: str, manifest: Path) -> None:
    done = joblint("jobs-explain", *arguments, str(manifest))
    assert (done.returncode, done.stdout) == (2, b"")
    assert says in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_paths_as_kubectl_has_them(manifest: Path, tmp_path: Path) -> None:
    for arguments in (["-f", str(manifest)], ["--filename", str(manifest)], [str(tmp_path)]):
        assert joblint("jobs-explain", *arguments).stdout.decode().startswith("Job j  (")
    done = joblint("jobs-explain", "-f", "-", "--stdin-filename", "in.yaml", stdin=JOB.encode())
    assert done.stdout.decode().startswith("Job j  (in.yaml:1, ")


def test_brief(manifest: Path) -> None:
    assert len(joblint("jobs-explain", "--brief", str(manifest)).stdout.splitlines()) == 5


def test_the_run_time_of_each_try(manifest: Path) -> None:
    found = simulation("--run", "90s", str(manifest))
    assert found["scenarios"]["fail"]["title"] == "the program fails after 1m30s, in every attempt"  # type: ignore[index]
    created = [e["t"] for e in found["simulation"]["events"] if e["event"] == "pod-created"]  # type: ignore[index]
    assert [round(t) for t in created] == [0, 100]


def test_looking_on_for_a_time(manifest: Path) -> None:
    found = simulation("--until", "5s", str(manifest))
    assert found["simulation"]["outcome"] == "until"  # type: ignore[index]


def test_the_time_from_which_starts_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "cron.yaml"
    template = "\n".join(["    " + line for line in JOB.split("spec:\n", 1)[1].splitlines()])
    file.write_text(
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec:\n  schedule: '0 12 * * *'\n  jobTemplate:\n"
        f"    spec:\n{template}\n"
    )
    for now in ("2026-02-28T12:00:00Z", "2026-02-28T12:00:00", "2026-02-28T13:00:00+01:00"):
        starts = simulation("--now", now, str(file))["schedule"]["starts"]  # type: ignore[index]
        assert [s["utc"] for s in starts[:2]] == ["2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z"]


def test_a_scenario_file_is_the_simulation(manifest: Path, tmp_path: Path) -> None:
    scenario = tmp_path / "flaky.yaml"
    scenario.write_text("pods:\n- {when: {n: 0}, run: 4, exit: 3}\n- {run: 2}\n")
    found = simulation("--scenario", str(scenario), str(manifest))
    assert found["simulation"]["scenario"] == "flaky.yaml"  # type: ignore[index]
    ends = [(e["event"], e["exit"]) for e in found["simulation"]["events"] if "exit" in e]  # type: ignore[index]
    assert ends == [("pod-failed", [3]), ("pod-succeeded", [0])]
    text = joblint("jobs-explain", "--scenario", str(scenario), str(manifest)).stdout.decode()
    assert "  scenario flaky.yaml\n" in text


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("pods:\n- {run: -1}\n", "2:9", "pods[0].run: must be a number of seconds"),
        ("pods:\n- run: 1\n  exit: soon\n", "3:9", "pods[0].exit: "),
        ("pods: [\n", "1:7", "a bracket is not closed"),
        ("actions:\n- {at: 3, patch: 5}\n", "2:", "actions[0].patch: "),
        ("- 1\n", "1:1", "a scenario must be a mapping"),
    ],
)
def test_mistakes_in_a_scenario_have_a_place(text: str, place: str, says: str, manifest: Path, tmp_path: Path) -> None:
    scenario = tmp_path / "bad.yaml"
    scenario.write_text(text)
    done = joblint("jobs-explain", "--scenario", "bad.yaml", str(manifest), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(f"joblint: bad.yaml:{place}")
    assert says in done.stderr.decode()


def test_all_mistakes_of_a_scenario_at_once(manifest: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("pods:\n- {run: -1}\n- {rum: 2}\n")
    done = joblint("jobs-explain", "--scenario", "bad.yaml", str(manifest), cwd=tmp_path)
    assert [word for word in done.stderr.decode().split(": ") if word.startswith("pods[")] == ["pods[0].run", "pods[1].rum"]


def test_the_page_follows_the_project_s_settings(manifest: Path, tmp_path: Path) -> None:
    arguments = ("jobs-explain", "--format", "html", "job.yaml")
    assert b"JL801" not in joblint(*arguments, cwd=tmp_path).stdout
    manifest.write_text(JOB.replace('"b:1"', "b"))
    assert b"JL801" in joblint(*arguments, cwd=tmp_path).stdout
    (tmp_path / ".joblint.yaml").write_text("ignore: [JL801]\n")
    assert b"JL801" not in joblint(*arguments, cwd=tmp_path).stdout
    (tmp_path / ".joblint.yaml").write_text("ignroe: [JL801]\n")
    assert joblint(*arguments, cwd=tmp_path).returncode == 2


PLUGIN = """#!/bin/sh
exec {python} -c 'from joblint.start import plugin; plugin()' "$@"
"""

# What kubectl does with a command it does not know: the longest kubectl-NAME on PATH gets the arguments, dashes in the name
# being underscores in the file's name (Kubernetes 1.36.3, staging/src/k8s.io/kubectl/pkg/cmd/plugin.go).
STAND_IN = """#!/bin/sh
name=$(printf %s "$1" | tr - _)
shift
exec "kubectl-$name" "$@"
"""


def script(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(text.format(python=sys.executable))
    file.chmod(0o755)


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")
@pytest.mark.parametrize("real", [False, True])
def test_kubectl_finds_the_plugin(real: bool, manifest: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    script(folder, "kubectl-jobs_explain", PLUGIN)
    kubectl = shutil.which("kubectl") if real else str(folder / "kubectl")
    if kubectl is None:
        pytest.skip("kubectl is missing")
    if not real:
        script(folder, "kubectl", STAND_IN)
    root = str(Path(__file__).parent.parent.parent)
    env = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": root, "HOME": str(tmp_path)}
    command = [kubectl, "jobs-explain", "-f", str(manifest), "--brief"]
    done = subprocess.run(command, capture_output=True, env=env, check=False)
    assert done.stdout.decode().startswith("Job j  ("), done.stderr
    assert done.returncode == 0
    manifest.write_text(JOB.replace("Never", "never"))
    assert subprocess.run(command, capture_output=True, env=env, check=False).returncode == 1


LIVE = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {
        "name": "pi",
        "namespace": "shop",
        "uid": "u1",
        "resourceVersion": "7",
        "creationTimestamp": "2026-11-28T10:00:00Z",
    },
    "spec": {
        "activeDeadlineSeconds": 600,
        "backoffLimit": 6,
        "selector": {"matchLabels": {"batch.kubernetes.io/controller-uid": "u1"}},
        "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": "b:1"}]}},
    },
    "status": {"startTime": "2026-11-28T10:00:00Z", "failed": 0},
}
ANSWERS = """#!/bin/sh
echo "$*" >> {folder}/asked
case "$2" in
jobs.batch)
  [ "$3" = pi ] || {{ echo "Error from server (NotFound): jobs.batch \\"$3\\" not found" >&2; exit 1; }}
  cat {folder}/job.json;;
*) echo '{{"apiVersion": "v1", "kind": "List", "items": []}}';;
esac
"""


def ask_the_cluster(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    root = str(Path(__file__).parent.parent.parent)
    command = [sys.executable, "-c", "from joblint.start import plugin; plugin()", *arguments]
    return subprocess.run(
        command,
        capture_output=True,
        env={**os.environ, "PATH": f"{folder}:/bin:/usr/bin", "PYTHONPATH": root},
        cwd=folder,
        check=False,
    )


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_the_plugin_asks_kubectl_for_a_live_job(tmp_path: Path) -> None:
    (tmp_path / "job.json").write_text(json.dumps(LIVE))
    kubectl = tmp_path / "kubectl"
    kubectl.write_text(ANSWERS.format(folder=tmp_path))
    kubectl.chmod(0o755)
    arguments = ("-n", "shop", "--context", "blue", "--format", "json", "--now", "2026-11-28T10:05:00Z")
    done = ask_the_cluster(tmp_path, "job/pi", *arguments)
    assert done.returncode == 0, done.stderr
    (job,) = json.loads(done.stdout)["jobs"]
    assert (job["kind"], job["name"], "live" in job) == ("Job", "pi", True)
    assert (tmp_path / "asked").read_text().splitlines() == [
        "get jobs.batch pi -o json --namespace=shop --context=blue",
        "get pods -l batch.kubernetes.io/controller-uid=u1 -o json --namespace=shop --context=blue",
        "get events --field-selector involvedObject.kind=Job -o json --namespace=shop --context=blue",
        "get events --field-selector involvedObject.kind=Pod -o json --namespace=shop --context=blue",
    ]
    missing = ask_the_cluster(tmp_path, "job/po", *arguments)
    assert missing.returncode == 2
    assert b'jobs.batch "po" not found' in missing.stderr
    assert joblint("jobs-explain", "job/pi", cwd=tmp_path).returncode == 2  # only the plugin asks a cluster


def _stand_in(folder: Path, text: str) -> None:
    kubectl = folder / "kubectl"
    kubectl.write_text("#!/bin/sh\n" + text)
    kubectl.chmod(0o755)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_events_that_may_not_be_read_hide_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "job.json").write_text(json.dumps(LIVE))
    _stand_in(
        tmp_path,
        f"""case "$2" in
jobs.batch) cat {tmp_path}/job.json;;
events) echo 'Error from server (Forbidden): events is forbidden: User "dev" cannot list resource "events"' >&2; exit 1;;
*) echo '{{"items": []}}';;
esac
""",
    )
    done = ask_the_cluster(tmp_path, "job/pi", "--format", "json", "--now", "2026-11-28T10:05:00Z")
    assert done.returncode == 0 and len(json.loads(done.stdout)["jobs"]) == 1
    assert done.stderr.decode().count('cannot list resource "events"') == 1  # once, though asked for twice


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_the_plugin_asks_for_a_cronjob_and_its_jobs(tmp_path: Path) -> None:
    cronjob = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {**LIVE["metadata"], "name": "nightly", "uid": "c1"},  # type: ignore[dict-item]
        "spec": {"schedule": "0 3 * * *", "jobTemplate": {"spec": {"template": LIVE["spec"]["template"]}}},  # type: ignore[index]
        "status": {"lastScheduleTime": "2026-11-28T03:00:00Z"},
    }
    (tmp_path / "cronjob.json").write_text(json.dumps(cronjob))
    _stand_in(
        tmp_path,
        f"""echo "$*" >> {tmp_path}/asked
case "$2" in cronjobs.batch) cat {tmp_path}/cronjob.json;; *) echo '{{"items": []}}';; esac
""",
    )
    done = ask_the_cluster(tmp_path, "cronjob/nightly", "--format", "json", "--now", "2026-11-28T10:05:00Z")
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout)["jobs"]
    assert (found["kind"], found["name"], "live" in found) == ("CronJob", "nightly", True)
    asked = [line.partition(" -o ")[0] for line in (tmp_path / "asked").read_text().splitlines()]
    assert asked[:3] == ["get cronjobs.batch nightly", "get jobs.batch", "get pods -l batch.kubernetes.io/job-name"]


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_a_kubectl_that_is_missing_hangs_or_talks_nonsense(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from joblint.cli import kubectl

    empty = tmp_path / "empty"
    empty.mkdir()
    root = str(Path(__file__).parent.parent.parent)
    command = [sys.executable, "-c", "from joblint.start import plugin; plugin()", "job/pi"]
    done = subprocess.run(command, capture_output=True, env={"PATH": str(empty), "PYTHONPATH": root}, check=False)
    assert done.returncode == 2 and b"kubectl is not on the PATH" in done.stderr
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(kubectl, "_SECONDS", 0.2)
    for text, says in (("exec sleep 30\n", "did not respond within 0.2s"), ("echo hello\n", "did not print a JSON object")):
        _stand_in(tmp_path, text)
        with pytest.raises(kubectl.KubectlError, match=says):
            kubectl.ask("Job", "pi", [], [])


def test_the_plugin_is_installed_under_the_name_kubectl_looks_for() -> None:
    import tomllib

    with open(Path(__file__).parent.parent.parent / "pyproject.toml", "rb") as source:
        scripts = tomllib.load(source)["project"]["scripts"]
    assert scripts["kubectl-jobs_explain"] == "joblint.start:plugin"


def test_several_formats_go_to_files_by_the_end_of_their_names(manifest: Path, tmp_path: Path) -> None:
    page, data, drawn = tmp_path / "j.html", tmp_path / "j.json", tmp_path / "drawn"
    done = joblint("jobs-explain", str(manifest), "--output", str(page), "--output", str(data), "--output", f"svg={drawn}")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert json.loads(data.read_text("utf-8"))["jobs"][0]["name"] == "j"
    assert drawn.read_text("utf-8").startswith("<svg ")
    beside = joblint("jobs-explain", str(manifest), "--format", "text", "--output", str(data))
    assert b"Job j" in beside.stdout


@pytest.mark.parametrize(
    ("output", "says"), [("j.xyz", b"use a file name that ends in"), ("html=", b"specify a file"), ("html=.", b"joblint: .: ")]
)
def test_an_output_that_cannot_be_written_is_told(manifest: Path, tmp_path: Path, output: str, says: bytes) -> None:
    done = joblint("jobs-explain", str(manifest), "--output", output, cwd=tmp_path)
    assert done.returncode == 2 and says in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="BROWSER names a shell script here")
def test_the_page_is_opened_in_the_browser(manifest: Path, tmp_path: Path) -> None:
    script, seen, page = tmp_path / "browser.sh", tmp_path / "seen", tmp_path / "j.html"
    script.write_text(f'printf %s "$1" > {seen}\n')
    done = joblint("jobs-explain", str(manifest), "--open", "--output", str(page), BROWSER=f"sh {script} %s")
    assert (done.returncode, done.stdout) == (0, b"")
    assert seen.read_text() == page.as_uri()
    assert str(page).encode() in done.stderr


def test_the_run_time_is_that_of_the_commands_unless_it_is_given(tmp_path: Path) -> None:
    manifest = tmp_path / "job.yaml"
    manifest.write_text(
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: x}\nspec:\n  backoffLimit: 1\n  template:\n    spec:\n"
        "      restartPolicy: Never\n      containers:\n      - name: main\n        image: example.com/x:1\n"
        "        command: [sh, -c, 'sleep 300; /app/probe && sleep 60']\n"
    )
    told = " ".join(joblint("jobs-explain", str(manifest)).stdout.decode().split())
    assert "the program fails after 5m, in every attempt" in told and "Complete after 6m" in told
    assert 'an attempt takes at least 6m, according to the commands of container "main" (spec.template.spec.containers' in told
    told = " ".join(joblint("jobs-explain", "--run", "2s", str(manifest)).stdout.decode().split())
    assert "the program fails after 2s, in every attempt" in told and "an attempt takes" not in told


def test_a_pod_that_does_not_start_says_since_when() -> None:
    with gzip.open(Path(__file__).parents[1] / "data" / "live.jsonl.gz", "rt", encoding="utf-8") as file:
        case = next(c for line in file if (c := json.loads(line))["state"] == "pending-no-node")
    seen = json.dumps(case["list"]).encode()
    (pod,) = [o for o in case["list"]["items"] if o["kind"] == "Pod"]
    assert pod["metadata"]["creationTimestamp"] == "2026-11-28T23:46:21Z"
    told = joblint("jobs-explain", "-", "--now", "2026-11-29T00:00:29Z", stdin=seen).stdout.decode()
    assert "  now      no container has started for 14m: 0/1 nodes are available: " in told
