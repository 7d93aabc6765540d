"""`find` that deletes more than was meant, or that fails because it deletes what it is about to enter."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import command_hit, short
from joblint.shell.syntax import commands
from joblint.shell.weight import program
from joblint.shell.wrappers import basename

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_TESTS = names(
    "-mtime -mmin -ctime -cmin -atime -amin -newer -newermt -name -iname -path -ipath -wholename -type -size -empty -regex -user"
)
_NO_DESCENT = ("-depth", "-d", "-prune", "-maxdepth")


def find_deletes_wrongly(s: Subject) -> Iterator[Hit]:
    """One finding for each container and script."""
    for run, container in zip(s.runs, s.containers, strict=True):
        if run.name == "find" and container.role != "sidecar":
            found = _wrong(run.rest, True)
            if found:
                yield s.hit(
                    run.fields[run.program],
                    command=short(" ".join(["find", *run.rest])),
                    effect=_said(found[0]),
                    advice=found[1],
                    label=_label(found[0]),
                )
    for script in s.scripts:
        hidden = {id(x.command) for x in script.flow.losses}
        for command in commands(script.statements, functions=True):
            name, rest = program(command)
            found = _wrong(rest, id(command) not in hidden) if name == "find" else None
            if found:
                yield command_hit(s, script, command, effect=_said(found[0]), advice=found[1], label=_label(found[0]))
                break


def _said(effect: str) -> str:
    """What follows the command in the message."""
    return effect.removeprefix("it") if effect.startswith("it ") else f": {effect}"


def _label(effect: str) -> str:
    """The words at the command: what is wrong with it."""
    return "every other age" if "not exactly" in effect else "wrong order"


_AGES = ("-mtime", "-ctime", "-atime", "-mmin", "-cmin", "-amin")


def _all_but_one_day(rest: tuple[str, ...]) -> tuple[str, str] | None:
    """`! -mtime 7` with a deletion: everything that is not exactly 7 days old, also what is new."""
    runs = [basename(b) for a, b in zip(rest, rest[1:], strict=False) if a in ("-exec", "-execdir")]
    if "-delete" not in rest and "rm" not in runs or "-o" in rest:
        return None
    for before, test, value in zip(rest, rest[1:], rest[2:], strict=False):
        if before in ("!", "\\!", "-not") and test in _AGES and value.isdecimal():
            unit = "days" if test.endswith("time") else "minutes"
            return (
                f"it deletes everything that is not exactly {value} {unit} old, including new files",
                f"find … {test} +{value} …",
            )
    return None


def _removes(words: tuple[str, ...]) -> bool:
    return bool(words) and basename(words[0]) in ("rm", "unlink", "shred")


def _wrong(rest: tuple[str, ...], counts: bool) -> tuple[str, str] | None:
    """What goes wrong and what to write; `counts` says that the status of find matters."""
    delete = rest.index("-delete") if "-delete" in rest else -1
    later = [w for w in rest[delete + 1 :] if w in _TESTS] if delete >= 0 else []
    if later and not any(w in _TESTS for w in rest[:delete]) and "-o" not in rest[:delete]:
        return (
            f"-delete is before {later[0]}, and find evaluates from left to right: it deletes every file",
            "Put -delete last, after all tests.",
        )
    if delete >= 0 and "-o" in rest[:delete] and not any(w in ("(", "\\(") for w in rest[:delete]):
        alone = any(w in ("-delete", "-exec", "-print", "-print0") for w in rest[: rest.index("-o")])
        last = " ".join(rest[len(rest[:delete]) - rest[:delete][::-1].index("-o") : delete])
        if not alone and last:
            return (
                f"-delete belongs to `{last}` alone, because -o has lower precedence than the implied -a",
                r"find … \( <test> -o <test> \) -delete",
            )
    action = next((n for n, w in enumerate(rest) if w in ("-exec", "-execdir") and _removes(rest[n + 1 : n + 2])), -1)
    if action >= 0 and "-o" in rest[:action] and not any(w in ("(", "\\(") for w in rest[:action]):
        first = rest.index("-o")
        alone = any(w in ("-delete", "-exec", "-print", "-print0") for w in rest[:first])
        last = " ".join(rest[len(rest[:action]) - rest[:action][::-1].index("-o") : action])
        bound = next((w for w in rest[:first] if w in _AGES), "")
        if not alone and last and bound and not any(w in _AGES for w in rest[first:action]):
            return (
                f"-o has lower precedence than the implicit and: `{last}` is deleted at any age",
                r"find … \( <test> -o <test> \) -exec rm {} +",
            )
    inverted = _all_but_one_day(rest)
    if inverted:
        return inverted
    at = next((i for i, w in enumerate(rest) if w in ("-exec", "-execdir")), -1)
    if at < 0 or not counts or not {*_NO_DESCENT}.isdisjoint(rest) or rest[-1] not in (";", "\\;"):
        return None
    words = rest[at + 1 :]
    removes = basename(words[0]) == "rm" and any(w.startswith("-") and not w.startswith("--") and "r" in w.lower() for w in words)
    kind = rest.index("-type") if "-type" in rest else -1
    if removes and 0 <= kind < at and rest[kind + 1 : kind + 2] == ("d",):
        return (
            'after it has deleted a directory, find still enters it: "No such file or directory", exit code 1',
            "-mindepth 1 -maxdepth 1    or -depth, or -prune after -exec … \\;",
        )
    return None
