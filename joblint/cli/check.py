"""`joblint check`: settings in, one call to the checker, a reporter, the exit code."""

from __future__ import annotations

import os
import sys

from joblint.base.record import Record
from joblint.base.wrong import WrongInput
from joblint.cli.console import BUG, USAGE, complain, tell_crashes, usage
from joblint.cli.output import OutputError, say, write
from joblint.configuration.settings import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from joblint.base.files import Found
    from joblint.cli.outputs import Output
    from joblint.cli.progress import Progress
    from joblint.cli.streamed import Streamed
    from joblint.configuration.settings import Config
    from joblint.rules.finding import Finding
    from joblint.run.cache import Cache
    from joblint.run.contents import Stdin
    from joblint.run.elsewhere import Elsewhere
    from joblint.run.projects import Project, Projects
    from joblint.run.result import Report
    from joblint.run.shard import Merged

MANY = 200
"""With this many files, a run may take longer than a second."""

_FILES, _BYTES = 16, 1 << 16
"""With this many files, or bytes in them, the cache saves time."""


class Call(Record):
    """The options of `joblint check`, by the names of joblint.cli.options.CHECK, and the paths."""

    paths: tuple[str, ...]
    format: str | None
    output: list[str]
    severity: str | None
    fail_on: str | None
    fail_on_nothing: bool
    exit_zero: bool
    select: list[str]
    ignore: list[str]
    profile: str | None
    kubernetes_version: str | None
    pod_security: str | None
    env_file: str | None
    values: list[str]
    set: list[str]
    release: str
    each_values: bool
    no_render: bool
    config: str | None
    fix: bool
    unsafe: bool
    diff: bool
    stdin_filename: str
    jobs: int
    shard: str | None
    shard_file: str | None
    dask: str | None
    statistics: bool
    quiet: bool
    color: str
    no_cache: bool
    verbose: bool
    force_exclude: bool
    no_ignores: bool
    no_verdict: bool
    add_ignores: bool
    reason: str
    until: str
    baseline: str | None
    update_baseline: bool
    since: str | None
    write_baseline: bool = False


def check(call: Call, merged: Merged | None = None) -> int:
    """Run the command and return its exit code: 0 nothing at or above --fail-on, 1 findings, 2 usage, configuration or a path
    that cannot be read, 3 a bug in joblint. `merged` are the files of shards instead of the call's paths."""
    status = _check(call, merged)
    if call.verbose:
        from joblint.base.bundle import trouble
        from joblint.base.compiled import damaged

        file, reason = trouble()
        if reason:
            say(f"joblint: the compiled modules in {file} are not used: {reason}")
        for file in damaged():
            say(f"joblint: {file} is damaged; joblint reads the source files instead")
    return status


def _check(call: Call, merged: Merged | None) -> int:
    from joblint.cli.outputs import WrongOutput, outputs
    from joblint.rules.catalogue.select import UnknownRule
    from joblint.run.projects import Asked, Projects

    wrong = _wrong(call)
    if wrong:
        return usage(wrong)
    variables: tuple[tuple[str, str], ...] = ()
    if call.env_file is not None:
        from joblint.cli.variables import variables_of

        try:
            variables = variables_of(call.env_file)
        except WrongInput as error:
            return usage(str(error))
    asked = Asked(
        call.config or "",
        _listed(call.select),
        _listed(call.ignore),
        call.profile or "",
        call.kubernetes_version or "",
        call.pod_security or "",
        call.no_ignores,
        variables,
    )
    try:
        wanted = outputs(call.format, call.output)
        here = Projects(asked)
        found = _found(call, here, merged)
        rendered: tuple[Report, ...] = ()
        if call.shard or call.shard_file or call.dask or merged is not None:
            from joblint.cli.apart import apart

            return apart(call, here, found, wanted, merged, _report)
        if not (call.fix or call.diff or call.add_ignores):
            found, rendered = _rendered(call, here, found)
        projects = here.shared_out(found.files, call.stdin_filename)
        settings = projects[0].settings if len(projects) == 1 else here.settings()
    except (ConfigError, UnknownRule, WrongInput, WrongOutput) as error:
        return usage(str(error))
    written = 0
    if call.fix or call.diff:
        written = _fix(call, projects)
        if call.diff or "-" in found.files:  # what was standard input is on standard output now, fixed
            written = max(written, USAGE) if complain(found.missing) else written
            return 0 if written == 1 and call.exit_zero else written
    if not call.no_cache and not rendered and _is_much(found.files) and not _may_be_look(call, found.files):
        from joblint.cli.memo import remembered

        return max(written, remembered(call, found, projects, settings, wanted, _report))
    return max(written, _report(call, found, projects, settings, wanted, rendered=rendered))


