"""A template that asks for more than anybody waits for is not evaluated: neither time nor memory grows with what it asks for."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

from joblint.run.render.charts import unpack
from joblint.run.render.helm import Asked
from joblint.run.render.own import Own
from joblint.source.helm.bounds import MOST, check_pattern, size
from joblint.source.helm.charts import ChartError
from joblint.source.helm.nodes import Unsupported
from joblint.source.helm.render import print_chart

TOO_MUCH = "too much to evaluate"
DAG = "{{ $x := dict }}{{ range until 60 }}{{ $x = dict `a` $x `b` $x }}{{ end }}"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{ repeat 1000000000 `x` }}", TOO_MUCH),
        ("{{ repeat 1000 (repeat 1000 (repeat 1000 `x`)) }}", TOO_MUCH),
        ("{{ indent 1000000000 `x` }}", TOO_MUCH),
        ("{{ nindent 1000000000 `x` }}", TOO_MUCH),
        ("{{ repeat 10000 `a` | replace `a` (repeat 10000 `b`) }}", TOO_MUCH),
        ("{{ repeat 1000 `a,` | splitList `,` | join (repeat 10000 `b`) }}", TOO_MUCH),
        ("{{ regexReplaceAll `a` (repeat 10000 `a`) (repeat 10000 `b`) }}", TOO_MUCH),
        ("{{ $l := until 100000 }}{{ range $l }}{{ range $l }}{{ end }}{{ end }}", TOO_MUCH),
        ("{{ printf `%0999999999d` 1 }}", TOO_MUCH),
        ("{{ printf `%.999999999f` 1.0 }}", TOO_MUCH),
        ("{{ printf `%99999999999999999999999d` 1 }}", TOO_MUCH),
        ("{{ $x := `a` }}{{ range until 100 }}{{ $x = printf `%s%s` $x $x }}{{ end }}", TOO_MUCH),
        ("{{ $x := list 1 }}{{ range until 100 }}{{ $x = concat $x $x }}{{ end }}", TOO_MUCH),
        (DAG + "{{ toYaml $x }}", TOO_MUCH),
        (DAG + "{{ toJson $x }}", TOO_MUCH),
        (DAG + "{{ $x }}", TOO_MUCH),
        (DAG + "{{ deepCopy $x | len }}", TOO_MUCH),
        (DAG + "{{ deepEqual $x $x }}", TOO_MUCH),
        (DAG + "{{ print $x }}", TOO_MUCH),
        ("{{ $x := dict }}{{ $_ := set $x `a` $x }}{{ toYaml $x }}", TOO_MUCH),
        ("{{ $x := dict }}{{ $_ := set $x `a` $x }}{{ $x }}", TOO_MUCH),
        ("{{ regexMatch `(a+)+$` (repeat 50 `a`) }}", "a pattern that may take long"),
        ("{{ regexMatch `(a|a)*$` (repeat 50 `a`) }}", "a pattern that may take long"),
        ("{{ regexFind `a*a*a*a*a*b` (repeat 500 `a`) }}", "a pattern that may take long"),
        ("{{ regexSplit `a*a*a*a*a*b` (repeat 500 `a`) -1 }}", "a pattern that may take long"),
    ],
)
def test_what_grows_is_not_evaluated(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n")
    (tmp_path / "templates" / "a.yaml").write_text(text)
    assert dict(print_chart(str(tmp_path), {}, "r", "1.36").failed) == {"c/templates/a.yaml": why}


@pytest.mark.parametrize(
    "text",
    [
        "{{ repeat 100000 `\n` }}x: 1",
        "a: 1\n" + "\n" * 200_000 + "x: 1\n",
        '{{ if semverCompare (printf ">1%s" (repeat 100000 " ")) "2.0.0" }}x: 1{{ end }}',
        "{{ 1 " + "| default 2 " * 20_000 + "}}: 1",
    ],
)
def test_what_is_large_takes_no_longer_than_it_is_large(tmp_path: Path, text: str) -> None:
    """Each of these once took minutes."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n")
    (tmp_path / "templates" / "a.yaml").write_text(text)
    data, _ = Own().render(str(tmp_path), Asked(), "1.36", "")
    assert data.endswith(b": 1\n")


