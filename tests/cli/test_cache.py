"""The cache: the same output to the byte with it and without it, whatever changes, whatever is wrong with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

from joblint.api.admission.asked import Admission
from joblint.base.store import HEAD, Store
from joblint.cli import main
from joblint.cli.options import FORMATS
from joblint.configuration.settings import Override
from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file
from joblint.rules.engine import Engine
from joblint.rules.owners.embedded import OBJECT, Embedded
from joblint.run.cache import identity

JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {{name: job-{n}}}
spec:
  backoffLimit: 6
  activeDeadlineSeconds: {deadline}
  template: {{spec: {{restartPolicy: {policy}, containers: [{{name: main, image: "perl:5.34.0"}}]}}}}
"""


def _files(folder: Path, count: int = 20) -> Path:
    folder.mkdir(exist_ok=True)
    for n in range(count):
        text = JOB.format(n=n, deadline=30 + 100 * n, policy=("Never", "OnFailure", "Always")[n % 3])
        (folder / f"{n:02}.yaml").write_text(text)
    return folder


def _run(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main._guarded(main._run, ["check", *arguments])
    out, err = capfd.readouterr()
    return status, out, err


def _cache(name: str) -> Path:
    return Path(os.environ["XDG_CACHE_HOME"], "joblint", name)


def _alike(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """The same call without a cache, with an empty one, with a full one, and with the results of files alone."""
    plain = _run(capfd, "--no-cache", *arguments)
    for name in ("files.cache", "runs.cache"):
        _cache(name).unlink(missing_ok=True)
    assert _run(capfd, *arguments) == plain
    assert _run(capfd, *arguments) == plain
    _cache("runs.cache").unlink(missing_ok=True)
    assert _run(capfd, *arguments) == plain
    return plain


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An example of each rule and a corrected one, a file that is no YAML, a List, Namespaces with Pod Security levels, ignores,
    kustomizations."""
    folder = tmp_path_factory.mktemp("corpus")
    for name, data in builtin_rule_files():
        rule = read_rule_file(name, data)
        for kind, examples in rule["examples"].items():
            (folder / f"{rule['id']}-{kind}.yaml").write_text(examples[0]["manifest"])
    more = _files(folder / "more")
    (more / "broken.yaml").write_text("kind: Job\nmetadata: [\n")
    (more / "odd.yaml").write_bytes(b"kind: Job\nmetadata: {name: \xff\xfe}\n")
    (more / "ns.yaml").write_text(
        "kind: Namespace\napiVersion: v1\nmetadata: {name: default, labels: {pod-security.kubernetes.io/enforce: restricted}}\n"
    )
    (more / "ignoring.yaml").write_text(JOB.format(n=99, deadline=30, policy="Never  # joblint: ignore[all] -- for a test\n   "))
    (more / "kustomization.yaml").write_text("resources: [01.yaml]\npatches: [{path: 02.yaml}]\n")
    items = "".join(
        ["- " + JOB.format(n=n, deadline=30, policy="Always").replace("\n", "\n  ").rstrip() + "\n" for n in range(5)]
    )
    (more / "list.yaml").write_text("apiVersion: v1\nkind: List\nitems:\n" + items)
    return folder


@pytest.fixture(scope="module")
def part(corpus: Path) -> Path:
    """Every twentieth of the examples, and all the other files: what rules over all files find grows faster than their number."""
    folder = corpus.parent / "part"
    shutil.copytree(corpus / "more", folder / "more")
    for file in sorted(corpus.glob("*.yaml"))[::20]:
        shutil.copy(file, folder)
    return folder


def test_every_example_is_the_same(corpus: Path, capfd: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.chdir(corpus.parent)
    status, out, _ = _alike(capfd, "--format", "json", "--severity", "info", corpus.name)
    assert status == 1 and len(out) > 1_000_000


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_the_same(part: Path, capfd: pytest.CaptureFixture[str], format: str, monkeypatch: Any) -> None:
    monkeypatch.chdir(part.parent)
    status, out, _ = _alike(capfd, "--format", format, "--severity", "info", part.name)
    assert status == 1 and len(out) > 10_000


@pytest.mark.parametrize(
    "options",
    [
        ["--profile", "strict", "--statistics"],
        ["--kubernetes-version", "1.31..1.36"],
        ["--no-ignores", "--exit-zero"],
        ["--select", "JL3", "--fail-on", "warning"],
        ["--no-verdict", "--quiet"],
        ["--pod-security", "baseline"],
        ["--jobs", "2"],
        ["--output", "json=/dev/null", "--output", "text"],
    ],
)
def test_every_option_is_the_same(part: Path, capfd: pytest.CaptureFixture[str], options: list[str], monkeypatch: Any) -> None:
    monkeypatch.chdir(part.parent)
    _alike(capfd, *options, part.name)


def test_the_second_run_is_known(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = str(_files(tmp_path / "a"))
    first = _run(capfd, "-v", folder)
    second = _run(capfd, "-v", folder)
    assert first[:2] == second[:2]
    assert "the results of 0 of 20 files come from the cache" in first[2]
    assert "nothing has changed since an earlier run" in second[2]
    assert _run(capfd, folder)[2] == ""


def test_a_changed_file_is_checked_again_and_no_other(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = _files(tmp_path / "a")
    _run(capfd, str(folder))
    info = (folder / "03.yaml").stat()
    text = (folder / "03.yaml").read_text()
    (folder / "03.yaml").write_text(text.replace("Never", "never"))
    os.utime(folder / "03.yaml", ns=(info.st_atime_ns, info.st_mtime_ns))  # time stamps decide nothing
    changed = _run(capfd, "-v", str(folder))
    assert "the results of 19 of 20 files come from the cache" in changed[2]
    assert changed[:2] == _run(capfd, "--no-cache", str(folder))[:2]
    (folder / "03.yaml").write_text(text)
    assert "nothing has changed since" in _run(capfd, "-v", str(folder))[2]
    (folder / "new.yaml").write_text(text)
    added = _run(capfd, str(folder))
    assert added == _run(capfd, "--no-cache", str(folder))
    (folder / "new.yaml").unlink()
    assert "nothing has changed since" in _run(capfd, "-v", str(folder))[2]


def test_what_is_around_a_file_counts(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = _files(tmp_path / "a" / "b") if (tmp_path / "a").mkdir() is None else tmp_path
    before = _run(capfd, str(folder))
    (tmp_path / "a" / "kustomization.yaml").write_text("patches: [{path: b/03.yaml}]\n")
    patched = _run(capfd, str(folder))
    assert patched == _run(capfd, "--no-cache", str(folder)) != before
    (tmp_path / "a" / "kustomization.yaml").write_text("patches: [{path: b/04.yaml}]\n")
    assert _run(capfd, str(folder)) == _run(capfd, "--no-cache", str(folder)) != patched


def test_rules_over_the_folder_see_what_is_new(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = _files(tmp_path / "a")
    before = _run(capfd, str(folder))
    (folder / "99.yaml").write_text((folder / "03.yaml").read_text().replace("perl", "python"))
    twice = _run(capfd, str(folder))
    assert twice == _run(capfd, "--no-cache", str(folder))
    assert twice[1] != before[1]


def test_settings_and_baselines_count(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _files(tmp_path / "a")
    monkeypatch.chdir(folder)
    for text in (
        "ignore: [JL301]\n",
        "severity: info\n",
        "fail-on: warning\n",
        "",
        "overrides: [{names: [job-0], ignore: [JL3]}]\n",
    ):
        Path(".joblint.yaml").write_text(text)
        assert _run(capfd, ".") == _run(capfd, "--no-cache", "."), text
    assert main._guarded(main._run, ["baseline", "write", "."]) == 0
    capfd.readouterr()
    Path("00.yaml").write_text(Path("00.yaml").read_text().replace("Never", "Maybe"))
    known = ["--baseline", ".joblint-baseline.json"]
    held = _run(capfd, *known, ".")
    assert held == _run(capfd, *known, "--no-cache", ".")
    Path(".joblint-baseline.json").write_text('{"version": 1, "findings": []}')
    assert _run(capfd, *known, ".") == _run(capfd, *known, "--no-cache", ".") != held


def test_variables_count(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder, variables = _files(tmp_path / "m"), tmp_path / "job.env"
    for file in folder.iterdir():
        file.write_text(file.read_text().replace("backoffLimit: 6", "backoffLimit: ${LIMIT}"))
    call = ("--env-file", str(variables), str(folder))
    variables.write_text("LIMIT=3\n")
    good = _run(capfd, *call)
    variables.write_text("LIMIT=-3\n")
    bad = _run(capfd, *call)
    assert bad == _run(capfd, "--no-cache", *call) != good


def test_every_setting_of_an_engine_counts() -> None:
    rules = builtin()
    overrides = (Override("x.yaml", 0, None, ("Job",), (), (), (), ("JL301",), (), "tried", ""),)
    plain = identity(Engine(rules, "1.36"))
    others = {
        "rules": Engine(rules[1:], "1.36"),
        "version": Engine(rules, "1.35"),
        "severities": Engine(rules, "1.36", {"JL301": "error"}),
        "admission": Engine(rules, "1.36", admission=Admission()),
        "overrides": Engine(rules, "1.36", overrides=overrides),
        "heeds_ignores": Engine(rules, "1.36", heeds_ignores=False),
        "least": Engine(rules, "1.36", least="error"),
        "variables": Engine(rules, "1.36", variables={"A": "1"}),
        "embedded": Engine(rules, "1.36", embedded=(Embedded("Task", "spec.job", OBJECT),)),
    }
    assert set(others) == set(signature(Engine).parameters)
    found = {name: identity(engine) for name, engine in others.items()}
    assert len({plain, *found.values()}) == len(others) + 1


@pytest.mark.parametrize("harm", ["short", "empty", "noise", "table", "piece", "foreign", "folder", "json"])
def test_a_damaged_cache_is_thrown_away(tmp_path: Path, capfd: pytest.CaptureFixture[str], harm: str) -> None:
    folder = str(_files(tmp_path / "a"))
    plain = _run(capfd, folder)
    for name in ("files.cache", "runs.cache"):
        path = _cache(name)
        data = path.read_bytes()
        if harm == "folder":
            path.unlink()
            path.mkdir()
            continue
        path.write_bytes(
            {
                "short": data[:-7],
                "empty": b"",
                "noise": os.urandom(len(data)),
                "table": data[:30] + b"\0\1\2" + data[33:],
                "piece": data[:-20] + b"\0" * 20,
                "foreign": b"joblint cache 0\n" + data[len(HEAD) :],
                "json": data.replace(b"[", b"{"),
            }[harm]
        )
    told = _run(capfd, "-v", folder)
    assert told[:2] == plain[:2]
    assert "is not used" in told[2]
    if harm != "folder":
        assert "nothing has changed since" in _run(capfd, "-v", folder)[2]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no modes here")
def test_a_planted_cache_is_not_read(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = str(_files(tmp_path / "a"))
    plain = _run(capfd, folder)
    _cache("runs.cache").chmod(0o666)
    if os.geteuid() == 0:
        os.chown(_cache("files.cache"), 12345, 12345)
    told = _run(capfd, "-v", folder)
    assert told[:2] == plain[:2] and "another user can write to it" in told[2]
    assert _cache("runs.cache").stat().st_mode & 0o777 == 0o644


def test_results_that_read_well_and_are_none(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = str(_files(tmp_path / "a"))
    plain = _run(capfd, folder)
    for text in (
        "",
        "[]",
        "[1]",
        "[[2,3]]",
        "[[1]]",
        "[[1,[0],[0],[0],[0],[0],[0],[0],[0]]]",
        "null",
        '{"a":1}',
        "[[99]]",
        "[" * 9999,
    ):
        store = Store(str(_cache("files.cache")), 1 << 30)
        for key in list(store.entries):
            store.put(key, text.encode())
        assert store.save()
        _cache("runs.cache").unlink(missing_ok=True)
        status, out, err = _run(capfd, folder)
        assert (status, out, err) == plain, text


def test_runs_side_by_side(tmp_path: Path) -> None:
    folder = str(_files(tmp_path / "a", 40))
    command = [sys.executable, "-m", "joblint", "check", "--jobs", "2", folder]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
    found = {(r.communicate(), r.returncode) for r in running}
    assert len(found) == 1
    assert Store(str(_cache("files.cache")), 1 << 30).trouble == ""
    assert [p.name for p in sorted(_cache("x").parent.iterdir())] == ["files.cache", "runs.cache"]


def test_a_cache_that_cannot_be_written_is_no_matter(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = str(_files(tmp_path / "a"))
    _cache("x").parent.parent.mkdir(parents=True)
    _cache("x").parent.write_text("in the way")
    assert _run(capfd, folder) == _run(capfd, "--no-cache", folder)


def test_it_is_shown_and_cleared(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = str(_files(tmp_path / "a"))
    _run(capfd, folder)
    assert main._guarded(main._run, ["cache", "show"]) == 0
    shown = capfd.readouterr().out
    assert "files.cache: results of 20 files" in shown and "runs.cache: results of 1 run" in shown
    assert main._guarded(main._run, ["cache", "clear"]) == 0
    assert not _cache("files.cache").exists() and not _cache("runs.cache").exists()
    capfd.readouterr()
    assert main._guarded(main._run, ["cache", "show"]) == 0
    assert capfd.readouterr().out.count("does not exist yet") == 2


def test_it_holds_no_more_than_it_may(tmp_path: Path) -> None:
    for n in range(30):
        store = Store(str(tmp_path / "x.cache"), 1000)
        store.get(bytes(16))
        store.put(bytes([n]) * 16, bytes([n]) * 100)
        assert store.save()
        assert (tmp_path / "x.cache").stat().st_size < 3000  # a table of 48 bytes an entry for each run besides
    left = Store(str(tmp_path / "x.cache"), 1000)
    assert len(left.entries) < 10 and left.get(bytes(16)) == bytes(100)  # what is of use stays, the oldest of the rest goes
    assert left.get(bytes([29]) * 16) == bytes([29]) * 100


def test_a_run_writes_what_is_new_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "x.cache"
    for n in range(3):
        before = path.read_bytes() if n else b""
        store = Store(str(path), 1 << 20)
        store.put(bytes([n]) * 16, bytes([n]) * 5000)
        assert store.save()
        assert path.read_bytes().startswith(before) and len(path.read_bytes()) < len(before) + 5300
    assert [Store(str(path), 1 << 20).get(bytes([n]) * 16) for n in range(3)] == [bytes([n]) * 5000 for n in range(3)]


def test_a_run_that_was_slower_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x.cache"
    first = Store(str(path), 1 << 20)
    first.put(b"a" * 16, b"a")
    assert first.save()
    slow, fast = Store(str(path), 1 << 20), Store(str(path), 1 << 20)
    for store, key in ((fast, b"b"), (slow, b"c")):
        store.put(key * 16, key)
        assert store.save()
    left = Store(str(path), 1 << 20)
    assert (left.trouble, left.get(b"a" * 16), left.get(b"b" * 16), left.get(b"c" * 16)) == ("", b"a", b"b", None)


def test_nothing_else_is_opened_than_it_depends_on(corpus: Path) -> None:
    """What a check opens is the manifests, what is around them, and joblint's own: all of it is in the keys."""
    code = """
import sys, os
opened = set()
sys.addaudithook(lambda event, args: opened.add(args[0]) if event == "open" and isinstance(args[0], (str, bytes)) else None)
from joblint.cli import main
main._run(["check", "--exit-zero", "--no-cache", "--jobs", "1", "--severity", "info", sys.argv[1]])
sys.stdout.flush()
print(*sorted(os.fsdecode(os.path.abspath(o)) for o in opened), sep="\\n", file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code, str(corpus)], capture_output=True, check=True, text=True)
    own = [str(Path(main.__file__).parents[2]), sys.prefix, sys.base_prefix, os.path.dirname(os.__file__)]
    around = (
        "kustomization.yaml",
        "kustomization.yml",
        "Kustomization",
        ".joblint.yaml",
        "pyproject.toml",
        ".gitignore",
        "exclude",
    )
    odd = [
        line
        for line in done.stderr.splitlines()
        if not line.startswith((str(corpus), *own))
        and os.path.basename(line) not in around
        and not line.endswith((".so", ".pyc"))
    ]
    assert odd == []
