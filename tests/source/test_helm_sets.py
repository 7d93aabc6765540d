"""`--set` as helm 3.22 reads it (pkg/strvals/parser.go): what each assignment sets, and its errors, to the byte.

The results were taken from `helm template --set`.
"""

from __future__ import annotations

from typing import Any

import pytest

from joblint.source.helm.sets import SetError, put


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ("", {}),
        ("a=", {"a": ""}),
        ("=b", {}),
        ("a=1,", {"a": 1}),
        ("a=,b=1", {"a": "", "b": 1}),
        ("a=b=c", {"a": "b=c"}),
        ("a=[1]", {"a": "[1]"}),
        ("a]=1", {"a]": 1}),
        ("a\\.b=x\\,y", {"a.b": "x,y"}),
        (".a=1", {}),
        ("a={}", {"a": [""]}),
        ("a={x}y=1", {"a": ["x"], "y": 1}),
        ("a={x\\,y,true, 2}", {"a": ["x,y", True, " 2"]}),
        ("a[1]=x,a[0].b=y", {"a": [{"b": "y"}, "x"]}),
        ("a[0][1]=x", {"a": [[None, "x"]]}),
        ("a[0]=1,a[0].b=2", {"a": [{"b": 2}]}),
        ("a[0]", {"a": []}),
        ("a[0].b.", {"a": []}),
        ("a.b.", {}),
        ("a=True,b=NULL,c=+5,d=-0,e=00,f=1e3", {"a": True, "b": None, "c": 5, "d": 0, "e": "00", "f": "1e3"}),
        ("a=9223372036854775808,b=-9223372036854775808", {"a": "9223372036854775808", "b": -(1 << 63)}),
    ],
)
def test_what_is_set(given: str, values: dict[str, Any]) -> None:
    found: dict[str, Any] = {}
    put(given, found)
    assert found == values and str(found) == str(values)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("a", 'key "a" has no value'),
        ("a\\\\", 'key "a\\\\" has no value'),
        (",", 'key "" has no value (cannot end with ,)'),
        ("a..b=1", 'key map "a" has no value'),
        ("a[b]=c", 'error parsing index: strconv.Atoi: parsing "b": invalid syntax'),
        ("a[=c", "error parsing index: EOF"),
        ("a[-1]=c", "negative -1 index not allowed"),
        ("a[70000]=1", "index of 70000 is greater than maximum supported index of 65536"),
        ("a[0]bc=1", "unexpected data at end of array index: ['b' 'c']"),
        ("a={x,y", "list must terminate with '}'"),
        ("a={b}x", 'key "x" has no value'),
        (".".join(["a"] * 40) + "=1", "value name nested level is greater than maximum supported nested level of 30"),
    ],
)
def test_what_helm_rejects(given: str, said: str) -> None:
    with pytest.raises(SetError) as error:
        put(given, {})
    assert str(error.value) == said


def test_what_is_set_before_is_kept_or_in_the_way() -> None:
    values: dict[str, Any] = {"a": {"b": 1}, "c": [1, 2], "d": "x"}
    put("a.e=3,c[1]=4", values)
    assert values == {"a": {"b": 1, "e": 3}, "c": [1, 4], "d": "x"}
    for given in ("d.e=1", "d[0]=1", "c[0][1]=2", "a[0]=1"):
        with pytest.raises(SetError, match="is set to something else than a (mapping|list)"):
            put(given, values)
