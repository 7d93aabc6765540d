"""Commands that ask another service, and those that only ask whether it is there."""

from __future__ import annotations

import pytest

from joblint.shell.services import only_asks, service_of, waits_itself


@pytest.mark.parametrize(
    ("line", "asks", "only"),
    [
        ("pg_isready -h db", True, True),
        ("nc -z redis 6379", True, True),
        ("nc redis 6379", True, False),
        ("mysqladmin ping -h db", True, True),
        ("curl -fsS http://api/healthz", True, True),
        ("curl -fsS http://api/healthz -o /w/x", True, False),
        ("curl -fsS http://api/data.csv", True, False),
        ("wget --spider http://api", True, True),
        ("psql -c 'SELECT'", True, False),
        ("chmod 0755 /data", False, False),
    ],
)
def test_what_asks_a_service(line: str, asks: bool, only: bool) -> None:
    name, *rest = line.split()
    assert bool(service_of((name, rest))) is asks
    assert only_asks((name, rest)) is only


def test_what_waits_by_itself() -> None:
    assert waits_itself(("curl", ["-f", "--retry", "10", "http://api/health"]))
    assert not waits_itself(("curl", ["-f", "http://api/health"]))
