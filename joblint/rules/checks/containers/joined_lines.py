"""Lines that are joined although they were not meant to be, or the other way round: a folded scalar, a missing backslash."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.continued import option_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script


# Programs that begin a line of a script, and rarely an argument of another one.
_STARTS = names(
    "echo export cd set psql mysql pg_dump kubectl curl wget python python3 node npm yarn pip bash sh if for while until exit "
    "sleep mkdir rm cp mv tar gzip aws gsutil gcloud helm git java bundle rake php apk apt-get chmod chown source exec trap "
    "redis-cli mongodump mongosh mongo mysqldump rclone restic mc jq sed awk grep touch cat date sync rsync terraform ansible"
)

# What may stand before another command on one line.
_BEFORE = names(
    "sudo env exec time nohup xargs then do else if while until ! && || | ; { ( timeout nice command -- bash sh -c kubectl"
)

_ENDS = ("&&", "||", "|", ";", "\\", "{", "(", "do", "then", "else", "&", ",", "[", "--", "=")


def folded_script(s: Subject) -> Iterator[Hit]:
    """A script in a folded scalar (`>`), whose lines are joined: a comment swallows the rest, a command becomes an argument, or a
    backslash quotes a space."""
    if not s.document.asked(_may_be_folded):
        return
    for script in s.scripts:
        field = s.prefix + script.field
        if s.document.style(field) != "folded" or script.text.count("\n") > 40:
            continue
        whole = s.document.span(field)
        rows = [(n, s.document.source_line(n) or "") for n in range(whole.line + 1, whole.end_line + 1)]
        found = _joined(rows)
        if found is None:
            continue
        row, kind, first, second = found
        column = len(first) - len(first.lstrip()) + 1
        from joblint.rules.finding import Hit
        from joblint.source.places.spans import Span

        one, two = short(first.strip()), short(second.strip())
        effect = {
            "comment": f"everything after `{one}` is part of the comment and does not run",
            "command": f"`{two}` becomes {'arguments' if ' ' in second.strip() else 'an argument'} of `{one}`",
            "backslash": f"the `\\` at the end of `{one}` passes it a space as an argument",
        }[kind]
        yield Hit(script.field, {"effect": effect}, span=Span(row, column, row, len(first.rstrip()) + 1))
        return


def _may_be_folded(text: str) -> bool:
    """Whether a line of a document may end with the header of a folded scalar: looking up how a field is written takes longer."""
    at = text.find(">")
    while at >= 0:
        end = text.find("\n", at)
        after = text[at + 1 : end if end >= 0 else len(text)].partition("#")[0]
        if not after.strip("-+0123456789 \t\r"):
            return True
        at = text.find(">", at + 1)
    return False


def _joined(rows: list[tuple[int, str]]) -> tuple[int, str, str, str] | None:
    """The first two lines that are joined although they were not meant to be: the number of the first, what happens, both."""
    base = next((len(line) - len(line.lstrip()) for _, line in rows if line.strip()), 0)
    for (n, line), (_, following) in zip(rows, rows[1:], strict=False):
        one, two = line.strip(), following.strip()
        if not one or not two or any(len(each) - len(each.lstrip()) != base for each in (line, following)):
            continue  # a line with more indentation keeps its line breaks
        if one.startswith("#") and not two.startswith("#"):
            return n, "comment", line, following
        if one.endswith(" \\") and not any(q in one for q in "'\""):
            return n, "backslash", line, following
        words = two.split()
        starts = one.split()
        if (
            starts[0] == "set"
            and len(starts) > 1
            and ";" not in one
            and all(w[:1] in "-+" or w == "pipefail" for w in starts[1:])
            and words[0][0].isalpha()
        ):
            return n, "command", line, following  # whatever follows becomes arguments of set
        if one.endswith(_ENDS) or starts[-1] in _BEFORE or two.startswith(("&&", "||", "|", "-", ")", "}")):
            continue
        follows = words[0] in _STARTS or words[0].startswith(("/", "./")) and starts[0] in ("set", "export", "cd", "source")
        if follows and _begins(starts[0]) and one.count("'") % 2 == 0 and one.count('"') % 2 == 0:
            return n, "command", line, following
    return None


def _begins(word: str) -> bool:
    return word in _STARTS or word.startswith(("/", "./"))


def line_is_an_option(s: Subject) -> Iterator[Hit]:
    """A line that begins with an option, which was meant for the command of the previous line: the shell runs the option as a
    program, exit code 127; one finding for each script."""
    for script in s.scripts:
        if "\n" not in script.text or script.text.find("-") < 0:
            continue
        for start, end, before in option_lines(script.text):
            option = short(script.text[start:end])
            yield script_hit(s, script, start, end, option=option, why=_why_not_joined(s, script, before))
            break


def _why_not_joined(s: Subject, script: Script, before: str) -> str:
    if before.rstrip().endswith("\\"):
        return "there is a space after the \\ of the previous line"
    if s.document.style(s.prefix + script.field) == "folded":
        return "in a folded scalar (>), lines that are indented more are not joined"
    return "the previous line does not end with \\"
