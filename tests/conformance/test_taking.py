"""Taking in a version of Kubernetes: the module file, the tables of types and gates, the row of the release. No Go is asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.taking.__main__ import ROWS, with_release
from conformance.taking.gates import TABLE, corrections, rewritten, server_says
from conformance.taking.modules import VERSIONS, retagged
from conformance.taking.tables import SCHEMAS, with_declared, with_internal
from joblint.api.version.gates import DEFAULT_ON, NEVER
from joblint.api.version.schema import declared_in
from joblint.api.version.versions import RELEASES


def test_every_version_has_its_module_file_of_its_release() -> None:
    for version, release in RELEASES.items():
        text = (VERSIONS / version / "go.mod").read_text("utf-8")
        assert f"k8s.io/kubernetes {release}\n" in text
        assert (VERSIONS / version / "go.sum").is_file()


def test_a_module_file_gets_the_tags_of_another_release() -> None:
    text = (VERSIONS / "1.37" / "go.mod").read_text("utf-8")
    made = retagged(text, "v1.39.0-rc.1", "go1.28.0", ("example.com/m=v2.0.0",))
    assert "k8s.io/kubernetes v1.39.0-rc.1\n" in made
    assert "k8s.io/api => k8s.io/api v0.39.0-rc.1\n" in made
    assert "0.37.2" not in made
    assert "\ntoolchain go1.28.0\n" in made
    assert made.endswith("\nreplace example.com/m => example.com/m v2.0.0\n")
    # The next release names its own toolchain and replacements, or none.
    assert retagged(made, RELEASES["1.37"]) == text


def test_a_field_that_is_declared_anew_has_both_forms_and_what_is_gone_stays() -> None:
    known = {"a.T": {"old": "string", "same": "*int32", "other": "v1.A"}}
    made, changed = with_declared(known, {"a.T": {"same": "*int32", "other": "v2.A", "new": "bool"}}, "1.39")
    assert made == {"a.T": {"old": "string", "same": "*int32", "other": {"1.31": "v1.A", "1.39": "v2.A"}, "new": "bool"}}
    assert changed == ("T.other: v1.A → v2.A",)
    assert [declared_in(made, version)["a.T"]["other"] for version in ("1.31", "1.38", "1.39", "1.40")] == ["v1.A"] * 2 + [
        "v2.A"
    ] * 2
    # The final release after a beta: what the beta had is forgotten.
    assert with_declared(made, {"a.T": {"other": "v1.A"}}, "1.39")[0]["a.T"]["other"] == "v1.A"


def test_a_struct_keeps_a_form_for_each_version_in_which_it_changed() -> None:
    known = {"T": {"1.34": ["A a int"]}, "Gone": {"1.34": ["B b int"]}}
    once = with_internal(known, {"T": ["A a int", "C c bool"], "New": ["D d int"]}, "1.39")
    assert once == {
        "Gone": {"1.34": ["B b int"]},
        "New": {"1.39": ["D d int"]},
        "T": {"1.34": ["A a int"], "1.39": ["A a int", "C c bool"]},
    }
    # The final release after a beta: what the beta had is forgotten.
    assert with_internal(once, {"T": ["A a int"]}, "1.39") == known


def test_a_gate_is_what_the_newest_specification_up_to_the_version_says() -> None:
    specs: list[dict[str, Any]] = [{"version": "1.37", "on": True}, {"version": "1.30", "on": False}]
    assert [server_says(specs, minor) for minor in (29, 36, 37, 40)] == [False, False, True, True]


def test_rows_that_a_server_has_otherwise_are_corrected() -> None:
    off, on = "WorkloadWithJob", "SELinuxMount"
    assert DEFAULT_ON[off] == (NEVER, NEVER)
    gates = {off: [{"version": "1.40", "on": True}], on: [{"version": "1.40", "on": False}], "Unheard": []}
    rows = corrections(gates, "1.40")
    assert rows == {off: (40, NEVER), on: (DEFAULT_ON[on][0], 40)}
    text = rewritten(TABLE.read_text("utf-8"), rows)
    assert f'    "{off}": (40, NEVER),\n' in text
    assert f'    "{on}": ({DEFAULT_ON[on][0]}, 40),\n' in text
    with pytest.raises(ValueError, match="no row for Unheard"):
        rewritten(text, {"Unheard": (1, 2)})


def test_a_release_gets_its_row_or_changes_it() -> None:
    text = ROWS.read_text("utf-8")
    more = with_release(text, "1.99", "v1.99.0-beta.0")
    assert '    "1.99": "v1.99.0-beta.0",\n}\n' in more
    assert with_release(more, "1.99", "v1.99.0").count('"1.99"') == 1
    assert with_release(text, "1.36", RELEASES["1.36"]) == text


def test_the_tables_are_written_as_the_tool_writes_them() -> None:
    for name, sort in (("go-types.json", True), ("internal-types.json", False)):
        text = (SCHEMAS / name).read_text("utf-8")
        assert json.dumps(json.loads(text), indent=1, sort_keys=sort, ensure_ascii=False) + "\n" == text
