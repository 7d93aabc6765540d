"""`joblint lsp`: starts the language server, or reports the missing extra."""

from __future__ import annotations

from importlib.util import find_spec

from joblint.cli.console import usage


def lsp() -> int:
    """Serve until the editor closes standard input; return 2 if the extra is not installed."""
    if find_spec("pygls") is None:
        return usage("the language server requires the extra lsp: pip install 'joblint[lsp]'")
    from joblint.cli.signals import stop_at_once
    from joblint.lsp.server import serve

    stop_at_once()
    serve()
    return 0