def _is_much(files: tuple[str, ...]) -> bool:
    """Whether checking the files takes longer than opening the cache."""
    if os.environ.get("JOBLINT_TRACEBACK"):
        return False
    return len(files) >= _FILES or sum([_size(file) for file in files]) >= _BYTES


def _size(file: str) -> int:
    try:
        return os.stat(file).st_size if file != "-" else 0
    except OSError:
        return 0


def _rendered(call: Call, here: Projects, found: Found) -> tuple[Found, tuple[Report, ...]]:
    """The charts among the files, rendered and checked, and what is left to read as it is. Raises what `Projects` does."""
    from joblint.cli.rendering import asks_for_rendering, rendered

    return rendered(call, here, found) if asks_for_rendering(found.files) else (found, ())


def _found(call: Call, here: Projects, merged: Merged | None) -> Found:
    """The files of a call, or of all shards."""
    if merged is not None:
        from joblint.base.files import Found

        return Found(merged.files, merged.missing, merged.passed)
    paths = call.paths or (".",)
    if call.dask:
        from joblint.cli.apart import find_anywhere

        found = find_anywhere(here, paths, call.force_exclude)
    else:
        found = here.find(paths, call.force_exclude)
    return found


_NEVER_EMPTY = (
    *("shard", "shard_file", "dask", "since", "baseline", "config", "env_file", "pod_security", "kubernetes_version"),
)
"""Options whose empty value, such as that of a variable that is not set, would silently check something else."""


def _wrong(call: Call) -> str:
    """The problem with options that are empty or cannot be combined, "" if there is none."""
    empty = next((name for name in _NEVER_EMPTY if getattr(call, name) == ""), None)
    if empty is not None:
        return f"--{empty.replace('_', '-')} is empty; specify a value, or remove the option"
    if call.baseline == "-" and not call.write_baseline:
        return "--baseline requires a file; a baseline cannot be read from standard input"
    if call.unsafe and not (call.fix or call.diff):
        return "--unsafe requires --fix or --diff"
    if (call.reason or call.until) and not call.add_ignores:
        return f"--{'reason' if call.reason else 'until'} requires --add-ignores"
    if call.add_ignores and (call.fix or call.diff or "-" in call.paths):
        return "--add-ignores cannot be used with --fix, --diff or standard input"
    if call.shard or call.shard_file or call.dask:
        name = "--shard" if call.shard or call.shard_file else "--dask"
        if call.fix or call.diff or call.add_ignores or call.update_baseline or call.write_baseline:
            return f"{name} cannot be used with options that write files"
        if "-" in call.paths:
            return f"{name} cannot be used with standard input"
        if call.dask and name == "--shard":
            return "--dask cannot be used with --shard"
    if call.until:
        from joblint.configuration.checked import is_date

        if not is_date(call.until):
            return f"--until: invalid date {call.until!r}; use a date such as 2027-03-01"
    if call.values or call.set or call.release != "release-name":
        from joblint.cli.rendering import wrong_options

        return wrong_options(() if call.dask else tuple(call.values), tuple(call.set), call.release)
    return ""


def _fix(call: Call, projects: tuple[Project, ...]) -> int:
    from joblint.cli.fix import fix_files

    write = call.fix and not call.diff
    return max([fix_files(p.engines[-1], p.files, call.stdin_filename, unsafe=call.unsafe, write=write) for p in projects])


