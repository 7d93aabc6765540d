"""`joblint check`: settings in, one call to the checker, a reporter, the exit status."""

from __future__ import annotations

import sys

from joblint.configuration.settings import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from joblint.report.style import Style
    from joblint.rules.finding import Finding, RuleCrash
    from joblint.run.check import Report, Stdin
    from joblint.run.projects import Project

USAGE = 2
BUG = 3


def check(
    paths: tuple[str, ...],
    format: str | None,
    severity: str | None,
    fail_on: str | None,
    exit_zero: bool,
    select: list[str],
    ignore: list[str],
    profile: str | None,
    kubernetes_version: str | None,
    pod_security: str | None,
    config: str | None,
    fix: bool,
    unsafe: bool,
    diff: bool,
    stdin_filename: str,
    jobs: int,
    statistics: bool,
    no_cache: bool,
    force_exclude: bool,
    output: list[str],
    no_ignores: bool,
    no_verdict: bool,
    add_ignores: bool,
    reason: str,
    until: str,
) -> int:
    """Runs the command and gives its exit status: 0 nothing at or above --fail-on, 1 something, 2 usage, configuration or
    a path that cannot be read, 3 a bug in joblint."""
    from joblint.cli.outputs import WrongOutput, outputs, write_outputs
    from joblint.rules.catalogue.select import UnknownRule
    from joblint.run.check import Stdin, read_file
    from joblint.run.projects import Asked, Projects, check_projects

    if unsafe and not (fix or diff):
        return usage("--unsafe goes with --fix or --diff")
    if add_ignores and (fix or diff or "-" in paths):
        return usage("--add-ignores writes into files: it goes with neither --fix, --diff nor standard input")
    if until:
        from joblint.configuration.checked import is_date

        if not is_date(until):
            return usage(f"--until takes a date such as 2027-03-01, not {until!r}")
    asked = Asked(
        config or "", _listed(select), _listed(ignore), profile or "", kubernetes_version or "", pod_security or "", no_ignores
    )
    try:
        wanted = outputs(format, output)
        here = Projects(asked)
        found = here.find(paths or (".",), force_exclude)
        projects = here.shared_out(found.files, stdin_filename)
        settings = projects[0].settings if len(projects) == 1 else here.settings()
    except (ConfigError, UnknownRule, ValueError, WrongOutput) as error:
        return usage(str(error))
    least = severity or settings.severity
    if fix or diff:
        from joblint.cli.fix import mend

        status = 0
        for project in projects:
            done = mend(project.engines[-1], project.files, stdin_filename, unsafe=unsafe, write=fix and not diff)
            status = max(status, done)
        if diff or "-" in found.files:  # what was standard input is on standard output now, mended
            status = max(status, USAGE) if complain(found.missing) else status
            return 0 if status == 1 and exit_zero else status
        written = status
    else:
        written = 0
    try:
        stdin = Stdin(stdin_filename or "<stdin>", read_file("-")) if "-" in found.files else None
    except OSError as error:
        return usage(f"standard input cannot be read: {error.strerror or error}")
    report = check_projects(projects, found.files, jobs, stdin)
    if no_verdict:
        from joblint.run.check import without_verdict

        report = without_verdict(report)
    if add_ignores:
        from joblint.cli.ignore import add_ignores as add
        from joblint.rules.finding import at_least

        return max(
            add([f for f in report.findings if at_least(f.severity, least)], reason, until), USAGE * complain(found.missing)
        )
    if found.missing or found.passed:
        from joblint.base.record import replace

        report = replace(report, missing=found.missing + report.missing, passed=found.passed)
    if not write_outputs(report, least, fail_on or settings.fail_on, wanted):
        written = max(written, USAGE)
    if statistics and (wanted[0].file, wanted[0].format) in (("-", "text"), ("-", "concise")):
        from joblint.report.check.statistics import lines

        write(lines(report))
    return max(written, status_of(report, _fails(projects, fail_on, stdin), exit_zero))


def _fails(projects: tuple[Project, ...], fail_on: str | None, stdin: Stdin | None) -> Callable[[Finding], bool]:
    """Whether a finding makes the exit status 1: by the option, or by the settings of its file."""
    from joblint.rules.finding import at_least

    if fail_on or len(projects) == 1:
        least = fail_on or projects[0].settings.fail_on
        return lambda finding: at_least(finding.severity, least)
    of_file = {
        stdin.name if file == "-" and stdin is not None else file: p.settings.fail_on for p in projects for file in p.files
    }
    return lambda finding: at_least(finding.severity, of_file.get(finding.file, "error"))


def usage(message: str) -> int:
    """Tells of a mistake in the call or the configuration; the exit status for it."""
    from joblint.report.safe import safe

    print("joblint: " + "\n".join([safe(line) for line in message.split("\n")]), file=sys.stderr)
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


def _listed(values: list[str]) -> tuple[str, ...]:
    return tuple([part.strip() for value in values for part in value.split(",") if part.strip()])


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


def status_of(report: Report, fails: Callable[[Finding], bool], exit_zero: bool) -> int:
    """The exit status of a report; crashes of rules and unreadable paths are told on standard error."""
    unreadable = complain(report.missing)
    if tell_crashes(report.crashes):
        return BUG
    if unreadable:
        return USAGE
    if exit_zero:
        return 0
    return int(any(fails(f) for f in report.findings))
