"""`joblint ignore add` and `check --add-ignores`: adds comments for current findings to the files."""

from __future__ import annotations

from joblint.cli.output import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.finding import Finding


def add_ignores(findings: list[Finding], reason: str, until: str) -> int:
    """Write an ignore for each finding to its file and report on standard error; return 0, 2 if a file cannot be read or
    written, or 3 for an error in joblint itself."""
    from joblint.cli.console import BUG, USAGE, tell_crashes
    from joblint.cli.fix import replace_file
    from joblint.report.safe import safe
    from joblint.rules.finding import failed
    from joblint.rules.ignores.add import add
    from joblint.run.contents import read_file

    files: dict[str, list[Finding]] = {}
    for finding in findings:
        files.setdefault(finding.file, []).append(finding)
    status = count = changed = 0
    for file, members in files.items():
        try:
            data = read_file(file)
            added = add(data, file, members, reason, until)
            if added.data != data:
                replace_file(file, data, added.data)
            count += added.count
            changed += added.data != data
            for finding, why in added.left:
                place = f"{safe(finding.file)}:{finding.span.line}:{finding.span.column}"
                say(f"{place}: {finding.rule} {finding.name} is not ignored: {why}")
        except OSError as error:
            say(f"joblint: {safe(file)}: {error.strerror or error}")
            status = max(status, USAGE)
        except MemoryError:
            raise
        except Exception as error:  # an error in one file must not affect the others
            tell_crashes((failed(file, 0, error),))
            status = BUG
    what = f"ignores for {count} finding{'' if count == 1 else 's'} in {changed} file{'' if changed == 1 else 's'}"
    say(f"joblint: {what if count else 'nothing to ignore'}")
    return status
