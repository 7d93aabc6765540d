"""Scripts that replace the exit code of their program, although the podFailurePolicy looks for it."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import command_hit, short
from joblint.rules.subject import as_dict, as_list
from joblint.shell.syntax import AndOr, Command, Group, If, Not, Sequence, commands, every
from joblint.shell.weight import WORK, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.shell.syntax import Node


_COMMON = names(
    "curl wget git kubectl oc helm aws gcloud gsutil az mc rclone restic rsync ssh scp tar psql pg_dump pg_restore mysql "
    "mysqldump mongodump mongorestore redis-cli npm yarn pip make docker"
)
"""Programs whose exit codes nobody means in a rule for a few of them."""


def exit_code_replaced(s: Subject) -> Iterator[Hit]:
    """`load || exit 1`, while a rule is for exit code 42 of that container: one finding for each Pod, only where the script runs
    no other program that could end with that code."""
    wanted = list(_wanted(s))
    for script in s.scripts if wanted else ():
        own = {program(c)[0] for c in commands(script.statements, functions=True) if weight(c) == WORK}
        if len(own) != 1 or not own.isdisjoint(_COMMON):
            continue
        for node in every(script.statements):
            for work, code in _replaced(node, script.text):
                rule = next((w for w in wanted if w[2] in ("", script.container.name) and code not in w[1]), None)
                if rule is None:
                    continue
                n, codes, _ = rule
                yield command_hit(
                    s,
                    script,
                    work,
                    code=code,
                    n=n,
                    codes=", ".join([str(c) for c in codes[:6]]),
                    action=as_dict(as_list(as_dict(s.spec.get("podFailurePolicy")).get("rules"))[n]).get("action"),
                    better=f"rc=0; {short(work.text)} || rc=$?    then exit $rc instead of exit {code}",
                )
                return


def _wanted(s: Subject) -> Iterator[tuple[int, tuple[int, ...], str]]:
    """The rules for some exit codes alone: their numbers, the codes, and the container."""
    for n, rule in enumerate(as_list(as_dict(s.spec.get("podFailurePolicy")).get("rules"))):
        codes = as_dict(as_dict(rule).get("onExitCodes"))
        values = tuple([v for v in as_list(codes.get("values")) if isinstance(v, int)])
        if codes.get("operator") == "In" and values:
            yield n, values, str(codes.get("containerName") or "")


def _replaced(node: Node, text: str) -> Iterator[tuple[Command, int]]:
    """The work whose failure, whatever its exit code, ends in a fixed one."""
    if isinstance(node, AndOr) and node.operator == "||":
        code = _exit_of(node.right)
        if code and isinstance(node.left, Command) and weight(node.left) == WORK and "$?" not in text[node.start : node.end]:
            yield node.left, code
    if isinstance(node, If) and len(node.clauses) == 1:
        condition, body = node.clauses[0]
        code = _exit_of(body)
        only = condition.parts[0] if len(condition.parts) == 1 else None
        if code and isinstance(only, Not) and isinstance(only.body, Command) and weight(only.body) == WORK:
            yield only.body, code
    if isinstance(node, Sequence):
        for first, second in zip(node.parts, node.parts[1:], strict=False):
            if isinstance(first, AndOr) and first.operator == "||" and isinstance(first.left, Command) and isinstance(second, If):
                kept = first.right.assigns if isinstance(first.right, Command) else ()
                name = kept[0].removesuffix("=$?") if len(kept) == 1 and kept[0].endswith("=$?") else ""
                condition, body = second.clauses[0]
                asked = text[condition.start : condition.end] if not condition.parts else _text(condition, text)
                code = _exit_of(body)
                if name and code and name in asked and ("-ne 0" in asked or "!= 0" in asked or '!= "0"' in asked):
                    if weight(first.left) == WORK:
                        yield first.left, code


def _text(node: Sequence, text: str) -> str:
    return text[node.parts[0].start : node.parts[-1].end]


def _exit_of(node: Node) -> int:
    """The fixed exit code other than 0 with which a branch always ends; 0 for any other."""
    if isinstance(node, Group) and not node.subshell:
        node = node.body
    if isinstance(node, Sequence):
        if not node.parts or not all(isinstance(part, Command) for part in node.parts):
            return 0
        node = node.parts[-1]
    if isinstance(node, Command) and node.words[:1] == ("exit",) and len(node.words) == 2 and node.words[1].isdecimal():
        return int(node.words[1])
    return 0
