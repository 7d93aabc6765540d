"""An exported policy holds two objects, whatever the rule that it stands for says of itself."""

from __future__ import annotations

from marshal import dumps

import pytest
from ruamel.yaml import YAML

pytest.importorskip("cel_expr_python")
from joblint.base.record import replace
from joblint.report.admission_policy import policy
from joblint.rules.catalogue.rule import builtin


@pytest.mark.parametrize("end", ["\n", "\r", "\x85", "\u2028", "\x1b[31m"])
def test_a_summary_and_an_expression_with_line_ends(end: str) -> None:
    evil = f"fine{end}---{end}kind: Secret{end}"
    expression = f"object.kind != '{evil}'" if end not in "\n\r" else "object.kind\n  != 'a'"
    rule = replace(
        builtin()[0], check=f"cel:spec\n{expression}", texts=dumps((evil, evil, "", "", "", ())), patterns=(), kinds=("Job",)
    )
    text = policy(rule)
    kinds = [o["kind"] for o in YAML(typ="safe").load_all(text)]
    assert kinds == ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"]
