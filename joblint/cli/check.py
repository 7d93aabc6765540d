"""`joblint check`: settings in, one call to the checker, a reporter, the exit status."""

from __future__ import annotations

import os
import sys

from joblint.configuration.settings import Config, ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from joblint.report.style import Style
    from joblint.rules.engine import Engine
    from joblint.rules.finding import RuleCrash
    from joblint.run.check import Report

    Renderer = Callable[[Report, str, Style], Iterator[str]]

USAGE = 2
BUG = 3


def check(
    paths: tuple[str, ...],
    format: str,
    severity: str | None,
    fail_on: str | None,
    exit_zero: bool,
    select: list[str],
    ignore: list[str],
    profile: str | None,
    kubernetes_version: str | None,
    config: str | None,
    fix: bool,
    unsafe: bool,
    diff: bool,
    stdin_filename: str,
    jobs: int,
    statistics: bool,
    no_cache: bool,
) -> int:
    """Runs the command and gives its exit status: 0 nothing at or above --fail-on, 1 something, 2 usage, configuration or
    a path that cannot be read, 3 a bug in joblint."""
    from joblint.api.version.versions import DEFAULT, parse_range
    from joblint.base.files import find
    from joblint.rules.catalogue.select import UnknownRule
    from joblint.run.check import Stdin, check_files, read_file

    if unsafe and not (fix or diff):
        return usage("--unsafe goes with --fix or --diff")
    try:
        settings = settings_for(config)
        versions = parse_range(kubernetes_version or settings.kubernetes_version or DEFAULT)
        engines = tuple([engine_for(settings, select, ignore, profile, v) for v in versions])
    except (ConfigError, UnknownRule, ValueError) as error:
        return usage(str(error))
    least = severity or settings.severity
    found = find(paths or (".",))
    if fix or diff:
        from joblint.cli.fix import mend

        status = mend(engines[-1], found.files, stdin_filename, unsafe=unsafe, write=fix and not diff)
        if diff or "-" in found.files:  # what was standard input is on standard output now, mended
            status = max(status, USAGE) if complain(found.missing) else status
            return 0 if status == 1 and exit_zero else status
        written = status
    else:
        written = 0
    stdin = Stdin(stdin_filename or "<stdin>", read_file("-")) if "-" in found.files else None
    if len(engines) == 1:
        report = check_files(engines[0], found.files, jobs, stdin)
    else:
        from joblint.run.across import across

        report = across(engines, found.files, jobs, stdin)
    if found.missing or found.passed:
        from joblint.base.record import replace

        report = replace(report, missing=found.missing + report.missing, passed=found.passed)
    write(renderer(format)(report, least, style()))
    if statistics and format != "json":
        from joblint.report.check.statistics import lines

        write(lines(report))
    return max(written, status_of(report, fail_on or settings.fail_on, exit_zero))


def usage(message: str) -> int:
    """Tells of a mistake in the call or the configuration; the exit status for it."""
    print(f"joblint: {message}", file=sys.stderr)
    return USAGE


def complain(missing: tuple[tuple[str, str], ...]) -> bool:
    """Tells of paths that cannot be read; whether there are any."""
    from joblint.report.safe import safe

    for path, reason in missing:
        print(f"joblint: {safe(path)}: {reason}", file=sys.stderr)
    return bool(missing)


def tell_crashes(crashes: tuple[RuleCrash, ...]) -> bool:
    """Tells what joblint itself failed on; whether there is any."""
    from joblint.report.safe import safe

    for crash in crashes:
        what = f"rule {crash.rule} {crash.name}" if crash.rule else "joblint"
        place = f"{safe(crash.file)}, document {crash.document}" if crash.file else "all files together"
        error = "\n".join([safe(line) for line in crash.error.split("\n")])
        print(f"joblint: a bug in {what} at {place}: {error}", file=sys.stderr)
    if crashes:
        print("Please report it with the manifest; JOBLINT_TRACEBACK=1 shows where it happened.", file=sys.stderr)
    return bool(crashes)


def settings_for(path: str | None) -> Config:
    """The configuration named, or the nearest one, or the defaults. Raises ConfigError."""
    from joblint.configuration.settings import load, nearest

    file = path or nearest(os.getcwd())
    return load(file) if file else Config()


def engine_for(settings: Config, select: list[str], ignore: list[str], profile: str | None, version: str) -> Engine:
    """The engine with the rules that settings and options choose. Raises UnknownRule, ConfigError."""
    from joblint.rules.catalogue.rule import builtin
    from joblint.rules.catalogue.select import Selection, chosen
    from joblint.rules.engine import Engine

    rules = builtin()
    if settings.rules:
        from joblint.rules.catalogue.own import load_own

        rules += load_own(settings.rules)
    selection = Selection(_listed(select) or settings.select, settings.ignore + _listed(ignore), profile or settings.profile)
    return Engine(chosen(rules, selection, version), version)


def _listed(values: list[str]) -> tuple[str, ...]:
    return tuple([part.strip() for value in values for part in value.split(",") if part.strip()])


def renderer(format: str) -> Renderer:
    """The reporter of a format."""
    if format == "json":
        from joblint.report.check.json import render
    elif format == "concise":
        from joblint.report.check.concise import render
    else:
        from joblint.report.check.text import render
    return render


def style() -> Style:
    """How to draw on standard output."""
    from joblint.report.style import style_for

    return style_for(sys.stdout)


def write(lines: Iterator[str]) -> None:
    """Writes lines to standard output; what its encoding lacks is written as an escape."""
    text = "".join([line + "\n" for line in lines])
    try:
        sys.stdout.write(text)
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


def status_of(report: Report, fail_on: str, exit_zero: bool) -> int:
    """The exit status of a report; crashes of rules and unreadable paths are told on standard error."""
    from joblint.rules.finding import at_least

    unreadable = complain(report.missing)
    if tell_crashes(report.crashes):
        return BUG
    if unreadable:
        return USAGE
    if exit_zero:
        return 0
    return int(any(at_least(f.severity, fail_on) for f in report.findings))
