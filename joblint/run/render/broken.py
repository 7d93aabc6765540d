"""A chart that helm cannot render, as findings: from helm's message or from what joblint evaluates itself, at the line of the
template. Source: helm 3.22 pkg/engine (engine.go), pkg/action (install.go, package.go), Go 1.26 text/template (exec.go)."""

from __future__ import annotations

import os

from joblint.base.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding
    from joblint.source.helm.render import Fault

RULE = "chart-not-rendered"
SYNTAX, UNDEFINED, ASKED, NIL = "Syntax", "Undefined", "Asked", "Nil"
DEPENDENCIES, VALUES, VERSION, CHART, OTHER = "Dependencies", "Values", "Version", "Chart", "Other"
_NEVER = (SYNTAX, UNDEFINED, CHART)
"""What no values help against."""
_LONGEST = 90
_ABOVE, _BESIDE = 4, 300
"""Where charts are looked for that have a chart as a dependency: directories above it, and names in each of them."""
_OPEN, _CLOSE = "{{", "}}"


@record
class Broken:
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
    return reason.what in _NEVER and not any(word in reason.said for word in ("unclosed", "unterminated", "has no {{end}}"))


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


def findings(
    engine: Engine,
    chart: str,
    root: str,
    packed: tuple[tuple[str, str], ...],
    reasons: tuple[Broken, ...],
    given: bool = False,
) -> tuple[Finding, ...]:
    """Return the findings on a chart, as the user wrote its name, whose files are in `root`. `packed` are the directories in it
    that are really archives, each with its archive. Reasons that are known with a better place are left out. `given` says
    whether the user specified values: a chart may ask for some, and its dependencies are not in Git."""
    rule = engine.rule(RULE)
    if rule is None:
        return ()
    found: list[Finding] = []
    seen: set[tuple[str, int]] = set()
    for n, reason in enumerate(reasons):
        if any(_is_same(reason, other) for other in reasons[:n]):
            continue
        one = _finding(engine, chart, root, packed, reason, given)
        if (one.file, one.span.line) not in seen:
            seen.add((one.file, one.span.line))
            found.append(one)
    return tuple(found)


def _is_same(one: Broken, other: Broken) -> bool:
    if one.what != other.what:
        return False
    return one.said == other.said or one.what == DEPENDENCIES or one.what == SYNTAX and one.file == other.file


def _finding(engine: Engine, chart: str, root: str, packed: tuple[tuple[str, str], ...], reason: Broken, given: bool) -> Finding:
    from joblint.rules.finding import Hit, Origin, of_rule
    from joblint.run.render.given import shown_in
    from joblint.source.places.spans import Span

    rule = engine.rule(RULE)
    assert rule is not None
    texts = _lines(os.path.join(root, *reason.file.split("/")))
    file, line, column, end = reason.file, reason.line, 1, 1
    if not 0 < line <= len(texts):
        file, line = _in_chart(root, reason)
        texts = _lines(os.path.join(root, file))
    elif reason.what not in (VALUES, CHART):
        line, column, end = _action(texts, line, reason.column)
    row = texts[line - 1] if line <= len(texts) else ""
    if end <= column:
        column = len(row) - len(row.lstrip()) + 1
        end = len(row.rstrip()) + 1
    shown = shown_in(chart, file, packed) if os.path.isdir(chart) or packed or file != "Chart.yaml" else chart
    with_values = "" if reason.what in (*_NEVER, DEPENDENCIES, OTHER) else " with these values"
    said = reason.said if len(reason.said) <= _LONGEST else f"{reason.said[: _LONGEST - 2].rstrip()} …"
    said = said.strip().rstrip(". ") or "its template fails without a message"
    values = {"values": with_values, "problem": said, "advice": _advice(chart, reason, row[column - 1 : end - 1])}
    expected = reason.what == DEPENDENCIES or reason.what in (ASKED, VALUES) and not given
    expected = expected or reason.what in (UNDEFINED, NIL, ASKED) and _is_part(root)
    hit = Hit("", {}, severity="info" if expected else "error" if reason.what in _NEVER else "")
    return of_rule(
        rule,
        engine.severity(rule, hit),
        values,
        file=shown,
        document=0,
        span=Span(line, column, line, max(end, column)),
        excerpt=tuple([(n, texts[n - 1].rstrip("\r")) for n in (line - 1, line, line + 1) if 0 < n <= len(texts)]),
        source=Origin(shown, line, column, None),
    )


