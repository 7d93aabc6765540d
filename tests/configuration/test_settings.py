"""Where a configuration is looked for, what it may say in YAML and TOML, what it extends, and how mistakes are told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from joblint.configuration.settings import ConfigError, load, nearest
from joblint.rules.catalogue.rule import builtin


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_nearest_file_wins_and_the_root_of_the_checkout_ends_the_search(folder: Path) -> None:
    inner = folder / "a" / "b"
    inner.mkdir(parents=True)
    assert nearest(str(inner)) is None
    (folder / "pyproject.toml").write_text("[tool.joblint]\nprofile = 'strict'\n")
    assert nearest(str(inner)) == str(folder / "pyproject.toml")
    (folder / "a" / "pyproject.toml").write_text("[project]\n# [tool.joblint]\ndescription = 'see [tool.joblint]'\n")
    assert nearest(str(inner)) == str(folder / "pyproject.toml")
    for name in ("joblint.toml", ".joblint.yml", ".joblint.yaml"):
        (folder / "a" / name).write_text("")
        assert nearest(str(inner)) == str(folder / "a" / name)


def test_yaml_and_toml_say_the_same(folder: Path) -> None:
    Path("a.yaml").write_text(
        "ignore: [JL802]\nkubernetes-version: 1.30\nseverities: {JL301: off, JL302: error}\nforce-exclude: yes\n"
        "overrides:\n- paths: [legacy/]\n  ignore: [JL3]\n  until: 2027-03-01\n  reason: theirs\n"
    )
    Path("a.toml").write_text(
        'ignore = ["JL802"]\nkubernetes-version = 1.30\nforce-exclude = true\n[severities]\nJL301 = "off"\nJL302 = "error"\n'
        '[[overrides]]\npaths = ["legacy/"]\nignore = ["JL3"]\nuntil = 2027-03-01\nreason = "theirs"\n'
    )
    from joblint.base.record import replace

    left, right = load("a.yaml"), load("a.toml")
    assert left.kubernetes_version == "1.30"
    assert left.severities == (("JL301", "off"), ("JL302", "error"))
    (override,) = left.overrides
    assert (override.until, override.reason, override.whole_files) == ("2027-03-01", "theirs", True)
    same = replace(right.overrides[0], file="a.yaml")
    assert replace(right, file="a.yaml", files=("a.yaml",), overrides=(same,)) == left


def test_what_is_extended_holds_where_nothing_else_is_said(folder: Path) -> None:
    Path("team").mkdir()
    Path("team/base.yaml").write_text(
        "profile: strict\nignore: [JL802]\nseverities: {JL301: info, JL302: off}\nrules: [own.yaml]\n"
    )
    Path(".joblint.yaml").write_text("extends: team/base.yaml\nignore: [JL803]\nseverities: {JL301: error}\nfail-on: warning\n")
    found = load(".joblint.yaml")
    assert (found.profile, found.fail_on, found.ignore) == ("strict", "warning", ("JL802", "JL803"))
    assert dict(found.severities) == {"JL301": "error", "JL302": "off"}
    assert found.rules == (os.path.join("team", "own.yaml"),)
    assert found.files == (".joblint.yaml", "team/base.yaml")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (".joblint.yaml", "slect: [JL1]\n", ".joblint.yaml:1:1: unknown setting slect; did you mean select?"),
        (".joblint.yaml", "a: 1\n\ndisable: []\n", ".joblint.yaml:3:1: unknown setting disable; did you mean ignore?"),
        (".joblint.yaml", "ignore: JL301\n", '.joblint.yaml:1:9: ignore must be a list, such as [JL301], not "JL301"'),
        (".joblint.yaml", "ignore: [JL301, 7]\n", ".joblint.yaml:1:17: ignore must be a list of strings; this entry is 7"),
        (".joblint.yaml", "profile: strickt\n", '1:10: profile must be default or strict, not "strickt"; did you mean strict?'),
        (".joblint.yaml", "kubernetes-version: 36\n", 'must be a version such as "1.37" or "1.31..1.37", not 36'),
        (".joblint.yaml", "- a\n", "a configuration must be a mapping of settings, such as ignore: [JL802], not a list"),
        (
            ".joblint.yaml",
            "profile: a\n---\nx: 1\n",
            ".joblint.yaml:3:1: a configuration must be one YAML document; this is the second",
        ),
        (".joblint.yaml", "overrides:\n- paths: [a]\n", "2:3: this entry has no effect: add ignore or severities"),
        (
            ".joblint.yaml",
            "overrides:\n- ignore: [JL3]\n  until: march\n",
            '.joblint.yaml:3:10: until must be a date such as 2027-03-01, not "march"',
        ),
        ("joblint.toml", 'profile = "x"\n', 'joblint.toml:1:11: profile must be default or strict, not "x"'),
        ("joblint.toml", "[[overrides]]\nfile = []\n", "joblint.toml:2:1: unknown setting file; valid settings: paths"),
        (
            "pyproject.toml",
            "[tool.joblint]\nseverities.JL301 = 'of'\n",
            "2:20: the severity of JL301 must be off, info, warning or error",
        ),
        (".joblint.yaml", "extends: no.yaml\n", ".joblint.yaml:1:10: no.yaml: No such file or directory"),
        (".joblint.yaml", "extends: [.joblint.yaml]\n", ".joblint.yaml:1:11: .joblint.yaml: a file must not extend itself"),
    ],
)
def test_a_mistake_has_a_place_and_a_better_word(folder: Path, name: str, text: str, said: str) -> None:
    Path(name).write_text(text)
    with pytest.raises(ConfigError) as raised:
        load(name)
    assert said in str(raised.value)


def test_of_many_mistakes_the_first_are_shown(folder: Path) -> None:
    Path("many.yaml").write_text("".join([f"key{n}: 1\n" for n in range(20_000)]))
    with pytest.raises(ConfigError) as error:
        load("many.yaml")
    lines = str(error.value).splitlines()
    assert len(lines) == 101 and lines[0].startswith("many.yaml:1:1: unknown setting key0")
    assert lines[-1] == "many.yaml: there may be more mistakes; the first 100 are shown"


@pytest.mark.parametrize("header", ["[tool.joblint", "[tool.joblint \n", "[tool.joblint\r\nselect = ['JL1']"])
def test_a_table_of_a_pyproject_file_without_its_bracket_is_a_mistake(folder: Path, header: str) -> None:
    (folder / "pyproject.toml").write_bytes(header.encode())
    assert nearest(str(folder)) == str(folder / "pyproject.toml")
    with pytest.raises(ConfigError, match=r"pyproject\.toml:1:\d+: "):
        load(str(folder / "pyproject.toml"))


def test_a_long_name_of_no_rule_is_cut() -> None:
    from joblint.rules.catalogue.select import unknown

    assert unknown("x" * 1_000_000, builtin()) == f"no rule is called '{'x' * 100}…'; to list all rules: joblint rules"
