"""Which commands of a script can fail unnoticed: for each, whether its exit code affects the script's.

Uses the records of `syntax`; knows the shell's rules for exit codes (POSIX.1-2024, XCU 2.8 and 2.15 `set -e`), but not
Kubernetes. What it cannot follow (functions, variables that contain an exit code) counts as noticed.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.shell.statements import (
    asks,
    dooms,
    fails_on_purpose,
    is_aftercare,
    is_answer,
    is_exit,
    is_forced,
    is_harmless,
    leaves,
    only_exits,
    quits_early,
    tells,
    what_follows,
)
from joblint.shell.syntax import (
    AndOr,
    Background,
    Case,
    Command,
    Function,
    Group,
    If,
    Loop,
    Not,
    Pipe,
    Sequence,
    children,
    commands,
)
from joblint.shell.weight import is_test, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.shell.syntax import Node


class Fate(Record):
    """What happens to a status: `reason` is "" if it is noticed, otherwise why it is not: next (another command follows,
    without set -e), asked (the same in a function that a condition calls, where set -e is off), tail (only messages follow),
    forced (the script ends with exit 0 or true), or (`|| true`), if, pipe, background, loop (only the last iteration counts),
    trap (an EXIT trap exits 0). `by` is what hides it, `beyond` the reason why it would be hidden even without that."""

    reason: str = ""
    by: Node | None = None
    beyond: str = ""


KEPT = Fate()


class Loss(Record):
    """A command whose failure goes unnoticed."""

    command: Command
    fate: Fate
    weight: int


class Flow(Record):
    """The commands of a script, in order: those whose failure goes unnoticed and those whose failure fails the script; a
    command after which `exec` never returns, with the first command that therefore never runs; the position of the last `set
    +e`."""

    losses: tuple[Loss, ...]
    kept: tuple[Command, ...]
    unreached: tuple[tuple[Command, Node], ...]
    errexit_off: Command | None
    doomed: tuple[AndOr, ...] = ()
    """Statements such as `work || echo no && exit 1`, which fail the script whether or not the work fails."""


def flow(script: Sequence, flags: frozenset[str]) -> Flow:
    """Return the flow of a script that a shell runs with these options (`e`, `errexit`, `pipefail`)."""
    walk = _Walk(script, flags)
    fate = KEPT
    for command in commands(script):
        if command.words[:1] == ("trap",) and _exits_zero(command, script):
            fate = Fate("trap", command)
    walk.sequence(script.parts, fate)
    kept_at = _status_kept(script)
    losses = [x for x in walk.losses if kept_at < 0 or x.command.start < kept_at]
    return Flow(tuple(losses), tuple(walk.kept), tuple(walk.unreached), walk.off, tuple(walk.doomed))


def _status_kept(script: Sequence) -> int:
    """Where the work ends: at `rc=$?`, if the script ends with `exit $rc`; what follows only reports the result. -1 for none."""
    last = script.parts[-1] if script.parts else None
    if not isinstance(last, Command) or last.words[:1] != ("exit",) or len(last.texts) < 2:
        return -1
    name = last.texts[1].strip("\"'${}")
    found = [c for c in commands(script) for a in c.assigns if a.partition("=")[0] == name]
    if not found or any("$?" not in c.text and "PIPESTATUS" not in c.text and not c.text.endswith(("=0", "=1")) for c in found):
        return -1
    return max([c.end for c in found if "$?" in c.text or "PIPESTATUS" in c.text], default=-1)


def _exits_zero(trap: Command, script: Sequence) -> bool:
    """`trap '…; exit 0' EXIT`, or ERR; also `trap cleanup EXIT`, if this function ends with `exit 0` in any case."""
    if len(trap.words) < 3 or not {"EXIT", "0", "ERR"} & set(trap.words[2:]):
        return False
    action = trap.words[1]
    for part in script.parts:
        if isinstance(part, Function) and part.name == action:
            ends = [c.words for c in commands(part.body) if c.words[:1] in (("exit",), ("return",), ("exec",))]
            body = part.body.body if isinstance(part.body, Group) else part.body
            last = body.parts[-1] if isinstance(body, Sequence) and body.parts else None
            return ends == [("exit", "0")] and isinstance(last, Command) and last.words == ("exit", "0")
    return action.replace("\n", ";").strip("; ").rsplit(";", 1)[-1].split() == ["exit", "0"]


def _begins_with_errexit(node: Node) -> bool:
    """Whether a list is `set -e && …`: its last command already ends the script."""
    if not isinstance(node, AndOr) or node.operator != "&&":
        return False
    while isinstance(node, AndOr) and node.operator == "&&":
        node = node.left
    return isinstance(node, Command) and node.words[:1] == ("set",) and dict(_options(node)).get("errexit", False)


def _options(command: Command) -> Iterator[tuple[str, bool]]:
    """Yield `errexit` and `pipefail` where `set` changes them, and whether it switches them on."""
    words = command.words[1:]
    for i, word in enumerate(words):
        on = word.startswith("-")
        if word in ("pipefail", "errexit") and i:
            on = words[i - 1].startswith("-")
        bundle = word[1:] if word[:1] in ("-", "+") and word[:2] != "--" else ""
        if "e" in bundle or word == "errexit":
            yield "errexit", on
        if word == "pipefail":
            yield "pipefail", on


class _Walk:
    """A single pass through a script in the order of its text."""

    def __init__(self, script: Sequence, flags: frozenset[str]) -> None:
        self.errexit = "e" in flags or "errexit" in flags
        self.pipefail = "pipefail" in flags
        self.losses: list[Loss] = []
        self.kept: list[Command] = []
        self.unreached: list[tuple[Command, Node]] = []
        self.off: Command | None = None
        self.doomed: list[AndOr] = []
        self.beyond: Fate | None = None  # what happens to the status of the current subshell, if it is lost
        self.tries = 0  # the number of enclosing loops that may be left
        self.functions: dict[str, Node] = {}
        self.called: list[str] = []
        self.asking: Node | None = None  # the condition that contains the current command
        self.asked: Node | None = None  # the condition that calls the current function: set -e is off in it
        self.script = script
        self.waits = [c for c in commands(script, functions=True) if program(c)[0] == "wait"]

    def sequence(self, parts: tuple[Node, ...], fate: Fate) -> None:
        last = len(parts) - 1
        aftercare, harmful = what_follows(parts) if last > 0 and not fate.reason else (0, ())
        for i, part in enumerate(parts):
            if (
                i == last
                or fate.reason
                and not (fate.reason in ("next", "tail", "loop") and self._looked_at(parts[i + 1], i + 1 == last))
            ):
                here = fate
            elif (
                (self.errexit or _begins_with_errexit(part))
                and self.asked is None
                or self._looked_at(parts[i + 1], i + 1 == last)
            ):
                here = KEPT
            elif self.errexit:
                here = Fate("asked", self.asked)
            elif is_forced(parts[last]):
                here = Fate("forced", parts[last])
            elif i + 1 == last and is_exit(parts[last]):
                here = KEPT
            elif i + 1 >= aftercare:
                here = Fate("tail", parts[last])
            else:
                here = Fate("next", parts[harmful[i + 1]])
            if isinstance(part, AndOr) and dooms(part):
                self.doomed.append(part)
                continue
            pipefail = self.pipefail
            if i < last and any("PIPESTATUS" in c.text or "pipestatus" in c.text for c in commands(parts[i + 1])):
                self.pipefail = True  # the script checks each part of the pipe itself
            self.node(part, here, i == last)
            if i < last and isinstance(part, Pipe):
                self.pipefail = pipefail
            if i < last and isinstance(part, Command) and part.words[:1] == ("exec",) and len(part.words) > 1:
                if not part.words[1].startswith(("-", ">", "<")):
                    self.unreached.append((part, parts[i + 1]))

    def _looked_at(self, following: Node, last: bool) -> bool:
        """Whether the next statement uses `$?`; the last statement counts only if it makes a failure known."""
        for command in commands(following):
            if "$?" in command.text or "PIPESTATUS" in command.text or "pipestatus" in command.text:
                if last and isinstance(following, (If, AndOr)) and is_harmless(following) and not fails_on_purpose(following):
                    return False
                if command is following and not command.words and len(command.assigns) == 1:
                    return not self._only_told(command)
                return program(command)[0] not in ("echo", "printf")
        return isinstance(following, Case) and "$?" in following.word

    def _only_told(self, assignment: Command) -> bool:
        """Whether a status that is kept in a variable (`rc=$?`) goes into messages alone."""
        name, _, value = assignment.assigns[0].partition("=")
        if value.strip("\"'") not in ("$?", "${?}"):
            return False
        told = False
        left: list[Node] = [self.script]
        while left:
            each = left.pop()
            text = each.text if isinstance(each, Command) else each.word if isinstance(each, Case) else ""
            text = each.head if isinstance(each, Loop) else text
            if (
                f"${name}" in text
                or f"${{{name}" in text
                or isinstance(each, Command)
                and each.words[:1] in (("trap",), ("eval",))
            ):
                if not isinstance(each, Command) or program(each)[0] not in ("echo", "printf"):
                    return False
                told = True
            elif name in text and isinstance(each, Command) and each is not assignment:
                return False
            left.extend(children(each))
        return told

    def node(self, node: Node, fate: Fate, last: bool) -> None:
        if isinstance(node, Command):
            self.command(node, fate)
        elif isinstance(node, Pipe):
            self.pipe(node, fate)
        elif isinstance(node, AndOr):
            self.and_or(node, fate, last)
        elif isinstance(node, (Sequence, Group)):
            kept, beyond, asked, asking = self.errexit, self.beyond, self.asked, self.asking
            subshell = isinstance(node, Group) and node.subshell
            if isinstance(node, Group) and asking is not None:
                self.asked, self.asking = asked or asking, None  # `( set -e; a; b ) || …`: set -e has no effect in it
            if subshell:
                self.beyond = fate if fate.reason else None
            self.sequence(node.parts if isinstance(node, Sequence) else node.body.parts, fate)
            self.asked, self.asking = asked, asking
            if subshell:
                self.errexit, self.beyond = kept, beyond
        elif isinstance(node, If):
            self.branch(node, fate)
        elif isinstance(node, Loop):
            left = leaves(node.body)
            inside = fate if fate.reason or self.errexit or left else Fate("loop", node)
            self.tries += left
            self.sequence(node.body.parts, inside)
            self.tries -= left
        elif isinstance(node, Case):
            for body in node.bodies:
                self.sequence(body.parts, fate)
        elif isinstance(node, Background):
            # `wait` alone discards the statuses; with a process ID it returns that process's status.
            knows = any(len(w.words) > 1 for w in self.waits)
            hidden = KEPT if knows else Fate("wait" if self.waits else "background", node)
            self.node(node.body, fate if fate.reason in ("or", "trap") else hidden, False)
        elif isinstance(node, Function):
            self.functions[node.name] = node.body
        elif isinstance(node, Not):
            self.condition(node.body, fate if fate.reason else KEPT, node)

    def command(self, command: Command, fate: Fate) -> None:
        name = command.words[0] if command.words else ""
        if name == "set":
            self.options(command)
        body = self.functions.get(name)
        if body is not None and name not in self.called and len(self.called) < 8:
            asked, self.asked = self.asked, self.asked or self.asking
            asking, self.asking = self.asking, None
            errexit = self.errexit
            self.called.append(name)
            self.node(body, fate, True)
            self.called.pop()
            self.asked, self.asking = asked, asking
            self.errexit = errexit if self.asked is None and asking is not None else self.errexit
            return
        heavy = weight(command)
        if heavy and fate.reason and (name != "exec" or fate.reason == "pipe"):
            self.losses.append(Loss(command, fate, heavy))
        elif heavy:
            self.kept.append(command)

    def options(self, command: Command) -> None:
        for option, on in _options(command):
            if option == "errexit":
                self.errexit = on
                self.off = None if on else command
            else:
                self.pipefail = on

    def pipe(self, node: Pipe, fate: Fate) -> None:
        answers = any(isinstance(p, Command) and asks(p) for p in node.parts[-1:])
        early = quits_early(node.parts[-1])
        for part in node.parts[:-1]:
            if early and not fate.reason:
                hidden = KEPT  # there is no better alternative: pipefail would make a successful run fail
            elif fate.reason and (self.pipefail or answers or fate.reason not in ("next", "tail", "loop")):
                hidden = fate
            elif self.pipefail or answers:
                hidden = KEPT
            else:
                hidden = Fate("pipe", node, fate.reason)
            self.node(part, hidden, False)
        beyond = self.beyond
        if fate.reason and not isinstance(node.parts[-1], Command):
            self.beyond = fate  # an `exit` in it leaves the pipe's subshell alone
        self.node(node.parts[-1], fate, True)
        self.beyond = beyond

    def and_or(self, node: AndOr, fate: Fate, last: bool) -> None:
        right = node.right
        left = fate
        if node.operator == "||" and fate.reason not in ("trap",):
            if fate.reason and isinstance(right, Group) and right.subshell and only_exits(right):
                left = fate  # `work || (echo failed; exit 1)`: the exit ends the subshell, and nothing checks its status
            elif self.beyond is not None and only_exits(right):
                left = self.beyond  # the exit ends the subshell, whose status is never used
            elif fails_on_purpose(right) or is_answer(right):
                left = KEPT
            elif self.tries and isinstance(node.left, AndOr) and node.left.operator == "&&" and leaves(node.left.right):
                left = KEPT  # `nc -z db 5432 && exit 0 || sleep 5`: one more iteration
            elif is_aftercare(right) and not (tells(right) and tells(node.left)):
                left = Fate("or", right)
            else:
                left = KEPT
        elif node.operator == "&&" and leaves(right) and fate.reason not in ("or", "trap", "if"):
            left = KEPT
        self.condition(node.left, left, node)
        self.node(right, fate, last)

    def condition(self, node: Node, fate: Fate, whole: Node) -> None:
        """Walk a command whose status is used: `set -e` is off in it and in the functions that it calls (XCU 2.15, set -e)."""
        asking, self.asking = self.asking, whole
        self.node(node, fate, False)
        self.asking = asking

    def branch(self, node: If, fate: Fate) -> None:
        for i, (condition, body) in enumerate(node.clauses):
            asked = condition.parts[-1] if condition.parts else None
            inverted = isinstance(asked, Not)
            after = body if inverted else node.otherwise if i == len(node.clauses) - 1 else None
            hidden = KEPT
            if fate.reason in ("or", "trap"):
                hidden = fate
            elif after is not None and after.parts and is_aftercare(after) and not fails_on_purpose(after):
                hidden = Fate("if", after.parts[-1])
            for part in condition.parts[-1:]:
                inside = part.body if isinstance(part, Not) else part
                if isinstance(inside, If):
                    self.branch(inside, KEPT)  # its last command is what the condition checks
                elif isinstance(inside, Command) and not is_test(inside):
                    self.condition(inside, hidden, node)
            self.sequence(body.parts, fate)
        if node.otherwise is not None:
            self.sequence(node.otherwise.parts, fate)
