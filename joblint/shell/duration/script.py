"""How long a script runs: sleeps and timeouts along its paths, loops by their iterations; uses the records of `syntax`.

A path that leaves early is a lower bound of the run time. Both parts of `a && b` count: a run that succeeds executes both.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.shell.duration.programs import bounded, timed
from joblint.shell.duration.rounds import counts_in_condition, rounds_of, seconds_left, value_of
from joblint.shell.duration.span import INFINITE, INSTANT, UNKNOWN, Span
from joblint.shell.syntax import AndOr, Background, Case, Command, Function, Group, If, Loop, Not, Pipe, Sequence, commands
from joblint.shell.weight import is_test
from joblint.shell.wrappers import basename, unwrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.shell.syntax import Node

_DEEPEST = 6  # nested functions and shells


class Outs(Record):
    """The least time after which a path leaves, by what it leaves: the shell, a function, a loop, an iteration. Infinite if no
    path does."""

    shell: float = INFINITE
    function: float = INFINITE
    loop: float = INFINITE
    round: float = INFINITE

    def after(self, seconds: float) -> Outs:
        """The same, begun later."""
        if self is _NONE or not seconds:
            return self
        return Outs(self.shell + seconds, self.function + seconds, self.loop + seconds, self.round + seconds)

    def either(self, other: Outs) -> Outs:
        """The earlier time of both, for each kind."""
        if other is _NONE:
            return self
        if self is _NONE:
            return other
        return Outs(
            min(self.shell, other.shell),
            min(self.function, other.function),
            min(self.loop, other.loop),
            min(self.round, other.round),
        )

    @property
    def first(self) -> float:
        """The earliest time of all."""
        return min(self.shell, self.function, self.loop, self.round)


_NONE = Outs()
_LEAVES = {
    "exit": Outs(shell=0),
    "return": Outs(function=0),
    "break": Outs(loop=0),
    "continue": Outs(round=0),
}


def duration(script: Sequence, env: dict[str, str] | None = None) -> Span:
    """Return the bounds of a script's run time; `env` are the variables whose values are known."""
    return _whole(_Walk(dict(env or {})).sequence(script.parts))


def _whole(way: tuple[Span, Outs]) -> Span:
    """The bounds of something that all its exits end as well: a shell."""
    span, outs = way
    least = min(span.least, outs.first)
    return Span(least, max(span.patience, least), span.most)


