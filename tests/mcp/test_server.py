"""The tools for assistants, over a real process and a real client."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_check import BAD, GOOD

mcp = pytest.importorskip("mcp")  # the extra `mcp`; the extra `test` brings it, too
ROOT = Path(__file__).parents[2]


def _ask(*calls: tuple[str, dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """The tools that the server has, and the results of calls."""
    import anyio

    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    parameters = mcp.StdioServerParameters(command=sys.executable, args=["-m", "joblint", "mcp"], env=environment)
    results = []

    async def session() -> list[Any]:
        async with mcp.Client(parameters) as client:
            tools = (await client.list_tools()).tools
            for name, arguments in calls:
                results.append(await client.call_tool(name, arguments))
            return list(tools)

    with anyio.from_thread.start_blocking_portal() as portal:
        return portal.call(session), results


def _data(result: Any) -> Any:
    assert not result.is_error, result
    return json.loads(result.content[0].text)


def test_the_tools_read_and_change_nothing() -> None:
    later = BAD.replace("backoffLimit: 4", "parallelism: 2")
    tools, results = _ask(
        ("check", {"manifest": BAD, "severity": "error"}),
        ("explain", {"manifest": GOOD, "scenario": "fail"}),
        ("diff", {"old": GOOD, "new": GOOD.replace("perl:5.34.0", "perl:5.36.0")}),
        ("rule", {"id": "JL301"}),
        ("rule", {"id": "image-not-pined"}),
        ("check", {"manifest": later, "kubernetes_version": "1.12"}),
    )
    assert sorted(t.name for t in tools) == ["check", "diff", "explain", "rule"]
    assert all(t.annotations.read_only_hint and t.description for t in tools)
    checked, explained, changed, one = [_data(r) for r in results[:4]]
    assert [f["rule"] for f in checked["findings"]] == ["JL101"]
    assert explained["jobs"][0]["name"] == "pi"
    assert changed["changes"][0]["outcome"] == "refused"
    assert one["name"] == "backoff-limit-unreachable" and one["examples"]["bad"]
    assert results[4].is_error and "did you mean image-not-pinned" in str(results[4].content)
    assert results[5].is_error and "1.12" in str(results[5].content)


def test_wrong_arguments_are_told_and_the_server_goes_on() -> None:
    wrong: tuple[tuple[str, dict[str, Any]], ...] = (
        ("check", {}),
        ("check", {"manifest": None}),
        ("check", {"manifest": GOOD, "severity": "{0}"}),
        ("check", {"manifest": GOOD, "profile": ""}),
        ("explain", {"manifest": GOOD, "run_seconds": -1}),
        ("explain", {"manifest": GOOD, "run_seconds": 1e308}),
        ("explain", {"manifest": GOOD, "scenario": "/etc/passwd"}),
        ("diff", {"old": GOOD}),
        ("diff", {"old": GOOD, "new": GOOD, "kubernetes_version": "{x}"}),
        ("rule", {"id": "../../etc/passwd"}),
        ("nothing", {}),
    )
    odd = (
        "",
        "\0",
        "a: [",
        "[]",
        "~",
        "{" * 2000,
        GOOD.replace("kind: Job", "kind: {x}"),
        '{"kind": "List", "items": [1, null]}',
    )
    _, results = _ask(*wrong, *[("check", {"manifest": text}) for text in odd], ("diff", {"old": "a: [", "new": "[]"}))
    refused, taken = results[: len(wrong)], results[len(wrong) :]
    unsaid = [call for call, result in zip(wrong, refused, strict=True) if not result.is_error]
    assert unsaid == []
    assert not any("Traceback" in str(r.content) for r in results)
    assert all(_data(r)["version"] == 1 for r in taken)


def test_a_bug_is_the_answer_to_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    import anyio

    from joblint.mcp.server import server
    from joblint.run import api

    def fails(*_: object, **__: object) -> Any:
        raise ValueError("not enough values to unpack")

    async def session() -> list[Any]:
        async with mcp.Client(server()) as client:
            monkeypatch.setattr(api, "check", fails)
            first = await client.call_tool("check", {"manifest": GOOD})
            monkeypatch.undo()
            return [first, await client.call_tool("check", {"manifest": GOOD})]

    with anyio.from_thread.start_blocking_portal() as portal:
        first, second = portal.call(session)
    assert first.is_error and "a bug in joblint: ValueError: not enough values to unpack (test_server.py:" in str(first.content)
    assert _data(second)["version"] == 1
