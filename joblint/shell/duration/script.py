"""How long a script runs: sleeps and timeouts along its ways, loops by their rounds; takes the records of `syntax`.

A way that leaves early bounds the run from below. Of `a && b` both count: a run that succeeds goes through both.
"""

from __future__ import annotations

from joblint.shell.duration.programs import bounded, timed
from joblint.shell.duration.rounds import counts_in_condition, rounds_of, seconds_left, value_of
from joblint.shell.duration.span import INFINITE, INSTANT, UNKNOWN, Span
from joblint.shell.flow import commands
from joblint.shell.syntax import AndOr, Background, Case, Command, Function, Group, If, Loop, Not, Pipe, Sequence
from joblint.shell.weight import is_test
from joblint.shell.wrappers import basename, unwrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.shell.syntax import Node

_LEAVES = ("exit", "return", "break", "continue", "exec")
_DEEPEST = 6  # functions and shells within each other


def duration(script: Sequence, env: dict[str, str] | None = None) -> Span:
    """The bounds of a script's run time; `env` are the variables whose values are known."""
    walk = _Walk(dict(env or {}))
    through, leaving = walk.sequence(script.parts)
    least = min(through.least, leaving)
    return Span(least, max(through.patience, least), through.most)


class _Walk:
    """One pass over a script; keeps the variables and functions it has met. Each answer is the bounds of the way through, and
    the least time after which a way leaves (infinite where none does)."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.functions: dict[str, Node] = {}
        self.depth = 0

    def sequence(self, parts: tuple[Node, ...]) -> tuple[Span, float]:
        total, leaving = INSTANT, INFINITE
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
            leaving = min(leaving, total.least + out)
            if span.least == INFINITE:  # nothing gets past it
                return Span(INFINITE, total.patience + span.patience, total.most), leaving
            total = total.then(span)
        return total, leaving

    def node(self, node: Node) -> tuple[Span, float]:
        if isinstance(node, Command):
            return self.command(node)
        if isinstance(node, Sequence):
            return self.sequence(node.parts)
        if isinstance(node, Group):
            span, out = self.sequence(node.body.parts)
            if node.subshell:
                return Span(min(span.least, out), span.patience, span.most), INFINITE
            return span, out
        if isinstance(node, Not):
            return self.node(node.body)
        if isinstance(node, Background):
            return INSTANT, INFINITE
        if isinstance(node, Function):
            self.functions[node.name] = node.body
            return INSTANT, INFINITE
        if isinstance(node, Pipe):
            spans = [self.node(p)[0] for p in node.parts]
            least = [s.least for s in spans if s.least != INFINITE]
            return Span(max(least, default=0), max(s.patience for s in spans), max(s.most for s in spans)), INFINITE
        if isinstance(node, AndOr):
            return self.and_or(node)
        if isinstance(node, If):
            return self.branch(node)
        if isinstance(node, Case):
            return self.cases([self.sequence(b.parts) for b in node.bodies], False)
        return self.loop(node)

    def and_or(self, node: AndOr) -> tuple[Span, float]:
        left, out = self.node(node.left)
        right, leaves = self.node(node.right)
        leaving = min(out, left.least + leaves)
        both = left.patience + (right.patience if right.patience != INFINITE else 0)
        if left.least == INFINITE:
            return left, out
        asks = isinstance(node.left, Command) and is_test(node.left)
        least = left.least
        if node.operator == "&&" and not asks and right.least != INFINITE:
            least += right.least
        return Span(least, both, left.most + right.most), leaving

    def branch(self, node: If) -> tuple[Span, float]:
        asked, ways, leaving = INSTANT, [], INFINITE
        for condition, body in node.clauses:
            span, _ = self.sequence(condition.parts)
            asked = asked.then(Span(span.least if len(node.clauses) == 1 else 0, span.patience, span.most))
            way, out = self.sequence(body.parts)
            ways.append((way, out))
        if node.otherwise is not None:
            ways.append(self.sequence(node.otherwise.parts))
        through, out = self.cases(ways, node.otherwise is not None)
        if asked.least == INFINITE:
            return asked, INFINITE
        leaving = asked.least + out
        return asked.then(through), leaving

    def cases(self, ways: list[tuple[Span, float]], complete: bool) -> tuple[Span, float]:
        least = min([s.least for s, _ in ways], default=0) if complete else 0
        patience = max([s.patience for s, _ in ways], default=0)
        most = max([s.most for s, _ in ways], default=0)
        return Span(least, patience, most), min([out for _, out in ways], default=INFINITE)

    def loop(self, node: Loop) -> tuple[Span, float]:
        before = dict(self.env)
        asked, _ = self.sequence(node.condition.parts) if node.condition is not None else (INSTANT, INFINITE)
        body, out = self.sequence(node.body.parts)
        self.env = dict(before)
        for command in commands(node.body):
            for assign in command.assigns:
                self.env.pop(assign.partition("=")[0], None)
        exits = any(c.words[:1] in (("exit",), ("return",)) for c in commands(node.body))
        once = Span(min(body.least, out), body.patience, body.most).then(Span(0, asked.patience, asked.most))
        rounds = rounds_of(node, before)
        left = seconds_left(node, before)
        leaves = out != INFINITE
        if left is not None:
            return Span(0, left, left + once.most), out if exits else INFINITE
        if rounds is None:
            forever = node.kind in ("while", "until") and leaves
            return Span(out if forever and _always(node) else 0, once.patience if forever else 0), INFINITE
        if asked.least == INFINITE:
            asked = UNKNOWN
        whole = once.times(rounds)
        waits_for = node.kind in ("while", "until") and not counts_in_condition(node, before)
        least = 0 if waits_for or not rounds else min(whole.least, out) if leaves else whole.least
        return Span(least, whole.patience, whole.most), out if exits else INFINITE

    def command(self, node: Command) -> tuple[Span, float]:
        inner = INSTANT
        for sequence in node.inner:
            span, out = self.sequence(sequence.parts)
            least = min(span.least, out)
            inner = inner.then(Span(0 if least == INFINITE else least, span.patience, span.most))
        for assign in node.assigns:
            name, _, value = assign.partition("=")
            known = value_of(value, self.env)
            self.env[name] = known if known is not None else value
        if not node.words:
            return inner, INFINITE
        known_words = tuple([self.word(w, t) for w, t in zip(node.words, node.texts, strict=False)])
        if node.words[0] in ("export", "readonly", "local", "declare", "typeset"):
            for word in node.texts[1:]:
                name, sign, value = word.partition("=")
                if sign:
                    found = value_of(value, self.env)
                    self.env[name] = found if found is not None else value
        if node.words[0] in ("exit", "return", "break", "continue"):
            return Span(INFINITE, inner.patience, inner.most), inner.least
        span, out = self.words(known_words)
        if node.words[0] == "exec" and len(node.words) > 1 and node.words[1][:1] not in (">", "<", "&"):
            total = inner.then(span)
            return Span(INFINITE, total.patience, total.most), min(total.least, inner.least + out)
        return inner.then(span), out

    def word(self, word: str, text: str) -> str:
        return word or (value_of(text, self.env) or "")

    def words(self, words: tuple[str, ...]) -> tuple[Span, float]:
        if not words:
            return INSTANT, INFINITE
        body = self.functions.get(words[0])
        if body is not None and self.depth < _DEEPEST:
            self.depth += 1
            span, out = self.node(body)
            self.depth -= 1
            # `return` comes back, `exit` does not.
            returns = any(c.words[:1] == ("return",) for c in commands(body))
            exits = any(c.words[:1] == ("exit",) for c in commands(body))
            if returns:
                span = Span(min(span.least, out), span.patience, span.most)
            return span, out if exits else INFINITE
        return of_words(words, self.env, self.depth), INFINITE


def of_words(words: tuple[str, ...], env: dict[str, str], depth: int = 0) -> Span:
    """The bounds of a program behind its wrappers; a shell's script is read."""
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
            span, out = walk.sequence(parse(run.text).parts)
            return Span(min(span.least, out), span.patience, span.most)
    return timed(name, rest)


_BEFORE = ("exec", "command", "env", "nohup", "time", "nice", "tini", "dumb-init", "--", "-g", "sudo")


def _always(node: Loop) -> bool:
    text = "".join(node.head.split())
    return text in ("whiletrue;", "while:;", "while[1];", "untilfalse;", "whiletrue", "while:", "while((1));")
