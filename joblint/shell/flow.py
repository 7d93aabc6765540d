"""Which commands of a script can fail unnoticed: for each, whether its exit status affects the script's.

Uses the records of `syntax`; knows the shell's rules for exit statuses (POSIX.1-2024, XCU 2.8 and 2.15 `set -e`), but not
Kubernetes. What it cannot follow (functions, variables that hold a status) counts as noticed.
"""

from __future__ import annotations

from joblint.base.record import record
from joblint.shell.syntax import AndOr, Background, Case, Command, Function, Group, If, Loop, Not, Pipe, Sequence
from joblint.shell.weight import NOTHING, is_notice, is_test, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.shell.syntax import Node


@record
class Fate:
    """What happens to a status: `reason` is "" if it is noticed, otherwise why it is not: next (another command follows,
    without set -e), asked (the same in a function that a condition calls, where set -e is off), tail (only messages follow),
    forced (the script ends with exit 0 or true), or (`|| true`), if, pipe, background, loop (only the last iteration counts),
    trap (an EXIT trap exits 0). `by` is what hides it, `beyond` the reason why it would be hidden even without that."""

    reason: str = ""
    by: Node | None = None
    beyond: str = ""


KEPT = Fate()
_CLEARS = ("kill", "pkill", "killall", "rm", "rmdir", "sync", "umount")


@record
class Loss:
    """A command whose failure goes unnoticed."""

    command: Command
    fate: Fate
    weight: int


@record
class Flow:
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
        if command.words[:1] == ("trap",) and _exits_zero(command):
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


