"""Why helm does not render a chart: read from what helm prints, or seen by joblint when it evaluates the templates itself.

Source: helm 3.22 pkg/engine (engine.go), pkg/action (install.go, package.go), Go 1.26 text/template (exec.go)."""

from __future__ import annotations

import os

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.source.helm.render import Fault

SYNTAX, UNDEFINED, ASKED, NIL = "Syntax", "Undefined", "Asked", "Nil"
DEPENDENCIES, VALUES, VERSION, CHART, OTHER = "Dependencies", "Values", "Version", "Chart", "Other"
NEVER = (SYNTAX, UNDEFINED, CHART)
"""What no values help against."""


class Broken(Record):
    """Why helm does not render a chart: the file in the chart, the line and column there from 1 (0: not known), what it is, the
    message, and the expression that helm names, if it does."""

    file: str
    line: int
    column: int
    what: str
    said: str
    expression: str = ""


def from_helm(said: str) -> Broken:
    """Return the reason in what helm prints."""
    import re

    text = said[said.rfind("Error: ") + 7 :] if "Error: " in said else said
    found = re.search(r"parse error at \(([^():]+):(\d+)\): (.*)", text)
    if found is not None:
        return Broken(_inside(found[1]), int(found[2]), 0, SYNTAX, found[3])
    found = re.search(r"execution error at \(([^():]+):(\d+):(\d+)\):\s*(.*)", text)
    if found is not None:
        return Broken(_inside(found[1]), int(found[2]), int(found[3]) + 1, ASKED, found[4])
    traced = list(re.finditer(r"(\S+?):(\d+):(\d+):?\s+executing \"[^\"]*\" at <(.*?)>:\s*", text))
    if traced:
        last = traced[-1]
        why = text[last.end() :].split("\n")[0]
        why = why.rpartition("template: ")[2] if "no template " in why else why
        why = why.removeprefix(f"error calling {last[4].split(' ')[0]}: ")
        what = UNDEFINED if "no template " in why or why.endswith(" not defined") else NIL
        return Broken(_inside(last[1]), int(last[2]), int(last[3]) + 1, what, why, last[4])
    if "missing in charts/ directory: " in text:
        names = text.partition("missing in charts/ directory: ")[2].split("\n")[0].split(", ")
        return missing(tuple(names))
    if "don't meet the specifications of the schema" in text:
        rows = [row.strip() for row in text.split("\n")[1:] if row.strip().startswith(("-", "at "))]
        return Broken("values.yaml", 0, 0, VALUES, "; ".join([row.removeprefix("- ") for row in rows]) or text.split("\n")[0])
    if "which is incompatible with Kubernetes" in text:
        return Broken("Chart.yaml", 0, 0, VERSION, text.split("\n")[0])
    found = re.search(r"(?:cannot load|failed to parse) (Chart|values)\.yaml: (.*)|(chart\.metadata\..*)", text)
    if found is not None:
        line = re.search(r"\bline (\d+)", found[2] or "")
        return Broken(f"{found[1] or 'Chart'}.yaml", int(line[1]) if line else 0, 0, CHART, found[2] or found[3])
    return Broken("Chart.yaml", 0, 0, OTHER, text.strip().split("\n")[0] or "it fails without a message")


def needs_values(reasons: tuple[Broken, ...]) -> bool:
    """Return whether other values help against one of the reasons."""
    return any(one.what in (ASKED, NIL, VALUES) for one in reasons)


def is_written(reason: Broken) -> bool:
    """Return whether a reason is an error of a template whose actions and blocks are complete."""
    return reason.what in NEVER and not any(word in reason.said for word in ("unclosed", "unterminated", "has no {{end}}"))


def missing(names: tuple[str, ...]) -> Broken:
    """Return that dependencies are not there."""
    shown = ", ".join(dict.fromkeys(names))
    return Broken("Chart.yaml", 0, 0, DEPENDENCIES, f"charts/ does not contain {shown}", names[0])


def missing_in(root: str) -> tuple[str, ...]:
    """Return the dependencies of the chart in a directory that its charts/ does not contain."""
    from joblint.source.helm.charts import ChartError, held_in

    under = os.path.join(root, "charts")
    there = sorted(os.listdir(under)) if os.path.isdir(under) else []
    try:
        declared = held_in(os.path.join(root, "Chart.yaml")).get("dependencies")
        if declared is None:
            declared = held_in(os.path.join(root, "requirements.yaml")).get("dependencies")
        names = {str(held_in(os.path.join(under, name, "Chart.yaml")).get("name")) for name in there}
    except ChartError:
        return ()
    found = (
        [str(d["name"]) for d in declared or () if isinstance(d, dict) and d.get("name")] if isinstance(declared, list) else []
    )
    return tuple([n for n in found if n not in names and not any(f"{name}-".startswith(f"{n}-") for name in there)])


def from_own(root: str, faults: tuple[Fault, ...]) -> tuple[Broken, ...]:
    """Return the reasons that joblint sees by itself in the chart in a directory."""
    absent = missing_in(root)
    under = os.path.join(root, "charts")
    followed = not os.path.isdir(under) or not any(os.path.islink(os.path.join(under, name)) for name in os.listdir(under))
    found = [missing(absent)] if absent else []
    for fault in faults:
        # What is not there may define, or set, what is missing.
        if fault.what == SYNTAX or not absent and (followed or fault.what == ASKED):
            try:
                with open(fault.file, encoding="utf-8", errors="surrogateescape", newline="") as file:
                    before = file.read()[: fault.position]
            except OSError:
                continue
            inside = os.path.relpath(fault.file, root).replace(os.sep, "/")
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            word = fault.said.removeprefix("unexpected EOF in ")
            said = fault.said if word == fault.said else f"{{{{{word}}}}} has no {{{{end}}}}"
            found.append(Broken(inside, line, column, fault.what, said.strip().split("\n")[0]))
    return tuple(found)


def _inside(name: str) -> str:
    """A template's path in the chart, by its name in helm's messages: that begins with the chart's own name."""
    return name.partition("/")[2]
