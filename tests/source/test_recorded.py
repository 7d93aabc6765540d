"""What kubectl's own decoder (apimachinery 0.36.3) made of 2,900 texts that are YAML, or nearly."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from conformance.reading.compare import plain, same
from tests.source.readers import documents, has_c_part

ROWS: list[dict[str, Any]] = json.loads(gzip.decompress((Path(__file__).parents[1] / "data/reading.json.gz").read_bytes()))


def test_there_is_something_to_replay() -> None:
    assert len(ROWS) > 2500
    assert sum("error" in d for r in ROWS for d in r["documents"]) > 500
    assert has_c_part()


@pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "python"])
def test_reads_what_kubectl_reads(pure: bool) -> None:
    texts = [(base64.b64decode(r["text"]), r["documents"]) for r in ROWS]
    wrong = [text for text, theirs in texts if not same(documents(text, pure), theirs)]
    assert wrong == []


def test_the_comparison_sees_differences() -> None:
    assert same([{"a": 1}], [{"sent": '{"a":1}'}])
    assert not same([{"a": "1"}], [{"sent": '{"a":1}'}])
    assert not same([...], [{"sent": '{"a":1}'}])
    assert not same([{"a": 1}], [{"error": "yaml: …"}])
    assert not same([{"a": 1}], [])
    assert plain(True) is True and plain(1) == 1.0
