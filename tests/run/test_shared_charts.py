"""Charts, overlays, Lists and looks at a cluster in shards and on Dask: the same bytes as one check of all files."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.cli.run import joblint
from tests.run.test_shards import JOB, NAMESPACE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for helm is a script of sh")

TEMPLATE = """\
apiVersion: batch/v1
kind: Job
metadata: {name: CHART}
spec:
  backofLimit: {{ .Values.limit }}
  template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}
"""
HELM = """\
#!/bin/sh
case "$3" in
  *broken*) echo "Error: execution error at (broken/templates/job.yaml:1:1): no" >&2; exit 1 ;;
esac
grep -q told "$3/Chart.yaml" && echo "a word of helm" >&2
name=$(sed -n 's/^name: //p' "$3/Chart.yaml")
echo '---'
echo "# Source: $name/templates/job.yaml"
sed -e 's/{{ .Values.limit }}/3/' "$3/templates/job.yaml"
"""
LISTED = """\
apiVersion: v1
kind: List
items:
- {apiVersion: batch/v1, kind: Job, metadata: {name: job-0}, spec: {backofLimit: 1}}
- {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {selector: {app: b}}}
"""
LOOK = {
    "apiVersion": "v1",
    "items": [
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {
                "name": f"seen-{n}",
                "namespace": "default",
                "uid": f"0000-{n}",
                "resourceVersion": str(n + 1),
                "creationTimestamp": "2026-01-01T00:00:00Z",
            },
            "spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "a:1"}]}}},
            "status": {
                "failed": 1,
                "conditions": [
                    {
                        "type": "Failed",
                        "status": "True",
                        "reason": "BackoffLimitExceeded",
                        "message": "Job has reached the specified backoff limit",
                        "lastTransitionTime": "2026-01-01T00:01:00Z",
                    }
                ],
            },
        }
        for n in range(3)
    ],
    "kind": "List",
    "metadata": {"resourceVersion": ""},
}


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """Five charts, one of which helm refuses; Jobs with findings over several files; a List; a look at a cluster."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/helm").write_text(HELM)
    (tmp_path / "bin/helm").chmod(0o755)
    estate = tmp_path / "estate"
    (estate / ".git").mkdir(parents=True)
    for name in ("a", "b", "broken", "m", "z"):
        (estate / name / "templates").mkdir(parents=True)
        (estate / name / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n# {'told' * (name in 'am')}\n")
        (estate / name / "values.yaml").write_text("limit: 3\n")
        (estate / name / "templates/job.yaml").write_text(TEMPLATE.replace("CHART", name))
    for n in range(7):
        (estate / f"job{n}.yaml").write_text(JOB.format(n=n % 6, spec="backofLimit: 3, " if n % 2 else ""))
    (estate / "list.yaml").write_text(LISTED)
    (estate / "look.json").write_text(json.dumps(LOOK))
    (estate / "namespace.yaml").write_text(NAMESPACE)
    return estate


def _run(estate: Path, *arguments: str, helm: bool = True) -> CompletedProcess[bytes]:
    programs = estate.parent / "bin"
    path = os.pathsep.join([*([str(programs)] if helm else []), os.path.dirname(sys.executable), "/usr/bin", "/bin"])
    return joblint(*arguments, cwd=estate, PATH=path, XDG_CACHE_HOME=str(estate.parent / "cache"))


def _merged(estate: Path, count: int, options: tuple[str, ...], *paths: str, helm: bool = True) -> CompletedProcess[bytes]:
    names = [f"../part-{n}" for n in range(count)]
    for n, name in enumerate(names):
        done = _run(estate, "check", "--shard", f"{n}/{count}", "--shard-file", name, *options, *paths, helm=helm)
        assert done.returncode in (0, 1), done.stderr
    return _run(estate, "merge", *options, *names, helm=helm)


def _same(one: CompletedProcess[bytes], other: CompletedProcess[bytes]) -> None:
    assert (one.stdout.decode(), one.stderr.decode(), one.returncode) == (
        other.stdout.decode(),
        other.stderr.decode(),
        other.returncode,
    )


@pytest.mark.parametrize("options", [("--format", "json", "--severity", "info"), ("--format", "text", "--set", "limit=2")])
def test_merged_shards_with_charts_are_one_check(estate: Path, options: tuple[str, ...]) -> None:
    whole = _run(estate, "check", "--no-cache", *options, ".")
    _same(_merged(estate, 3, options, "."), whole)
    assert b"a/templates/job.yaml" in whole.stdout and b"helm: a: a word of helm" in whole.stderr
    assert b"broken: rendering with helm failed, so joblint renders its templates itself" in whole.stderr


@pytest.mark.parametrize("how", ["helm is not there", "--no-render"])
def test_without_helm_the_templates_are_read_in_shards_too(estate: Path, how: str) -> None:
    options = ("--format", "json", "--severity", "info", *([how] if how.startswith("-") else []))
    whole = _run(estate, "check", "--no-cache", *options, ".", helm=False)
    _same(_merged(estate, 2, options, ".", helm=False), whole)
    assert (b"helm is not on the PATH: joblint renders the templates of a, b, m, z, broken itself" in whole.stderr) == (
        len(options) == 4
    )


@pytest.mark.parametrize("path", ["look.json", "list.yaml", "a"])
def test_one_path_in_shards(estate: Path, path: str) -> None:
    options = ("--format", "json", "--severity", "info")
    _same(_merged(estate, 2, options, path), _run(estate, "check", "--no-cache", *options, path))


def test_a_shard_tells_its_own_charts(estate: Path) -> None:
    done = _run(estate, "check", "--shard", "0/5", "--format", "json", ".")
    files = {d["file"] for d in json.loads(done.stdout)["documents"]}
    assert "a/templates/job.yaml" in files and "b/templates/job.yaml" not in files


def test_other_options_for_charts_are_no_merge(estate: Path) -> None:
    _merged(estate, 2, (), ".")
    done = _run(estate, "merge", "--set", "limit=9", "../part-0", "../part-1")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"it was checked with chart options that differ from those of this command" in done.stderr
    (estate / ".joblint.yaml").write_text("ignore: [JL3]\n")
    done = _run(estate, "merge", "../part-0", "../part-1")
    assert b"it was checked with rules or settings that differ from those of this command" in done.stderr


@pytest.mark.parametrize("damage", ["charts", "overlays", "places", "report"])
def test_a_damaged_chart_is_named(estate: Path, damage: str) -> None:
    _merged(estate, 2, (), ".")
    path = estate.parent / "part-1"
    data = json.loads(path.read_text())
    if damage == "charts":
        data["charts"][0][5] = [["x", 1]]
    elif damage == "overlays":
        data["overlays"] = []
    elif damage == "places":
        data["places"].pop()
    else:
        data["charts"][0][4] = '[99,"x"'
    path.write_text(json.dumps(data))
    done = _run(estate, "merge", "../part-0", "../part-1")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"../part-1: it is damaged" in done.stderr


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl builds overlays")
def test_overlays_in_shards(estate: Path) -> None:
    (estate / "over").mkdir()
    (estate / "over/kustomization.yaml").write_text("resources: [job.yaml]\nnamePrefix: x-\n")
    (estate / "over/job.yaml").write_text(JOB.format(n=1, spec="backofLimit: 3, "))
    options = ("--format", "json", "--severity", "info")
    whole = _run(estate, "check", "--no-cache", *options, "over", "job0.yaml", "job1.yaml")
    _same(_merged(estate, 3, options, "over", "job0.yaml", "job1.yaml"), whole)
    assert '"name": "x-job-1"' in whole.stdout.decode() or '"x-job-1"' in whole.stdout.decode()


def test_a_check_on_dask_with_charts_is_one_check(estate: Path) -> None:
    pytest.importorskip("distributed")
    options = ("--format", "json", "--severity", "info")
    whole = _run(estate, "check", "--no-cache", *options, ".")
    _same(_run(estate, "check", "--dask", "local", "--jobs", "2", *options, "."), whole)


def test_charts_behind_a_url_are_named(estate: Path) -> None:
    pytest.importorskip("distributed")
    done = _run(estate, "check", "--dask", "local", "--jobs", "1", "--format", "json", f"file://{estate}/a")
    assert b"/a/Chart.yaml: charts behind a URL are not rendered; their templates are read without rendering" in done.stderr


def test_a_chart_that_joblint_fails_on_is_named(monkeypatch: pytest.MonkeyPatch, estate: Path) -> None:
    from joblint.run.projects import Asked as Options
    from joblint.run.projects import Projects
    from joblint.run.render import check
    from joblint.run.render.charts import Chart
    from joblint.run.render.helm import Asked

    def fails(*_: object) -> object:
        raise KeyError("a bug")

    monkeypatch.setattr(check, "_one", fails)
    monkeypatch.setenv("PATH", str(estate.parent / "bin"))
    monkeypatch.chdir(estate)
    told = check.check_charts(Projects(Options()), (Chart("a", ("a/Chart.yaml",)),), Asked(), False)
    (crash,) = told.reports[0].crashes
    assert (crash.file, told.unrendered) == ("a", ())


def test_templates_without_their_chart_among_the_paths(tmp_path: Path) -> None:
    """The chart around them is rendered by one of the shards, and a template that prints no Job is read as written."""
    for name in ("one", "two"):
        templates = tmp_path / name / "templates"
        templates.mkdir(parents=True)
        (templates.parent / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n")
        (templates.parent / "values.yaml").write_text("limit: -1\n")
        (templates / "job.yaml").write_text(TEMPLATE.replace("CHART", name).replace("backofLimit", "backoffLimit"))
        (templates / "other.yaml").write_text("{{ if .Values.none }}\n" + TEMPLATE.replace("CHART", "other") + "{{ end }}\n")
    (tmp_path / "plain.yaml").write_text(JOB.format(n=1, spec="backofLimit: 3, "))
    paths = ("one/templates", "plain.yaml", "two/templates")
    whole = joblint("check", "--no-cache", "--format", "json", *paths, cwd=tmp_path)
    assert whole.stdout.count(b"number-out-of-range") == 2
    for count in (1, 2, 3):
        names = [f"shard-{count}-{n}" for n in range(count)]
        for n, name in enumerate(names):
            joblint("check", "--shard", f"{n}/{count}", "--shard-file", name, *paths, cwd=tmp_path)
        merged = joblint("merge", "--format", "json", *names, cwd=tmp_path)
        assert (merged.returncode, merged.stdout, merged.stderr) == (whole.returncode, whole.stdout, whole.stderr)