def _is_part(root: str) -> bool:
    """Whether another chart near by has this one as a dependency (`file://…`): its helpers and global values are that chart's."""
    import re

    wanted = os.path.realpath(root)
    folder = wanted
    for _ in range(_ABOVE):
        folder = os.path.dirname(folder)
        if not os.path.isdir(folder):
            return False
        near = [folder, *[os.path.join(folder, name) for name in sorted(os.listdir(folder))[:_BESIDE]]]
        for chart in near:
            for name in ("Chart.yaml", "requirements.yaml"):
                for found in re.findall(r"file://([^\s\"']+)", "\n".join(_lines(os.path.join(chart, name)))):
                    if os.path.realpath(os.path.join(chart, found)) == wanted:
                        return True
        if os.path.isdir(os.path.join(folder, ".git")):
            return False
    return False


def _inside(name: str) -> str:
    """A template's path in the chart, by its name in helm's messages: that begins with the chart's own name."""
    return name.partition("/")[2]


def _lines(path: str) -> list[str]:
    if not os.path.isfile(path) or os.path.getsize(path) > 1 << 20:
        return []
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        return file.read().split("\n")


def _in_chart(root: str, reason: Broken) -> tuple[str, int]:
    """The file and line of a chart that a reason without a place is about."""
    file = reason.file if os.path.isfile(os.path.join(root, *reason.file.split("/"))) else "Chart.yaml"
    word = {DEPENDENCIES: "name:", VERSION: "kubeVersion:"}.get(reason.what, "")
    if reason.what == DEPENDENCIES:
        file = next(
            (f for f in ("Chart.yaml", "requirements.yaml") if any("dependencies:" in r for r in _lines(_at(root, f)))), file
        )
    for n, row in enumerate(_lines(_at(root, file))):
        key, _, value = row.strip().removeprefix("- ").partition(":")
        if word and f"{key}:" == word and reason.expression in ("", value.strip().strip("\"'")):
            if reason.what != DEPENDENCIES or row[:1] in " -":
                return file, n + 1
    return file, 1


def _at(root: str, file: str) -> str:
    return os.path.join(root, *file.split("/"))


def _action(texts: list[str], line: int, column: int) -> tuple[int, int, int]:
    """The line, column and end there of the action that helm names by a position in it; of the first one in the line, if helm
    names only the line."""
    row = texts[line - 1]
    begin = row.rfind(_OPEN, 0, column + 1) if column else row.find(_OPEN)
    at = line
    while begin < 0 and column and at > 1 and _CLOSE not in texts[at - 1][: column if at == line else None]:
        at -= 1
        begin = texts[at - 1].rfind(_OPEN)
    if begin < 0:
        return line, 1, 1
    close = texts[at - 1].find(_CLOSE, begin)
    return at, begin + 1, (close + 3 if close >= 0 else len(texts[at - 1].rstrip()) + 1)


def _advice(chart: str, reason: Broken, action: str) -> str:
    """What to type."""
    import re

    if reason.what == DEPENDENCIES:
        return f"helm dependency build {chart}"
    if reason.what == VERSION:
        return f"joblint check {chart} --kubernetes-version …    with a version that kubeVersion in Chart.yaml allows"
    if reason.what == VALUES:
        return f"joblint check {chart} --values <file>    with values that match values.schema.json"
    if reason.what in (ASKED, NIL):
        named = re.findall(r"\.Values\.(\w+(?:\.\w+)*)", f"{reason.expression} {action} {reason.said}")
        if named:
            return f"joblint check {chart} --set {named[0]}=<value>    or --values <file>, as for helm install"
        return f"joblint check {chart} --values <file>    as for helm install"
    if reason.what == UNDEFINED:
        return 'Correct the name, or add {{ define "…" }} with this name to a file in templates/.'
    if reason.what in (CHART, OTHER):
        return f"helm template {chart}    shows the whole message"
    function = re.search(r'function "(\w+)" not defined', reason.said)
    if function is not None:
        from difflib import get_close_matches

        from joblint.source.helm.functions.names import NAMES

        near = get_close_matches(function[1], NAMES, 1, 0.7)
        return f"Use the function {near[0]}." if near else "Use a function of helm, or put the text in quotes."
    if "has no {{end}}" in reason.said or "EOF" in reason.said:
        return "Add {{- end }} where this block ends."
    return "Correct the action: helm lint shows the same error."