def _report(
    call: Call,
    found: Found,
    projects: tuple[Project, ...],
    settings: Config,
    wanted: tuple[Output, ...],
    cache: Cache | None = None,
    rendered: tuple[Report, ...] = (),
    elsewhere: Elsewhere | None = None,
) -> int:
    """Check, remove what was not requested, write; return the exit code."""
    try:
        look, stdin = _input(call, found.files, projects, settings, elsewhere is None and not rendered)
    except OSError as error:
        return usage(f"-: {error.strerror or error}")
    least = call.severity or settings.severity
    baseline = call.baseline or settings.baseline
    if call.update_baseline and not baseline:
        return usage("--update-baseline requires a baseline: --baseline FILE, or baseline in the configuration")
    narrow = bool(call.no_verdict or call.since or baseline or call.add_ignores or call.write_baseline)
    streamed = None
    if look is not None:
        report = look
    else:
        made = "info" if narrow or (elsewhere is not None and elsewhere.complete) else _least_asked(projects, least, call.fail_on)
        stream = not narrow and not rendered and elsewhere is None
        report, streamed = _checked(call, found, projects, wanted if stream else (), least, made, stdin, cache, elsewhere)
    if rendered:
        from joblint.run.together import together

        report = together([report, *rendered], (*found.files, *[f.file for r in rendered for f in r.documents]), stdin)
    nothing = not report.documents
    if narrow:
        from joblint.cli.narrow import Wrong, narrowed

        unreadable = USAGE * complain(found.missing + report.missing) if call.add_ignores or call.write_baseline else 0
        try:
            done = narrowed(call, report, found, projects, least, baseline)
        except Wrong as error:
            return usage(str(error))
        if isinstance(done, int):
            done = max(done, BUG * tell_crashes(report.crashes))
            return max(done, unreadable)
        report = done
    if found.missing or found.passed:
        from joblint.base.record import replace

        report = replace(report, missing=found.missing + report.missing, passed=found.passed)
    written = _written(call, report, least, call.fail_on or settings.fail_on, wanted, streamed)
    if nothing and (call.fail_on_nothing or settings.fail_on_nothing) and not call.exit_zero:
        say("joblint: nothing was checked (--fail-on-nothing)")
        written = max(written, 1)
    return max(written, status_of(report, _fails(projects, call.fail_on, stdin), call.exit_zero))


def _input(
    call: Call, files: tuple[str, ...], projects: tuple[Project, ...], settings: Config, may_be_look: bool
) -> tuple[Report | None, Stdin | None]:
    """The report, if the input is kubectl's output for a cluster, and standard input, if it is to be checked. Raises OSError."""
    from joblint.run.contents import Stdin, read_file

    looked = _look(call, files[0], projects, settings) if may_be_look and _may_be_look(call, files) else None
    if looked is not None:
        return (None, looked) if isinstance(looked, Stdin) else (looked, None)
    return None, Stdin(call.stdin_filename or "<stdin>", read_file("-")) if "-" in files else None


def _checked(
    call: Call,
    found: Found,
    projects: tuple[Project, ...],
    wanted: tuple[Output, ...],
    least: str,
    made: str,
    stdin: Stdin | None,
    cache: Cache | None,
    elsewhere: Elsewhere | None,
) -> tuple[Report, Streamed | None]:
    """The report on the files with findings from the severity `made` on, and what has already been written to the outputs
    `wanted`: the findings of many files are written while the others are checked."""
    from joblint.run.projects import check_projects

    if len(found.files) < MANY:
        return check_projects(projects, found.files, call.jobs, stdin, made, cache, elsewhere=elsewhere), None
    from joblint.cli.progress import Progress

    with Progress(len(found.files), call.quiet) as progress:
        streamed = _streamed(call, wanted, least, progress) if wanted else None
        watch = streamed.watch if streamed is not None else None
        return check_projects(projects, found.files, call.jobs, stdin, made, cache, watch, elsewhere), streamed


