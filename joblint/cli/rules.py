"""`joblint rules`: the rules as a list, or one in full."""

from __future__ import annotations

from joblint.cli.console import style, usage
from joblint.cli.output import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.report.style import Style
    from joblint.rules.catalogue.rule import Rule


def list_rules(format: str = "text") -> int:
    """Write one line for each rule, by family; or all of them in full as JSON or Markdown."""
    from joblint.rules.catalogue.rule import builtin

    if format == "text":
        write(_listed(style()))
    else:
        _in_full(list(builtin()), format)
    return 0


def _in_full(rules: list[Rule], format: str) -> None:
    from joblint.report.catalogue import as_json, page
    from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file

    files = {data["id"]: data for data in [read_rule_file(name, raw) for name, raw in builtin_rule_files()]}
    write(iter([as_json(rules, files)] if format == "json" else [page(files[r.id]) for r in rules]))


def show_rule(which: str, format: str = "text") -> int:
    """Write one rule in full: texts and examples; or all rules with an ID prefix as JSON or Markdown."""
    from joblint.rules.catalogue.rule import builtin
    from joblint.rules.catalogue.select import matches

    found = [r for r in builtin() if matches(r, which)]
    if not found:
        from joblint.api.version.versions import DEFAULT
        from joblint.rules.catalogue.select import Selection, UnknownRule, chosen

        try:
            chosen(builtin(), Selection(select=(which,)), DEFAULT)
        except UnknownRule as error:
            return usage(str(error))
    if format != "text" and found:
        _in_full(found, format)
        return 0
    if len(found) > 1:
        write(_lines(found, style()))
        return 0
    write(_full(found[0], style()))
    return 0


def _listed(style: Style) -> Iterator[str]:
    from joblint.rules.catalogue.rule import TITLES, builtin

    rules = builtin()
    for family, title in TITLES.items():
        members = [r for r in rules if r.family == family]
        if members:
            yield style.paint(title, "bold")
            yield from _lines(members, style)
            yield ""
    yield f"{len(rules)} rules. To show one in full: joblint rules ID"


def _lines(rules: list[Rule], style: Style) -> Iterator[str]:
    from joblint.report.style import SEVERITY

    width = max(len(r.name) for r in rules)
    for rule in rules:
        severity = style.paint(f"{rule.severity:<7}", SEVERITY[rule.severity])
        strict = " (strict)" if rule.profile == "strict" else ""
        yield f"  {rule.id}  {rule.name:<{width}}  {severity}  {rule.summary}{strict}"


def _full(rule: Rule, style: Style) -> Iterator[str]:
    from joblint.report.catalogue import finding_lines, levels
    from joblint.report.remedy import as_typed
    from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file
    from joblint.run.example import findings_of_example, texts_of_example

    data = next(d for n, raw in builtin_rule_files() if (d := read_rule_file(n, raw))["id"] == rule.id)
    why, fix = texts_of_example(data)
    severities, confidences = levels(data)
    kind = f"{severities}; {confidences}; profile {rule.profile}; since {rule.since}"
    yield f"{style.paint(rule.id, 'bold')}  {rule.name}  {kind}"
    yield rule.summary
    for title, text in (("why", why), ("fix", "\n".join(as_typed(fix)))):
        if text:
            yield ""
            yield style.paint(title, "cyan")
            yield from [f"  {line}".rstrip() for line in text.split("\n")]
    for title, key in (("reported", "bad"), ("not reported", "good")):
        for example in data["examples"][key]:
            version = f" with --kubernetes-version {example['kubernetes']}" if example.get("kubernetes") else ""
            yield ""
            yield style.paint(title + version, "cyan")
            findings = finding_lines(findings_of_example(data, example)) if key == "bad" else []
            yield from [f"  {line}" for line in findings]
            if findings:
                yield ""
            yield from [f"  {line}".rstrip() for line in str(example["manifest"]).rstrip("\n").split("\n")]
    yield ""
    yield from [f"see {url}" for url in rule.references]