@pytest.mark.parametrize("form", ["[^a-z0-9-]+", "^v?[0-9]+", "a{2,3}b?", "x|y", "(foo)+"])
def test_patterns_that_cannot_take_long(form: str) -> None:
    check_pattern(form, "a" * 60)


def test_size() -> None:
    assert size(["ab", {"k": None}, 3]) == 13
    with pytest.raises(Unsupported):
        size("x" * (MOST + 1))


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_files_are_those_of_the_chart(tmp_path: Path) -> None:
    """Neither a path nor a link leads out of the chart."""
    chart, secret = tmp_path / "chart", tmp_path / "secret"
    (chart / "templates").mkdir(parents=True)
    secret.mkdir()
    (secret / "key").write_text("hidden")
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n")
    (chart / "file").symlink_to(secret / "key")
    (chart / "folder").symlink_to(secret)
    (chart / "own").write_text("shown")
    for name in ("file", "folder/key", "../secret/key", str(secret / "key"), "own"):
        (chart / "templates" / "a.yaml").write_text(f'{{{{ .Files.Get "{name}" }}}}')
        printed = print_chart(str(chart), {}, "r", "1.36")
        assert "hidden" not in repr(printed), name
        assert ("shown" in repr(printed.texts)) == (name == "own")
    (chart / "templates" / "a.yaml").write_text('{{ range $path, $_ := .Files.Glob "**" }}{{ $path }} {{ end }}')
    assert "key" not in repr(print_chart(str(chart), {}, "r", "1.36"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes")
def test_only_regular_files_of_the_chart_are_read(tmp_path: Path) -> None:
    chart = tmp_path / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n")
    os.mkfifo(chart / "templates" / "pipe.yaml")
    os.mkfifo(chart / "values.yaml")
    (chart / "templates" / "a.yaml").write_text("a")
    assert print_chart(str(chart), {}, "r", "1.36").texts == (("c/templates/a.yaml", "a"),)
    (tmp_path / "secret.yaml").write_text("key: hidden\n")
    (chart / "values.yaml").unlink()
    (chart / "values.yaml").symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(ChartError, match="a link to another directory"):
        print_chart(str(chart), {}, "r", "1.36")


def _archive(path: Path, *members: tuple[str, bytes | str]) -> str:
    """An archive of a chart with these files (bytes) and links (the target) in addition."""
    with tarfile.open(path, "w:gz", compresslevel=1) as tar:
        for name, content in (("c/Chart.yaml", b"apiVersion: v2\nname: c\nversion: 1.0.0\n"), *members):
            member = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
            else:
                member.type = tarfile.LNKTYPE if content.startswith("hard:") else tarfile.SYMTYPE
                member.linkname = content.removeprefix("hard:")
                tar.addfile(member)
    return str(path)


def _files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir() or p.is_symlink())


def test_an_archive_writes_only_its_own_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hidden")
    secret = str(tmp_path / "secret")
    members: list[tuple[str, bytes | str]] = [
        ("../a", b"x"),
        ("c/../../b", b"x"),
        (str(tmp_path / "d"), b"x"),
        ("c/templates/link.yaml", secret),
        ("c/templates/hard.yaml", "hard:" + secret),
        ("c/out", str(tmp_path)),
        ("c/out/e", b"x"),
        ("c/templates/a.yaml", b"own"),
    ]
    (tmp_path / "to").mkdir()
    root = unpack(_archive(tmp_path / "c.tgz", *members), str(tmp_path / "to"))
    assert root == str(tmp_path / "to" / "c")
    assert _files(tmp_path / "to") == ["c/Chart.yaml", "c/out/e", "c/templates/a.yaml"]
    assert sorted(os.listdir(tmp_path)) == ["c.tgz", "secret", "to"]


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ([("c/" + "d/" * 2_000 + "x.yaml", b"")], "a path of 4,008 characters"),
        ([(f"c/templates/{n}.yaml", b"") for n in range(10_001)], "more than 10,000 files"),
        ([("c/templates", b"x"), ("c/templates/x", b"x")], ""),
        ([("c/" + "n" * 300, b"x")], ""),
    ],
)
def test_an_archive_that_is_no_chart_is_an_error_in_words(
    members: list[tuple[str, bytes | str]], why: str, tmp_path: Path
) -> None:
    with pytest.raises(OSError, match=why):
        unpack(_archive(tmp_path / "c.tgz", *members), str(tmp_path))