def _written(call: Call, report: Report, least: str, fail_on: str, wanted: tuple[Output, ...], streamed: Streamed | None) -> int:
    """Write the outputs and statistics; 0, or the exit code for an output that cannot be written."""
    from joblint.cli.outputs import write_outputs

    done = write_outputs(report, least, fail_on, wanted, call.quiet, call.color, call.statistics, streamed)
    if call.statistics and (wanted[0].file, wanted[0].format) in (("-", "text"), ("-", "concise")):
        from joblint.report.check.statistics import lines

        try:
            write(lines(report))
        except OutputError:
            return USAGE  # reported before, when the findings were written
    return 0 if done else USAGE


def _may_be_look(call: Call, files: tuple[str, ...]) -> bool:
    """Whether a call names one file alone that may be what kubectl says of a cluster, or standard input."""
    return len(files) == 1 and files[0] in call.paths and (files[0] == "-" or files[0].endswith((".json", ".yaml", ".yml")))


def _look(call: Call, file: str, projects: tuple[Project, ...], settings: Config) -> Report | Stdin | None:
    """The report on kubectl's output for a cluster; None if it is something else, and nothing of standard input is consumed.
    Raises OSError."""
    try:
        if file == "-":
            peek = getattr(getattr(sys.stdin, "buffer", None), "peek", None)
            begin = peek(1) if peek is not None else b""
        else:
            with open(file, "rb") as opened:
                begin = opened.read(64)
    except (OSError, ValueError):
        return None  # it is reported when the file is read
    is_json = begin[:64].lstrip()[:1] == b"{" and b'"items"' in begin[:256]
    if not is_json and b"apiVersion: v1\nitems:\n- " not in begin[:64]:
        return None
    from joblint.cli.look import looked_at

    least = call.severity or settings.severity
    return looked_at(file, projects[0], _least_asked(projects, least, call.fail_on), call.stdin_filename)


def _streamed(call: Call, wanted: tuple[Output, ...], least: str, progress: Progress) -> Streamed | None:
    """The writer of findings to standard output as they come; None if none go there, or all of them at the end."""
    from joblint.cli.console import style
    from joblint.cli.streamed import Streamed, lines_of

    for output in wanted:
        if output.file == "-":
            lines = lines_of(output.format, least, style(call.color))
            return Streamed(lines, output.format, call.quiet, progress.clear) if lines is not None else None
    return None


def _least_asked(projects: tuple[Project, ...], least: str, fail_on: str | None) -> str:
    """The lowest severity that is shown or gives exit code 1: findings below it are only counted."""
    from joblint.rules.finding import SEVERITIES

    asked = [least, *([fail_on] if fail_on else [p.settings.fail_on for p in projects])]
    return min(asked, key=SEVERITIES.index)


def _fails(projects: tuple[Project, ...], fail_on: str | None, stdin: Stdin | None) -> Callable[[Finding], bool]:
    """Whether a finding gives exit code 1: by the option, or by the settings of its file."""
    from joblint.rules.finding import at_least

    if fail_on or len(projects) == 1:
        least = fail_on or projects[0].settings.fail_on
        return lambda finding: at_least(finding.severity, least)
    of_file = {
        stdin.name if file == "-" and stdin is not None else file: p.settings.fail_on for p in projects for file in p.files
    }
    return lambda finding: at_least(finding.severity, of_file.get(finding.file, "error"))


def _listed(values: list[str]) -> tuple[str, ...]:
    return tuple([part.strip() for value in values for part in value.split(",") if part.strip()])


def status_of(report: Report, fails: Callable[[Finding], bool], exit_zero: bool) -> int:
    """Return the exit code of a report; crashes of rules and unreadable paths are reported on standard error."""
    unreadable = complain(report.missing)
    if tell_crashes(report.crashes):
        return BUG
    if unreadable:
        return USAGE
    if exit_zero:
        return 0
    return int(any(fails(f) for f in report.findings))
