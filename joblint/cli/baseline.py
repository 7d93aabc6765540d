"""Baselines on the command line: `check --baseline`, `joblint baseline write` and `show`; reads and writes the file."""

from __future__ import annotations

import os

from joblint.base.content import manifests
from joblint.cli.output import say, write_bytes
from joblint.run.baseline import Baseline, BaselineError, Compared, compare, of_report, read, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.run.projects import Project
    from joblint.run.result import Report


def load(file: str, setting: str = "") -> Baseline:
    """Return the baseline of a file, which the configuration `setting` names ("": the command line does). Raises BaselineError if
    there is none."""
    try:
        return read(manifests(file), file)
    except FileNotFoundError:
        create = f"joblint baseline write --baseline {file}"
        named = f" (baseline in {_place(setting)})" if setting else ""
        raise BaselineError(f"{file}{named}: No such file or directory; to create it: {create}") from None
    except OSError as error:
        raise BaselineError(f"{file}: {error.strerror or error}") from None


def _place(file: str) -> str:
    """Where a configuration file sets the baseline, as `file:line:column`; the file alone if it extends one that does."""
    from joblint.configuration.written import read as settings

    written = settings(file)
    return written.at("baseline") if isinstance(written.data, dict) and "baseline" in written.data else file


def held_against(
    report: Report, baseline: Baseline, file: str, projects: tuple[Project, ...], paths: tuple[str, ...], update: bool
) -> Report:
    """Return the report without known findings; `update` removes fixed ones from the file. Raises OSError."""
    rules = {r.id for p in projects for e in p.engines for r in e.rules}
    compared = compare(report, baseline, rules, _covers(paths, file) and not report.unchanged)
    if update and compared.fixed:
        _write(file, compared.left)
        from joblint.base.record import replace

        say(f"joblint: {_findings(compared.fixed)} removed from {file}, {compared.left.total} left")
        return replace(compared.report, fixed=0)
    return compared.report


def write_baseline(report: Report, file: str) -> int:
    """Write the baseline of everything in a report, to standard output if the file is `-`; return 0, or 2 if it cannot be
    written."""
    from joblint.report.safe import safe

    baseline = of_report(report)
    if file == "-":
        write_bytes(written(baseline))
        return 0
    try:
        _write(file, baseline)
    except OSError as error:
        say(f"joblint: {safe(file)}: {error.strerror or error}")
        return 2
    say(f"joblint: {_findings(baseline.total)} written to {safe(file)}")
    say(f"To report only new findings: joblint check --baseline {safe(file)}")
    say(f"To do this in every run, add this line to .joblint.yaml: baseline: {safe(file)}")
    return 0


def shown(baseline: Baseline) -> Iterator[str]:
    """Return the lines that show a baseline: objects with their rules and fields."""
    from joblint.report.safe import safe

    owners: dict[str, list[tuple[str, str, int]]] = {}
    for key, n in baseline.counts.items():
        rule, _, rest = key.partition(" ")
        owner, _, field = rest.partition(" ")
        owners.setdefault(owner.replace("%20", " ").replace("//", "/"), []).append((rule, field, n))
    for owner, members in sorted(owners.items()):
        yield safe(owner)
        for rule, field, n in sorted(members):
            times = f"  ×{n}" if n > 1 else ""
            yield f"  {safe(rule)}  {safe(field)}{times}".rstrip()
    yield f"{_findings(baseline.total)} of {len(owners)} object{'' if len(owners) == 1 else 's'}."


def _write(file: str, baseline: Baseline) -> None:
    from joblint.base.whole import write_whole

    write_whole(file, written(baseline))


def _covers(paths: tuple[str, ...], file: str) -> bool:
    """Whether everything in a baseline's directory and below was checked."""
    folder = os.path.dirname(os.path.abspath(file))
    return any(os.path.isdir(p) and (folder + os.sep).startswith(os.path.abspath(p).rstrip(os.sep) + os.sep) for p in paths)


def _findings(n: int) -> str:
    return f"{n} finding{'' if n == 1 else 's'}"


__all__ = ["BaselineError", "Compared", "held_against", "load", "shown", "write_baseline"]
