"""Which files of a folder are read, and which are named as not walked: what git ignores, what is hidden, what is excluded."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joblint.base import ignored
from joblint.base.files import EXCLUDED, GITIGNORED, HIDDEN, PACKAGES, Found, find
from joblint.base.ignored import Patterns


def _made(folder: Path, *names: str, **contents: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(contents.get(name, ""))


def _relative(found: Found, folder: Path) -> tuple[list[str], dict[str, str]]:
    return (
        [os.path.relpath(f, folder) for f in found.files],
        {os.path.relpath(f, folder): why for f, why in found.passed},
    )


def test_what_git_ignores_is_not_walked(tmp_path: Path) -> None:
    _made(tmp_path, "a.yaml", "build/b.yaml", "sub/c.yaml", "sub/keep.gen.yaml", "sub/x.gen.yaml", "sub/build/d.json")
    (tmp_path / ".gitignore").write_text("# made\nbuild/\n*.gen.yaml\n")
    (tmp_path / "sub/.gitignore").write_text("!keep.gen.yaml\n")
    files, passed = _relative(find((str(tmp_path),)), tmp_path)
    assert files == ["a.yaml", "sub/c.yaml", "sub/keep.gen.yaml"]
    assert passed == {"build": GITIGNORED, "sub/build": GITIGNORED, "sub/x.gen.yaml": GITIGNORED}


def test_the_gitignore_above_holds_up_to_the_root_of_the_checkout(tmp_path: Path) -> None:
    _made(tmp_path, "work/k8s/job.yaml", "work/k8s/out/job.yaml", "work/k8s/job.gen.yaml", "work/k8s/mine.yaml")
    (tmp_path / ".gitignore").write_text("job.yaml\n")  # outside the checkout
    (tmp_path / "work/.gitignore").write_text("/k8s/out\n*.gen.yaml\n")
    (tmp_path / "work/.git/info").mkdir(parents=True)
    (tmp_path / "work/.git/info/exclude").write_text("mine.yaml\n")
    files, passed = _relative(find((str(tmp_path / "work/k8s"),)), tmp_path / "work/k8s")
    assert files == ["job.yaml"]
    assert passed == {"out": GITIGNORED, "job.gen.yaml": GITIGNORED, "mine.yaml": GITIGNORED}


def test_a_checkout_in_a_checkout_has_its_own_patterns(tmp_path: Path) -> None:
    _made(tmp_path, ".git/HEAD", "module/.git/HEAD", "module/job.gen.yaml", "job.gen.yaml")
    (tmp_path / ".gitignore").write_text("*.gen.yaml\n")
    files, passed = _relative(find((str(tmp_path),)), tmp_path)
    assert (files, passed) == (["module/job.gen.yaml"], {"job.gen.yaml": GITIGNORED})


def test_what_is_named_is_read_all_the_same(tmp_path: Path) -> None:
    _made(tmp_path, ".git/HEAD", "out/deep/job.yaml", ".ci/job.yaml", "one.gen.yaml")
    (tmp_path / ".gitignore").write_text("out/\n*.gen.yaml\n")
    for path, file in (("out", "out/deep/job.yaml"), (".ci", ".ci/job.yaml"), ("one.gen.yaml", "one.gen.yaml")):
        assert _relative(find((str(tmp_path / path),)), tmp_path) == ([file], {})
    assert _relative(find((str(tmp_path / "out/deep"),)), tmp_path) == (["out/deep/job.yaml"], {})


def test_what_is_hidden_is_not_walked_and_named(tmp_path: Path) -> None:
    _made(tmp_path, ".github/w.yml", ".a.yaml", ".profile", ".git/config", ".joblint.yaml", "node_modules/p.json", "b.yaml")
    files, passed = _relative(find((str(tmp_path),)), tmp_path)
    assert files == ["b.yaml"]
    assert passed == {".github": HIDDEN, ".a.yaml": HIDDEN, "node_modules": PACKAGES}


def test_own_patterns_leave_out_more(tmp_path: Path) -> None:
    _made(tmp_path, "a.yaml", "vendor/b.yaml", "vendor/ours.yaml")
    exclude = Patterns().with_lines(str(tmp_path), ["vendor/*", "!vendor/ours.yaml", "", "# nothing"])
    files, passed = _relative(find((str(tmp_path),), exclude), tmp_path)
    assert (files, passed) == (["a.yaml", "vendor/ours.yaml"], {"vendor/b.yaml": EXCLUDED})
    named = (str(tmp_path / "vendor/b.yaml"), str(tmp_path / "a.yaml"))
    assert _relative(find(named, exclude), tmp_path) == (["vendor/b.yaml", "a.yaml"], {})
    assert _relative(find(named, exclude, force=True), tmp_path) == (["a.yaml"], {"vendor/b.yaml": EXCLUDED})
    assert find(("-",), exclude, force=True).files == ("-",)


def test_a_line_that_is_no_pattern_hides_no_other(tmp_path: Path) -> None:
    _made(tmp_path, "a.yaml", "b.yaml")
    (tmp_path / ".gitignore").write_bytes(b"!\n\xff\xfe\nb.yaml\n")
    assert _relative(find((str(tmp_path),)), tmp_path) == (["a.yaml"], {"b.yaml": GITIGNORED})


_PATTERN = st.sampled_from(
    ["a", "a/", "/a", "*.yaml", "!a.yaml", "!b.yaml", "a/*", "!a/b.yaml", "**/b", "**", "*", "!*", "a/**", "b/a", "!b/"]
    + [
        "*a*.*y*l",
        "**/**/**/a/**",
        "a*/**/*/*.y*",
        "[!a]*",
        "[a-c]*",
        "[]a]*",
        "b/**/**/**/*",
        "[ab].yaml",
        "?.yaml",
        "\\!a.yaml",
        "a/**/b.yaml",
        "#a",
        "b.yaml ",
        "b*",
        "[[:alpha:]].yaml",
        "[[:upper:][:punct:]b]*",
        "b[!x]a.yaml",
        "??????",
        "b/**/",
        "/a\t",
        "/*",
        "!/b",
    ]
)


def test_names_are_bytes_for_git() -> None:
    def match(line: str, name: str) -> bool:
        return Patterns().with_lines("/x", [line]).match("/x/" + name, False)

    assert match("??", "é")
    assert not match("?", "é")
    assert match("[!a][!a]", "é")
    assert not match("[é]", "é")
    assert match("é*", "éa")
    assert not match("b[!a]c", "b/c")
    assert match("[[:space:]]\\ ", "  ")
    assert not match("[[:foo:]]", "f")
    assert match("[]-a]", "^")
    assert not match("a[", "a[")


def test_a_byte_order_mark_is_no_part_of_the_first_pattern(tmp_path: Path) -> None:
    _made(tmp_path, ".git/HEAD", "a.yaml", "b.yaml")
    (tmp_path / ".gitignore").write_text("\ufeffa.yaml\n", "utf-8")
    assert _relative(find((str(tmp_path),)), tmp_path) == (["b.yaml"], {"a.yaml": GITIGNORED})


def test_many_stars_take_no_longer_than_the_path_is_long() -> None:
    patterns = Patterns().with_lines("/x", ["*a" * 100 + "b", "**/a/" * 100 + "b", "!" + "*a" * 20])
    assert not patterns.match("/x/" + "a" * 15, False)
    assert patterns.match("/x/" + "a" * 250 + "b", False)
    assert not patterns.match("/x/" + "a" * 250, False)
    assert not patterns.match("/x/" + "a/" * 1000 + "c", False)
    assert patterns.match("/x/" + "a/" * 1000 + "b", False)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("many", [False, True], ids=["as they are", "all as those with classes"])
@settings(max_examples=25, deadline=None)
@given(top=st.lists(_PATTERN, max_size=5), inner=st.lists(_PATTERN, max_size=3))
def test_as_git_has_it(tmp_path_factory: pytest.TempPathFactory, many: bool, top: list[str], inner: list[str]) -> None:
    """The files that are left are those that git itself would add."""
    with pytest.MonkeyPatch.context() as patch:
        if many:
            patch.setattr(ignored, "is_wild", lambda line: line != "#a")
        _as_git_has_it(tmp_path_factory, top, inner)


def _as_git_has_it(tmp_path_factory: pytest.TempPathFactory, top: list[str], inner: list[str]) -> None:
    folder = tmp_path_factory.mktemp("checkout")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    _made(folder, *(f"{at}{name}.yaml" for at in ("", "a/", "b/", "a/b/", "b/a/") for name in "ab"))
    (folder / ".gitignore").write_text("\n".join(top) + "\n")
    (folder / "a/.gitignore").write_text("\n".join(inner) + "\n")
    told = subprocess.run(
        ["git", "ls-files", "-z", "--others", "--exclude-standard"],
        cwd=folder,
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
    ).stdout.decode()
    wanted = sorted(name for name in told.split("\0") if name.endswith(".yaml"))
    assert sorted(os.path.relpath(f, folder) for f in find((str(folder),)).files) == wanted


@pytest.mark.parametrize("line", ["[z-a]", "!x[9-0]/", "/a[z-a]*", "[[a]x", "[a-[b]", "[a--b]", "[a||b]", "[a~~b]", "[a&&b]"])
def test_a_pattern_that_no_regular_expression_can_contain_is_no_error(
    line: str, tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    patterns = Patterns().with_lines(str(tmp_path), [line, "*.json"])
    assert not patterns.cover(str(tmp_path / "job.yaml"), False)
    assert patterns.cover(str(tmp_path / "job.json"), False)
    assert not recwarn.list
