"""JSON in the old tolerations annotation at the limits of what Go and Python read."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from joblint.api.errors import Errors
from joblint.api.go.json import syntax_error
from joblint.api.validate.pod.old_tolerations import validate_tolerations_in_pod_annotations
from joblint.api.version.versions import gates


def test_deep_nesting_is_refused_where_go_refuses_it() -> None:
    assert syntax_error("[" * 10000 + "]" * 10000) is None
    assert syntax_error("[" * 10001 + "]" * 10001) == "exceeded max depth"


def test_nesting_that_python_does_not_follow_is_still_an_error() -> None:
    errors = Errors()
    validate_tolerations_in_pod_annotations("[" * 9000 + "]" * 9000, "a", errors, gates("1.36"))
    assert len(errors) == 1


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)))
def test_whatever_json_writes_is_json(value: object) -> None:
    assert syntax_error(json.dumps(value)) is None
    assert syntax_error(json.dumps(value, ensure_ascii=False, indent=1)) is None


@given(st.text(alphabet='[]{}",:\\u01-+.eE tfn\n'))
def test_python_and_go_agree_on_what_is_json(text: str) -> None:
    try:
        json.loads(text, parse_constant=_refuse)
    except ValueError:
        assert syntax_error(text) is not None
    else:
        assert syntax_error(text) is None


def _refuse(name: str) -> None:
    raise ValueError(name)
