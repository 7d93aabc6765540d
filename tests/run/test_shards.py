"""A check in shards, put together: the same report and the same exit status as one check of all files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joblint.cli.options import FORMATS
from joblint.run.shard import VERSION, Merged, Shard, ShardError, read_shard, sealed
from tests.cli.run import joblint

JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {{name: job-{n}}}
spec: {{{spec}template: {{spec: {{restartPolicy: Never, containers: [{{name: a, image: "a:1"}}]}}}}}}
"""
NAMESPACE = """\
apiVersion: v1
kind: Namespace
metadata: {name: default, labels: {pod-security.kubernetes.io/enforce: restricted}}
"""


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """Files with findings of their own, with findings over several files, and with what is no manifest."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".joblint.yaml").write_text("severities: {JL105: warning}\nprofile: strict\n")
    for n in range(11):
        (tmp_path / f"job{n}.yaml").write_text(JOB.format(n=n % 9, spec="backofLimit: 3, " if n % 4 == 0 else ""))
    (tmp_path / "broken.yaml").write_text("a: [\n")
    (tmp_path / "chart.yaml").write_text("a: {{ b }}\n")
    (tmp_path / "namespace.yaml").write_text(NAMESPACE)
    (tmp_path / "link.yaml").symlink_to("/dev/null")
    return tmp_path


def _shards(estate: Path, count: int, *options: str) -> list[str]:
    names = []
    for n in range(count):
        names.append(f"shard-{n}")
        done = joblint("check", "--shard", f"{n}/{count}", "--shard-file", names[-1], *options, ".", cwd=estate)
        assert done.returncode in (0, 1), done.stderr
    return names


@pytest.mark.parametrize("count", [1, 3, 20])
def test_merged_shards_are_one_check(estate: Path, count: int) -> None:
    shards = _shards(estate, count)
    for format in FORMATS:
        options = ("--format", format, "--severity", "info")
        whole = joblint("check", "--no-cache", *options, ".", cwd=estate)
        merged = joblint("merge", *options, *reversed(shards), cwd=estate)
        assert (merged.returncode, merged.stdout, merged.stderr) == (whole.returncode, whole.stdout, whole.stderr)
        assert whole.returncode == 1


def test_a_range_of_versions_and_two_configurations(estate: Path) -> None:
    (estate / "below").mkdir()
    (estate / "below/.joblint.yaml").write_text("ignore: [JL1]\n")
    (estate / "below/job.yaml").write_text(JOB.format(n=0, spec="backofLimit: 3, "))
    options = ("--kubernetes-version", "1.31..1.33", "--fail-on", "info")
    shards = _shards(estate, 2, *options)
    whole = joblint("check", "--no-cache", *options, ".", cwd=estate)
    merged = joblint("merge", *options, *shards, cwd=estate)
    assert (merged.returncode, merged.stdout, merged.stderr) == (whole.returncode, whole.stdout, whole.stderr)


def test_a_shard_says_nothing_that_depends_on_other_files(estate: Path) -> None:
    done = joblint("check", "--shard", "0/2", "--format", "json", "--severity", "info", ".", cwd=estate)
    alone = json.loads(done.stdout)
    whole = json.loads(joblint("check", "--no-cache", "--format", "json", "--severity", "info", ".", cwd=estate).stdout)
    assert len(alone["findings"]) > 0 and all(f in whole["findings"] for f in alone["findings"])


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        ("lost", "1 of 3 shards is missing: 1/3"),
        ("twice", "copy: shard 0/3 is also in shard-0"),
        ("half", "shard-1: not a shard: it is not JSON"),
        ("other", "shard-1: not a shard: joblint check --shard-file writes shards"),
        ("older", "shard-1: it was written by joblint 0.0.1; this is joblint"),
        ("changed", "shard-1: it is damaged"),
        ("bit", "shard-1: it is damaged"),
        ("counts", "the shards belong to different runs, with 3, 4 shards"),
        ("unlike", "the shards belong to different runs"),
        ("gone", "shard-1: No such file or directory"),
    ],
)
def test_what_cannot_be_put_together_is_named(estate: Path, damage: str, word: str) -> None:
    shards = _shards(estate, 3)
    path = estate / "shard-1"
    data = json.loads(path.read_text())
    del data["digest"]
    if damage == "lost":
        shards.remove("shard-1")
    elif damage == "twice":
        (estate / "copy").write_bytes((estate / "shard-0").read_bytes())
        shards.append("copy")
    elif damage == "half":
        path.write_text(path.read_text()[:-100])
    elif damage == "other":
        path.write_text("{}")
    elif damage == "older":
        path.write_bytes(_sealed(data | {"joblint": "0.0.1"}))
    elif damage == "changed":
        (engine,) = data["engines"].values()
        name = next(n for n, part in engine.items() if part[1])
        engine[name][1] = engine[name][1][:-3]
        path.write_bytes(_sealed(data))
    elif damage == "bit":
        path.write_bytes(path.read_bytes().replace(b"API server", b"API sesver", 1))
    elif damage == "counts":
        path.write_bytes(_sealed(data | {"shard": [1, 4]}))
    elif damage == "unlike":
        path.write_bytes(_sealed(data | {"files": data["files"][:2], "places": data["places"][:2]}))
    else:
        path.unlink()
    done = joblint("merge", *shards, cwd=estate)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(f"joblint: {word}"), done.stderr


def test_other_settings_are_no_merge(estate: Path) -> None:
    done = joblint("merge", "--select", "JL1", *_shards(estate, 2), cwd=estate)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"it was checked with rules or settings that differ from those of this command" in done.stderr


@pytest.mark.parametrize("text", ["", "1", "a/b", "1/0", "0/0", "3/3", "-1/3", "1/3/4", "١/٣", "1.0/3"])
def test_what_is_no_shard(text: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="--shard"):
        read_shard(text)
    assert joblint("check", f"--shard={text}", cwd=tmp_path).returncode == 2


@pytest.mark.parametrize("option", ["shard", "shard-file", "dask", "since", "baseline", "config", "env-file", "pod-security"])
def test_the_value_of_a_variable_that_is_not_set_is_no_value(option: str, tmp_path: Path) -> None:
    done = joblint("check", f"--{option}=", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"joblint: --{option} is empty; specify a value, or remove the option\n"


@pytest.mark.parametrize("options", [["--fix"], ["--diff"], ["--add-ignores"], ["--update-baseline"], ["-"]])
@pytest.mark.parametrize("how", [["--shard", "0/2"], ["--shard-file", "x"], ["--dask", "local"]])
def test_what_a_part_does_not_go_with(options: list[str], how: list[str], tmp_path: Path) -> None:
    done = joblint("check", *how, *options, cwd=tmp_path, stdin=b"")
    assert done.returncode == 2
    assert done.stderr.decode().startswith(f"joblint: {'--dask' if how[0] == '--dask' else '--shard'} ")


@given(st.integers(0, 40), st.integers(1, 12))
def test_shards_share_all_files_out(files: int, count: int) -> None:
    names = tuple([f"{n}" for n in range(files)])
    parts = [Shard(n, count).of(names) for n in range(count)]
    assert sorted([f for part in parts for f in part]) == sorted(names)
    empty: dict[str, object] = {"missing": [], "passed": [], "engines": {}, "charts": [], "overlays": [[], []]}
    data = [
        {
            "joblint-shard": VERSION,
            "joblint": _version(),
            "shard": [n, count],
            "files": part,
            "places": [names.index(f) for f in part],
        }
        | empty
        for n, part in enumerate(parts)
    ]
    shards = {f"s{n}": _sealed(each) for n, each in enumerate(data)}
    assert Merged(shards).files == names


@given(st.binary(max_size=200) | st.text(max_size=60).map(str.encode))
def test_no_content_brings_it_down(data: bytes) -> None:
    with pytest.raises(ShardError):
        Merged({"x": data})


def test_the_example_is_a_job_without_a_warning_whose_shards_are_its_indexes() -> None:
    from joblint.run.api import check, explain

    example = Path(__file__).parents[2] / "examples/estate/job.yaml"
    report = check(example, profile="strict")
    assert [d.judged.verdict.accepted for d in report.documents] == [True]
    assert [f.rule for f in report.findings if f.severity != "info"] == []
    (told,) = explain(example).explanations
    assert told.kind == "Job"
    text = example.read_text()
    assert "completions: 20\n" in text and "--shard=$(JOB_COMPLETION_INDEX)/20\n" in text


def _sealed(data: dict[str, object]) -> bytes:
    return sealed(json.dumps(data).encode())


def _version() -> str:
    from joblint import __version__

    return __version__
