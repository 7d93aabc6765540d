"""`joblint diff`: two sets of manifests in, what an apply does out."""

from __future__ import annotations

import sys

from joblint.cli.check import BUG, complain, style, tell_crashes, usage, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def diff(old: str | None, new: str, git: str | None, format: str, exit_zero: bool, kubernetes_version: str) -> int:
    """Runs the command and gives its exit status: 0 nothing is refused, 1 something is, 2 what cannot be read."""
    from joblint.api.version.versions import parse_range
    from joblint.base.files import find
    from joblint.run.diff import diff as changes_of

    try:
        version = parse_range(kubernetes_version)[-1]
    except ValueError as error:
        return usage(str(error))
    if (old is None) == (git is None):
        return usage("give OLD and NEW, or NEW with --git REV")
    if old == "-" and new == "-":
        return usage("only one of OLD and NEW can be standard input")
    found = find((new,))
    missing = list(found.missing)
    after = list(contents(found.files, missing))
    if git is not None:
        from joblint.cli.revision import RevisionError, contents_at

        try:
            before = list(contents_at(git, new))
        except RevisionError as error:
            return usage(str(error))
    else:
        previous = find((str(old),))
        missing += previous.missing
        before = list(contents(previous.files, missing))
    if complain(tuple(missing)):
        return 2
    result = changes_of(before, after, version)
    if format == "json":
        from joblint.report.diff.text import render_json

        write(iter((render_json(result),)))
    else:
        from joblint.report.diff.text import render_text

        write(render_text(result, style()))
    if tell_crashes(result.crashes):
        return BUG
    refused = any(c.outcome == "refused" for c in result.changes)
    return int(refused and not exit_zero)


def contents(files: tuple[str, ...], missing: list[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file (`-` is standard input, `<stdin>`); what cannot be read is added to `missing`."""
    for file in files:
        try:
            if file == "-":
                yield "<stdin>", sys.stdin.buffer.read()
            else:
                with open(file, "rb") as source:
                    yield file, source.read()
        except OSError as error:
            missing.append((file, error.strerror or str(error)))