def commands(node: Node, functions: bool = False, inner: bool = False) -> Iterator[Command]:
    """Yield all commands below a node: the bodies of functions and command substitutions only on request."""
    left: list[Node] = [node]
    while left:
        node = left.pop()
        if isinstance(node, Command):
            yield node
            if inner:
                left.extend(reversed(node.inner))
        elif isinstance(node, Function):
            if functions:
                left.append(node.body)
        else:
            left.extend(reversed(children(node)))


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below a node."""
    if isinstance(node, (Sequence, Pipe)):
        return node.parts
    if isinstance(node, AndOr):
        return (node.left, node.right)
    if isinstance(node, (Not, Background, Group, Function)):
        return (node.body,)
    if isinstance(node, If):
        clauses = [part for clause in node.clauses for part in clause]
        return (*clauses, node.otherwise) if node.otherwise is not None else tuple(clauses)
    if isinstance(node, Loop):
        return (node.condition, node.body) if node.condition is not None else (node.body,)
    return node.bodies if isinstance(node, Case) else ()


def _exits_zero(trap: Command) -> bool:
    """`trap '…; exit 0' EXIT`, or ERR."""
    if len(trap.words) < 3 or not {"EXIT", "0", "ERR"} & set(trap.words[2:]):
        return False
    ends = trap.words[1].replace("\n", ";").strip("; ").rsplit(";", 1)[-1].split()
    return ends == ["exit", "0"]


def fails_on_purpose(node: Node) -> bool:
    """Whether a branch makes the failure known: exit, return, false, kill, setting a variable, break or continue."""
    for command in commands(node):
        name, rest = program(command)
        if name in ("exit", "return") and rest[:1] not in (("0",),):
            # A bare `exit` after echo gives echo's status, which is success.
            if rest or not _follows_message(node):
                return True
        elif (
            name in ("false", "kill", "break", "continue", "die", "fail", "abort", "fatal", "exec", "trap")
            or command.assigns
            or name in ("let", "((", "export", "declare", "local")
            or command.text.startswith("((")
        ):
            return True
    return False


def _follows_message(node: Node) -> bool:
    return sum(1 for c in commands(node) if program(c)[0] in ("echo", "printf")) > 0


def is_harmless(node: Node) -> bool:
    """Whether a branch only prints or waits: echo, true, `exit 0`, sleep."""
    return all(weight(c) == NOTHING and not c.assigns for c in commands(node))


def is_aftercare(node: Node) -> bool:
    """Whether a statement after the work only prints, waits, or cleans up."""
    for command in commands(node):
        name, rest = program(command)
        if name in ("exit", "return", "false") and rest[:1] != ("0",) or command.assigns:
            return False
        if weight(command) != NOTHING and name not in _CLEARS and not is_notice(command):
            return False
    return True


def _tells(node: Node) -> bool:
    """Whether one of the commands is a notification; of two download programs, one is the fallback of the other."""
    return any(is_notice(c) for c in commands(node))


def is_forced(node: Node) -> bool:
    """Whether it is `true`, `:` or `exit 0`: success whatever happened before."""
    if not isinstance(node, Command) or node.assigns:
        return False
    return node.words in (("true",), (":",), ("exit", "0"), ("return", "0"), ("/bin/true",))


def _is_exit(node: Node) -> bool:
    return isinstance(node, Command) and program(node)[0] in ("exit", "return")


def _what_follows(parts: tuple[Node, ...]) -> tuple[int, tuple[int, ...]]:
    """For consecutive statements: the index from which on everything is cleanup, and for each index the first statement from
    there on that is not harmless (the index itself if all are)."""
    aftercare = len(parts)
    while aftercare and is_aftercare(parts[aftercare - 1]):
        aftercare -= 1
    harmful = [0] * len(parts)
    found = -1
    for i in range(len(parts) - 1, -1, -1):
        if not is_harmless(parts[i]):
            found = i
        harmful[i] = found if found >= 0 else i
    return aftercare, tuple(harmful)


def _is_answer(node: Node) -> bool:
    """Whether a statement ends with a test, so that its status is an answer: `[ $? -eq 3 ]`, `grep -q done log`."""
    if isinstance(node, (Sequence, Pipe)):
        return bool(node.parts) and _is_answer(node.parts[-1])
    if isinstance(node, Group):
        return _is_answer(node.body)
    if isinstance(node, Not):
        return _is_answer(node.body)
    if isinstance(node, AndOr):
        return _is_answer(node.right)
    return isinstance(node, Command) and is_test(node) and not is_notice(node)


def quits_early(command: Node) -> bool:
    """Whether the last command of a pipe may stop reading before the end, so that SIGPIPE kills the writer: with pipefail, the
    script would then fail although nothing went wrong."""
    if not isinstance(command, Command):
        return False
    name, rest = program(command)
    short = [w for w in rest if w.startswith("-") and not w.startswith("--")]
    if name == "head":
        return True
    if name in ("grep", "egrep", "fgrep", "rg"):
        return any("q" in w or "m" in w for w in short) or not {"--quiet", "--max-count"}.isdisjoint(rest)
    if name == "pg_restore":
        return not {"-l", "--list"}.isdisjoint(rest)
    return name in ("sed", "awk", "gawk") and any(";q" in w or w.endswith(("q", "q}")) or "exit" in w for w in rest)


def _dooms(node: Node) -> bool:
    """Whether a list is `left || message && exit 1`: && and || have equal precedence, so it also exits after `left`
    succeeds."""
    if not isinstance(node, AndOr) or node.operator != "&&" or not isinstance(node.right, Command):
        return False
    name, rest = program(node.right)
    if name not in ("exit", "return") or rest[:1] in ((), ("0",), ("",)) or node.right.texts[-1:] == ("$?",):
        return False
    left = node.left
    if not isinstance(left, AndOr) or left.operator != "||" or fails_on_purpose(left.right):
        return False
    return all(program(c)[0] in ("echo", "printf", "true", ":", "date", "sleep") for c in commands(left.right))


class _Walk:
    """One pass over a script in the order of its text."""

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
        aftercare, harmful = _what_follows(parts) if last > 0 and not fate.reason else (0, ())
        for i, part in enumerate(parts):
            if (
                i == last
                or fate.reason
                and not (fate.reason in ("next", "tail", "loop") and self._looked_at(parts[i + 1], i + 1 == last))
            ):
                here = fate
            elif self.errexit and self.asked is None or self._looked_at(parts[i + 1], i + 1 == last):
                here = KEPT
            elif self.errexit:
                here = Fate("asked", self.asked)
            elif is_forced(parts[last]):
                here = Fate("forced", parts[last])
            elif i + 1 == last and _is_exit(parts[last]):
                here = KEPT
            elif i + 1 >= aftercare:
                here = Fate("tail", parts[last])
            else:
                here = Fate("next", parts[harmful[i + 1]])
            if isinstance(part, AndOr) and _dooms(part):
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
            leaves = _leaves(node.body)
            inside = fate if fate.reason or self.errexit or leaves else Fate("loop", node)
            self.tries += leaves
            self.sequence(node.body.parts, inside)
            self.tries -= leaves
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
        words = command.words[1:]
        for i, word in enumerate(words):
            on = word.startswith("-")
            if word in ("pipefail", "errexit") and i:
                on = words[i - 1].startswith("-")
            bundle = word[1:] if word[:1] in ("-", "+") and word[:2] != "--" else ""
            if "e" in bundle or word == "errexit":
                self.errexit = on
                self.off = None if on else command
            if word == "pipefail":
                self.pipefail = on

    def pipe(self, node: Pipe, fate: Fate) -> None:
        asks = any(isinstance(p, Command) and _asks(p) for p in node.parts[-1:])
        early = quits_early(node.parts[-1])
        for part in node.parts[:-1]:
            if early and not fate.reason:
                hidden = KEPT  # there is no better alternative: pipefail would make a successful run fail
            elif fate.reason and (self.pipefail or asks or fate.reason not in ("next", "tail", "loop")):
                hidden = fate
            elif self.pipefail or asks:
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
            if fate.reason and isinstance(right, Group) and right.subshell and _only_exits(right):
                left = fate  # `work || (echo failed; exit 1)`: the exit ends the subshell, and nobody asks for its status
            elif self.beyond is not None and _only_exits(right):
                left = self.beyond  # the exit ends the subshell, whose status is never used
            elif fails_on_purpose(right) or _is_answer(right):
                left = KEPT
            elif self.tries and isinstance(node.left, AndOr) and node.left.operator == "&&" and _leaves(node.left.right):
                left = KEPT  # `nc -z db 5432 && exit 0 || sleep 5`: one more iteration
            elif is_aftercare(right) and not (_tells(right) and _tells(node.left)):
                left = Fate("or", right)
            else:
                left = KEPT
        elif node.operator == "&&" and _leaves(right) and fate.reason not in ("or", "trap", "if"):
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


def _only_exits(node: Node) -> bool:
    """Whether a branch reports its failure only by `exit`, possibly after a message."""
    names = [program(c)[0] for c in commands(node)]
    return "exit" in names and all(name in ("exit", "echo", "printf") for name in names)


def _asks(command: Command) -> bool:
    """Whether the last command of a pipe tests its input, so that its status is the one that matters."""
    name, rest = program(command)
    return name == "read" or is_test(command) and "-v" not in rest


def _leaves(body: Node) -> bool:
    """Whether a loop's body may leave the loop: then the loop is a retry, not a list of tasks."""
    return any(program(c)[0] in ("break", "exit", "return", "continue") for c in commands(body))
