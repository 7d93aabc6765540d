"""The server: four tools that read only what they are given; knows the Python API and the JSON formats.

Source: Model Context Protocol, by the library mcp. No tool opens a file or a connection: manifests are passed as text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from joblint import __version__ as VERSION
from joblint.base.bugs import told
from joblint.base.wrong import WrongInput

_INSTRUCTIONS = (
    "Check a Kubernetes Job or CronJob manifest before you deliver it. After changing a manifest that is already applied, "
    "diff the old and the new text. The `fix` of a finding contains edits that can be applied as they are."
)


def serve() -> None:
    """Serve over standard input and output until it is closed."""
    server().run("stdio")


def server() -> MCPServer[Any]:
    """Return the server with its tools."""
    made = MCPServer("joblint", version=VERSION, instructions=_INSTRUCTIONS)
    read_only = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    for tool in (check, explain, diff, rule):
        made.add_tool(_told(tool), annotations=read_only)
    return made


def _told(tool: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Return the tool, with invalid arguments reported as tool errors."""

    @wraps(tool)
    def call(*values: Any, **named: Any) -> dict[str, Any]:
        try:
            return tool(*values, **named)
        except WrongInput as error:
            raise ToolError(str(error)) from None
        except Exception as error:
            raise ToolError(f"a bug in joblint: {told(error)}") from None

    return call


def check(manifest: str, kubernetes_version: str = "", profile: str = "default", severity: str = "info") -> dict[str, Any]:
    """Report what the API server rejects in Kubernetes Jobs and CronJobs, and mistakes that it accepts.

    manifest: YAML or JSON, one or several documents. kubernetes_version: such as 1.36. profile: default or strict.
    severity: the lowest severity to report: info, warning or error.
    """
    from joblint.report.check.json import data
    from joblint.rules.finding import SEVERITIES
    from joblint.run import api

    if severity not in SEVERITIES:
        raise WrongInput(f"severity must be one of {', '.join(SEVERITIES)}, not {severity!r}")
    return data(api.check(manifest, kubernetes_version=kubernetes_version, profile=profile), severity)


def explain(manifest: str, kubernetes_version: str = "", scenario: str = "", run_seconds: float | None = None) -> dict[str, Any]:
    """Explain what a Kubernetes Job or CronJob will do: Pods, retries, which limit applies and when, what is kept.

    scenario: succeed, fail, hang, evict, node or pending; run_seconds: run time of each attempt
    (default: what its commands show, or 1).
    """
    from joblint.controller.scenario.scenario import BUILT_IN
    from joblint.report.explain.json import data
    from joblint.run import api

    if scenario and scenario not in BUILT_IN:
        raise WrongInput(f"scenario must be one of {', '.join(BUILT_IN)}, not {scenario!r}")
    return data(api.explain(manifest, kubernetes_version=kubernetes_version, scenario=scenario or None, run=run_seconds))


def diff(old: str, new: str, kubernetes_version: str = "", namespace: str = "") -> dict[str, Any]:
    """Show what `kubectl apply` of the new manifest does to the objects created from the old one, or to live objects.

    old, new: YAML or JSON; old may be the output of kubectl get -o yaml.
    """
    from json import loads

    from joblint.report.diff.json import render_json
    from joblint.run import api

    found: dict[str, Any] = loads(render_json(api.diff(old, new, kubernetes_version=kubernetes_version, namespace=namespace)))
    return found


def rule(id: str) -> dict[str, Any]:
    """Show a joblint rule in full, by its ID (JL301) or name: why it matters, how to fix it, examples."""
    from json import loads

    from joblint.report.catalogue import as_json
    from joblint.rules.catalogue.rule import builtin
    from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file
    from joblint.rules.catalogue.select import RENAMED, unknown

    found = [r for r in builtin() if id.upper() == r.id or id == r.name or RENAMED.get(id) == r.id]
    if not found:
        raise WrongInput(unknown(id, builtin()))
    files = {data["id"]: data for data in [read_rule_file(name, raw) for name, raw in builtin_rule_files()]}
    one: dict[str, Any] = loads(as_json(found, files))["rules"][0]
    return one
