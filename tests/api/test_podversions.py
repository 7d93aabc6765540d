"""Pod templates that Kubernetes 1.31 to 1.36 judge differently, and what is behind gates that are off everywhere."""

from __future__ import annotations

from typing import Any

import pytest

from joblint.api.create import dropped
from joblint.api.version.gates import DEFAULT_ON
from tests.api.pod_cases import check, errors_of, recorded, warnings_of

_GATED = ("ClusterTrustBundleProjection", "PodCertificateRequest", "GenericWorkload", "TaintTolerationComparisonOperators")


@pytest.mark.parametrize("case", recorded("versions"))
def test_each_version_s_own_verdict(case: dict[str, Any]) -> None:
    """A field that a version does not know is a strict error, which other tests compare."""
    for version, said in case["versions"].items():
        found = [error for error in errors_of(case["template"], version) if error[0] != "Strict"]
        assert (version, found) == (version, said.get("errors", []))
        assert (version, warnings_of(case["template"], version)) == (version, said.get("warnings", []))


@pytest.mark.parametrize("case", recorded("gated"))
def test_behind_gates_that_are_off(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dropped, "_off", dropped._off.__wrapped__)  # what is off was looked up once for all tests
    for gate in _GATED:
        monkeypatch.setitem(DEFAULT_ON, gate, (0, 99))
    check(case)