class _Walk:
    """A single pass through a script; keeps its variables and functions. Each result is the bounds of running through,
    and the exits."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.functions: dict[str, Node] = {}
        self.depth = 0
        self.loops = 0

    def sequence(self, parts: tuple[Node, ...]) -> tuple[Span, Outs]:
        total, outs = INSTANT, _NONE
        behind: Span | None = None
        for part in parts:
            if isinstance(part, Background):
                span, _ = self.node(part.body)
                behind = span if behind is None else behind.beside(span)
                continue
            if isinstance(part, Command) and part.words[:1] == ("wait",) and behind is not None:
                total, behind = total.then(behind), None
                continue
            span, out = self.node(part)
            outs = outs.either(out.after(total.least))
            total = total.then(span)
            if span.least == INFINITE:  # nothing continues after it
                break
        return total, outs

    def node(self, node: Node) -> tuple[Span, Outs]:
        if isinstance(node, Command):
            return self.command(node)
        if isinstance(node, Sequence):
            return self.sequence(node.parts)
        if isinstance(node, Group):
            way = self.sequence(node.body.parts)
            return (_whole(way), _NONE) if node.subshell else way
        if isinstance(node, Not):
            return self.node(node.body)
        if isinstance(node, Background):
            return INSTANT, _NONE
        if isinstance(node, Function):
            self.functions[node.name] = node.body
            return INSTANT, _NONE
        if isinstance(node, Pipe):
            spans = [_whole(self.node(p)) for p in node.parts]
            least = [s.least for s in spans if s.least != INFINITE]
            return Span(max(least, default=0), max(s.patience for s in spans), max(s.most for s in spans)), _NONE
        if isinstance(node, AndOr):
            return self.and_or(node)
        if isinstance(node, If):
            return self.branch(node)
        if isinstance(node, Case):
            return self.cases([self.sequence(b.parts) for b in node.bodies], False)
        return self.loop(node)

    def and_or(self, node: AndOr) -> tuple[Span, Outs]:
        left, out = self.node(node.left)
        right, leaves = self.node(node.right)
        both = left.patience + (right.patience if right.patience != INFINITE else 0)
        if left.least == INFINITE:
            return left, out
        asks = isinstance(node.left, Command) and is_test(node.left)
        least = left.least
        if node.operator == "&&" and not asks and right.least != INFINITE:
            least += right.least
        return Span(least, both, left.most + right.most), out.either(leaves.after(left.least))

    def branch(self, node: If) -> tuple[Span, Outs]:
        asked, ways, outs = INSTANT, [], _NONE
        for condition, body in node.clauses:
            span, out = self.sequence(condition.parts)
            outs = outs.either(out.after(asked.least))
            asked = asked.then(Span(span.least if len(node.clauses) == 1 else 0, span.patience, span.most))
            ways.append(self.sequence(body.parts))
        if node.otherwise is not None:
            ways.append(self.sequence(node.otherwise.parts))
        through, out = self.cases(ways, node.otherwise is not None)
        if asked.least == INFINITE:
            return asked, outs
        return asked.then(through), outs.either(out.after(asked.least))

    def cases(self, ways: list[tuple[Span, Outs]], complete: bool) -> tuple[Span, Outs]:
        least = min([s.least for s, _ in ways], default=0) if complete else 0
        patience = max([s.patience for s, _ in ways], default=0)
        most = max([s.most for s, _ in ways], default=0)
        outs = _NONE
        for _, out in ways:
            outs = outs.either(out)
        return Span(least, patience, most), outs

    def loop(self, node: Loop) -> tuple[Span, Outs]:
        before = dict(self.env)
        self.loops += 1
        asked, left_asking = self.sequence(node.condition.parts) if node.condition is not None else (INSTANT, _NONE)
        body, out = self.sequence(node.body.parts)
        self.loops -= 1
        self.env = dict(before)
        for command in commands(node.body):
            for assign in command.assigns:
                self.env.pop(assign.partition("=")[0], None)
        farther = Outs(out.shell, out.function).either(Outs(left_asking.shell, left_asking.function))
        leaves = min(farther.first, out.loop, left_asking.loop)
        once = Span(min(body.least, out.round, leaves), body.patience, body.most).then(Span(0, asked.patience, asked.most))
        rounds = rounds_of(node, before)
        left = seconds_left(node, before)
        if left is not None:
            return Span(0, left, left + once.most), farther
        if rounds is None:
            forever = node.kind in ("while", "until") and leaves != INFINITE
            return Span(leaves if forever and _always(node) else 0, once.patience if forever else 0), farther
        whole = once.times(rounds)
        waits_for = node.kind in ("while", "until") and not counts_in_condition(node, before)
        least = 0 if waits_for or not rounds else min(whole.least, leaves)
        return Span(least, whole.patience, whole.most), farther

    def command(self, node: Command) -> tuple[Span, Outs]:
        inner = INSTANT
        for sequence in node.inner:
            span = _whole(self.sequence(sequence.parts))
            inner = inner.then(Span(0 if span.least == INFINITE else span.least, span.patience, span.most))
        for assign in node.assigns:
            name, _, value = assign.partition("=")
            known = value_of(value, self.env)
            self.env[name] = known if known is not None else value
        if not node.words:
            return inner, _NONE
        known_words = tuple([self.word(w, t) for w, t in zip(node.words, node.texts, strict=False)])
        if node.words[0] in ("export", "readonly", "local", "declare", "typeset"):
            for word in node.texts[1:]:
                name, sign, value = word.partition("=")
                if sign:
                    found = value_of(value, self.env)
                    self.env[name] = found if found is not None else value
        name = node.words[0]
        if name in _LEAVES:
            if name in ("break", "continue") and not self.loops:
                return inner, _NONE  # outside of a loop, the shell continues
            return Span(INFINITE, inner.patience, inner.most), _LEAVES[name].after(inner.least)
        span, outs = self.words(known_words)
        if name == "exec" and len(node.words) > 1 and node.words[1][:1] not in (">", "<", "&"):
            total = inner.then(span)
            return Span(INFINITE, total.patience, total.most), Outs(shell=total.least)
        return inner.then(span), outs.after(inner.least)

    def word(self, word: str, text: str) -> str:
        return word or (value_of(text, self.env) or "")

    def words(self, words: tuple[str, ...]) -> tuple[Span, Outs]:
        if not words:
            return INSTANT, _NONE
        body = self.functions.get(words[0])
        if body is not None and self.depth < _DEEPEST:
            loops, self.loops = self.loops, 0
            self.depth += 1
            span, out = self.node(body)
            self.depth -= 1
            self.loops = loops
            return Span(min(span.least, out.function), span.patience, span.most), Outs(shell=out.shell)
        return of_words(words, self.env, self.depth), _NONE


def of_words(words: tuple[str, ...], env: dict[str, str], depth: int = 0) -> Span:
    """The bounds of a program after its wrappers; a shell's script is read."""
    for at, word in enumerate(words[:4]):
        limit = bounded(basename(word), words[at + 1 :])
        if limit is not None:
            inner = words[at + 1 + limit[1] :]
            return (of_words(inner, env, depth + 1) if inner and depth < _DEEPEST else UNKNOWN).within(limit[0])
        if basename(word) not in _BEFORE:
            break
    at, _ = unwrap(words)
    name, rest = basename(words[at]), words[at + 1 :]
    if depth < _DEEPEST and rest and name in ("sh", "bash", "ash", "dash"):
        from joblint.shell.grammar import parse
        from joblint.shell.invocation import of_words as invocation

        run = invocation(words, words, True)
        if run.script >= 0 and run.text:
            walk = _Walk(dict(env))
            walk.depth = depth + 1
            return _whole(walk.sequence(parse(run.text).parts))
    return timed(name, rest)


_BEFORE = ("exec", "command", "env", "nohup", "time", "nice", "tini", "dumb-init", "--", "-g", "sudo")


def _always(node: Loop) -> bool:
    text = "".join(node.head.split())
    return text in ("whiletrue;", "while:;", "while[1];", "untilfalse;", "whiletrue", "while:", "while((1));")
