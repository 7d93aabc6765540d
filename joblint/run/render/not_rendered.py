"""A chart that helm does not render, as findings at the lines of its templates; knows the reasons, no program."""

from __future__ import annotations

import os

from joblint.run.render.broken import (
    ASKED,
    CHART,
    DEPENDENCIES,
    NEVER,
    NIL,
    OTHER,
    SYNTAX,
    UNDEFINED,
    VALUES,
    VERSION,
    Broken,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding

RULE = "chart-not-rendered"
_LONGEST = 90
_OPEN, _CLOSE = "{{", "}}"
_ABOVE, _BESIDE = 4, 300
"""Where charts are looked for that have a chart as a dependency: directories above it, and names in each of them."""


def findings(
    engine: Engine,
    chart: str,
    root: str,
    packed: tuple[tuple[str, str], ...],
    reasons: tuple[Broken, ...],
    given: bool = False,
    kustomization: str = "",
) -> tuple[Finding, ...]:
    """Return the findings on a chart, as the user wrote its name, whose files are in `root`. `packed` are the directories in it
    that are really archives, each with its archive. Reasons that are known with a better place are left out. `given` says
    whether the user specified values: a chart may ask for some, and its dependencies are not in Git. `kustomization` is the file
    that uses the chart, if one does."""
    rule = engine.rule(RULE)
    if rule is None:
        return ()
    found: list[Finding] = []
    seen: set[tuple[str, int]] = set()
    for n, reason in enumerate(reasons):
        if any(_is_same(reason, other) for other in reasons[:n]):
            continue
        one = _finding(engine, chart, root, packed, reason, given, kustomization)
        if (one.file, one.span.line) not in seen:
            seen.add((one.file, one.span.line))
            found.append(one)
    return tuple(found)


def _is_same(one: Broken, other: Broken) -> bool:
    if one.what != other.what:
        return False
    return one.said == other.said or one.what == DEPENDENCIES or one.what == SYNTAX and one.file == other.file


def _finding(
    engine: Engine, chart: str, root: str, packed: tuple[tuple[str, str], ...], reason: Broken, given: bool, kustomization: str
) -> Finding:
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
    with_values = "" if reason.what in (*NEVER, DEPENDENCIES, OTHER) else " with these values"
    said = reason.said if len(reason.said) <= _LONGEST else f"{reason.said[: _LONGEST - 2].rstrip()} …"
    said = said.strip().rstrip(". ") or "its template fails without a message"
    values = {"values": with_values, "problem": said, "advice": _advice(chart, reason, row[column - 1 : end - 1], kustomization)}
    expected = reason.what == DEPENDENCIES or reason.what in (ASKED, VALUES) and not given
    expected = expected or reason.what in (UNDEFINED, NIL, ASKED) and _is_part(root)
    hit = Hit("", {}, severity="info" if expected else "error" if reason.what in NEVER else "")
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
    """Whether another chart contains this one, or has it as a dependency near by (`file://…`): its helpers and global values are
    that chart's."""
    import re

    wanted = os.path.realpath(root)
    folder = os.path.dirname(wanted)
    if os.path.basename(folder) == "charts" and os.path.isfile(os.path.join(os.path.dirname(folder), "Chart.yaml")):
        return True
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


def _advice(chart: str, reason: Broken, action: str, kustomization: str) -> str:
    """What to type."""
    import re

    if reason.what == DEPENDENCIES:
        return f"helm dependency build {chart}"
    if reason.what == VERSION:
        return f"joblint check {chart} --kubernetes-version …    with a version that kubeVersion in Chart.yaml allows"
    if reason.what in (VALUES, ASKED, NIL) and kustomization:
        named = re.findall(r"\.Values\.(\w+(?:\.\w+)*)", f"{reason.expression} {action} {reason.said}")
        return f"Add {named[0] if named else 'the value'} to valuesInline in {kustomization}."
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
