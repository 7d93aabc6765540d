"""`joblint diff`: two sets of manifests in, what an apply does out."""

from __future__ import annotations

from joblint.base.content import manifests, standard_input
from joblint.base.wrong import WrongInput
from joblint.cli.console import BUG, complain, style, tell_crashes, usage
from joblint.cli.output import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_FAILS = ("refused", "conflict")


def diff(
    old: str | None,
    new: str,
    git: str | None,
    format: str,
    exit_zero: bool,
    kubernetes_version: str | None,
    namespace: str,
    at: str | None,
    server_side: bool,
    made: str | None,
    field_manager: str | None,
    force_conflicts: bool,
    config: str | None,
) -> int:
    """Run the command and return its exit code: 0 nothing is rejected, 1 something is, 2 something cannot be read, 3 a bug in
    joblint."""
    from joblint.configuration.settings import ConfigError
    from joblint.run.diff.changes import Options
    from joblint.run.diff.compare import diff as changes_of
    from joblint.run.projects import Asked, Projects

    for name, value in (("config", config), ("git", git), ("kubernetes-version", kubernetes_version)):
        if value == "":  # such as that of a variable that is not set
            return usage(f"--{name} is empty; specify a value, or remove the option")
    if (old is None) == (git is None):
        return usage("specify OLD and NEW, or NEW with --git REV")
    if old == "-" and new == "-":
        return usage("only one of OLD and NEW can be standard input")
    if not server_side and (force_conflicts or field_manager):
        return usage(f"{'--force-conflicts' if force_conflicts else '--field-manager'} requires --server-side")
    here = Projects(Asked(config=config or "", kubernetes_version=kubernetes_version or ""))
    try:
        moment = _moment(at)
        found = here.find((new,))
        versions = here.versions(here.settings(found.files[0] if found.files else new))
        previous = here.find((old,)) if old is not None else None
    except (ConfigError, WrongInput) as error:
        return usage(str(error))
    missing = list(found.missing)
    after = list(contents(found.files, missing))
    if git is not None:
        from joblint.cli.revision import RevisionError, contents_at

        try:
            before = list(contents_at(git, new))
        except RevisionError as error:
            return usage(str(error))
    else:
        assert previous is not None
        missing += previous.missing
        before = list(contents(previous.files, missing))
    if complain(tuple(missing)):
        return 2
    how = made or ("server-side" if server_side else "apply")
    options = Options(versions[-1], namespace, moment, server_side, how, field_manager or "kubectl", force_conflicts)
    result = changes_of(before, after, options, versions[:-1])
    if found.passed:
        from joblint.base.record import replace
        from joblint.rules.skips import NAMED, Skipped

        passed = tuple([Skipped(file, 0, NAMED, reason) for file, reason in found.passed])
        result = replace(result, skipped=result.skipped + passed)
    if format == "json":
        from joblint.report.diff.json import render_json

        write((render_json(result),), utf8=True)
    else:
        from joblint.report.diff.text import render_text

        write(render_text(result, style()))
    if tell_crashes(result.crashes):
        return BUG
    fails = any(change.outcome in _FAILS for change in result.changes)
    fails = fails or any(outcome in _FAILS for _, outcomes in result.others for outcome in outcomes)
    return int(fails and not exit_zero)


def _moment(text: str | None) -> float:
    """Seconds since the epoch of a time in ISO 8601; the current time if there is none. Raises WrongInput."""
    from datetime import UTC, datetime

    if text is None:
        from time import time

        return time()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise WrongInput(f"--at: invalid time {text!r}; use a time such as 2026-11-29T12:00:00Z") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def contents(files: tuple[str, ...], missing: list[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    """Return name and content of each file (`-` is standard input, `<stdin>`); unreadable files are added to `missing`."""
    for file in files:
        try:
            if file == "-":
                yield "<stdin>", standard_input()
            else:
                yield file, manifests(file)
        except OSError as error:
            missing.append((file, error.strerror or str(error)))
