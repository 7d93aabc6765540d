"""`joblint mcp`: starts the server for assistants, or reports the missing extra."""

from __future__ import annotations

from importlib.util import find_spec

from joblint.cli.console import usage


def mcp() -> int:
    """Serve until standard input is closed; return 2 if the extra is not installed."""
    if find_spec("mcp") is None:
        return usage("the MCP server requires the extra mcp: pip install 'joblint[mcp]'")
    from joblint.cli.signals import stop_at_once
    from joblint.mcp.server import serve

    stop_at_once()
    serve()
    return 0
