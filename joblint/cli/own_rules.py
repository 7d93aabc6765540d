"""`joblint rules test` and `joblint rules export`: tests and exports a team's own rule files."""

from __future__ import annotations

from joblint.cli.console import usage
from joblint.cli.output import write
from joblint.configuration.settings import ConfigError


def test_rules(paths: tuple[str, ...]) -> int:
    """Run the examples of rule files, one line per rule. Returns 0, 1 if one fails, 2 for files that are not rules."""
    from joblint.report.safe import safe
    from joblint.rules.catalogue.own import read_own
    from joblint.run.examples import try_examples

    try:
        rules = read_own(paths)
    except ConfigError as error:
        return usage(str(error))
    failed = 0
    lines = []
    for own in rules:
        failures = try_examples(own)
        failed += bool(failures)
        counts = ", ".join([f"{len(own.data['examples'][k])} {k}" for k in ("bad", "good")])
        lines.append(f"{'FAIL' if failures else 'pass'}  {own.rule.id}  {own.rule.name}  ({counts})")
        for failure in failures:
            lines.append(f"      {safe(failure.file)}:{failure.line}:{failure.column}: {safe(failure.message)}")
    lines.append(f"{len(rules)} rule{'' if len(rules) == 1 else 's'}, {failed} failed.")
    write(lines)
    return int(failed > 0)


def export_rule(which: str, paths: tuple[str, ...], config: str | None) -> int:
    """Write a rule as a ValidatingAdmissionPolicy. `paths` are rule files in addition to those of the configuration.

    Returns 2, with the reason on standard error, if there is no such rule or it cannot be expressed as a policy.
    """
    from joblint.api.version.versions import DEFAULT
    from joblint.report.admission_policy import NoPolicy, policy
    from joblint.rules.catalogue.cel import MissingExtra, WrongExpression
    from joblint.rules.catalogue.own import load_own
    from joblint.rules.catalogue.rule import builtin
    from joblint.rules.catalogue.select import Selection, UnknownRule, chosen, matches
    from joblint.run.projects import Asked, Projects

    try:
        own = paths + Projects(Asked(config or "")).settings().rules
        rules = builtin() + (load_own(own) if own else ())
        chosen(rules, Selection(select=(which,)), DEFAULT)
        found = [r for r in rules if matches(r, which)]
        if len(found) > 1:
            return usage(f"{which} matches {len(found)} rules; specify one")
        text = policy(found[0])
    except (ConfigError, UnknownRule, NoPolicy, MissingExtra, WrongExpression) as error:
        return usage(str(error))
    write((text.rstrip("\n"),), utf8=True)
    return 0
