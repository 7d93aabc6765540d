"""Finding the function behind a rule; knows rules and check modules, no manifests."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from joblint.rules.catalogue.rule import Rule

# The families that have a folder of their own keep their checks, or the gates to them, in its `general`.
MODULES = {family: family + ".general" for family in ("refused", "cronjob", "deploy", "containers")}


def function_of(rule: Rule) -> Callable[..., Any] | None:
    """The check of a rule, None where there is none (rules that only explain the server's errors).

    Imports the rule's family on first use.
    """
    if rule.check.startswith("cel:"):
        from joblint.rules.catalogue.cel import check_of

        return check_of(rule)
    if not rule.family:
        return None
    name = "joblint.rules.checks." + MODULES.get(rule.family, rule.family)
    module = __import__(name, fromlist=["_"])
    found = getattr(module, rule.function, None)
    return found if found is not None and getattr(found, "is_check", False) else None
