"""An error carries what its text was made from, so that nobody has to read the text."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from joblint.api.errors import OMIT, Errors, Typed, go_quote
from joblint.api.judge import judge
from joblint.source.documents import read

DATA = Path(__file__).parents[1] / "data"


def test_each_kind_keeps_its_parts() -> None:
    errors = Errors()
    errors.required("a", "why")
    errors.invalid("labels", "x y", "no label", "k")
    errors.invalid("op", Typed("Is"), "unknown")
    errors.invalid("b", OMIT, "hidden")
    errors.not_supported("c", "never", ("Always", "Never"))
    errors.too_long("d", 63)
    errors.too_many("e", 9, 8)
    required, label, typed, hidden, choice, long, many = errors.found
    assert (required.value, required.detail, required.message) == (None, "why", "Required value: why")
    assert (label.value, label.detail, label.key) == ("x y", "no label", "k")
    assert (typed.value, typed.message) == ("Is", 'Invalid value: "Is": unknown')
    assert (hidden.value, hidden.message) == (None, "Invalid value: hidden")
    assert choice.choices == ("Always", "Never")
    assert (long.limit, many.limit, many.value) == (63, 8, 9)


def test_the_text_is_made_of_the_parts() -> None:
    """Over all recorded manifests: what a reader of the text would find is what the parts say."""
    seen = set()
    for name, key in (("verdicts.jsonl.gz", "yaml"), ("create-1.36.jsonl.gz", "sent"), ("pod-template.jsonl.gz", "yaml")):
        with gzip.open(DATA / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                sent = json.loads(line)[key]
                text = sent if isinstance(sent, str) else json.dumps(sent)
                for document in read(text.encode("utf-8", "surrogatepass"), "x.yaml"):
                    verdict = judge(document.value)
                    for error in verdict.errors if verdict is not None else ():
                        seen.add(error.type)
                        assert error.message.endswith(error.detail)
                        assert ("cannot unmarshal" in error.message and not error.detail) == bool(error.wanted)
                        assert error.message.endswith(f" of type {error.wanted}") or not error.wanted
                        assert f"json: cannot unmarshal {error.given}" in error.message or not error.given
                        if error.type == "FieldValueNotSupported":
                            assert error.message.endswith(", ".join(map(go_quote, error.choices)))
                        if error.limit is not None:
                            assert f" {error.limit} " in error.detail
    assert {"Decode", "Strict", "FieldValueRequired", "FieldValueInvalid", "FieldValueNotSupported", "FieldValueTooLong"} <= seen


def test_errors_can_be_counted_whatever_their_value() -> None:
    errors = Errors()
    for _ in range(2):
        errors.invalid("spec.template", {"a": []}, "field is immutable")
    assert len(set(errors.found)) == 1
