#!/usr/bin/env python3
"""Whether any regular expression of joblint explodes: each over texts that are made for it, of one length and of twice that.

    python benchmarks/regexes.py [--length 2000] [--limit 3] [WORD …]

The expressions are all that stand in `joblint/`, and each is asked as the code asks it: `search`, `match` or `fullmatch`. The
texts repeat pieces of the expression itself, with beginnings and ends that make it fail late. An expression whose time grows by
more than --limit where the text is doubled takes time by the square. Exit 1 where one does. A word chooses modules.
"""

from __future__ import annotations

import argparse
import ast
import re
import signal
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
LEAST = 0.004  # seconds; what takes less cannot be measured
LONGEST = 3.0  # seconds for one text: what takes longer has exploded

ASKED = {
    "joblint.api.ours:_saying": ("search",),
    "joblint.api.ours:_lines": ("search",),
    "joblint.api.ours:_entries": ("search",),
    "joblint.source.reading.json:_broken_string": ("match",),
    "joblint.source.unrendered.templates:placeholder_pattern": ("search",),
    "joblint.source.goyaml.flow:_PLAIN": ("match",),
    "joblint.source.goyaml.flow:_PLAIN_IN_FLOW": ("match",),
    "joblint.source.goyaml.flow:_IN_DOUBLE": ("match",),
    "joblint.source.goyaml.flow:_IN_SINGLE": ("match",),
}
"""How an expression is asked that a function returns or is given; of others, the code beside it says so."""

NOT_OURS = {
    "joblint.source.helm.functions.text:_pattern": "a template's: joblint.source.helm.bounds.check_pattern",
    "joblint.source.helm.render:form": "a template's: joblint.source.helm.bounds.check_pattern",
    "joblint.run.render.kustomize_own:matches": "a kustomization's: without groups and with at most two stars",
}
"""Expressions that an input decides, and what bounds them."""


class Expression(NamedTuple):
    """A regular expression, where it is made, and the method that is asked."""

    where: str
    pattern: Any
    asked: str  # search (also for those that are found one after another), match or fullmatch


def expressions() -> Iterator[Expression]:
    """All of joblint. Raises LookupError where one is made of what is not known here: tell `_made` how."""
    for path in sorted((ROOT / "joblint").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        if "re" not in {n for node in ast.walk(tree) for n in _imported(node)}:
            continue
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for name, call in _calls(tree, ""):
            where = f"{module}:{name}"
            if where in NOT_OURS:
                continue
            function = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id  # type: ignore[attr-defined]
            ways = ASKED.get(where) or _ways(name, path) if function == "compile" else (function,)
            if not ways:
                raise LookupError(f"{where}: say in ASKED how it is asked")
            flags = _value(call.args[1], module) if function == "compile" and len(call.args) > 1 else 0
            for pattern in _made(where, call.args[0], module):
                for asked in sorted({way if way in ("match", "fullmatch") else "search" for way in ways}):
                    yield Expression(where, re.compile(pattern, flags), asked)


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    return [str(node.module)] if isinstance(node, ast.ImportFrom) else []


def _calls(node: ast.AST, name: str) -> Iterator[tuple[str, ast.Call]]:
    """The calls of `re` that take an expression, each with the name that it is given or of the function that it is in."""
    for inner in ast.iter_child_nodes(node):
        found = name
        if isinstance(inner, ast.FunctionDef):
            found = inner.name
        elif isinstance(inner, ast.Assign | ast.AnnAssign):
            to = inner.targets[0] if isinstance(inner, ast.Assign) else inner.target
            pairs = [(to, inner.value)]
            if isinstance(to, ast.Tuple) and isinstance(inner.value, ast.Tuple):
                pairs = list(zip(to.elts, inner.value.elts, strict=True))
            for one, value in pairs:
                if isinstance(value, ast.Call) and getattr(value.func, "attr", "") == "compile":
                    found = getattr(one, "id", getattr(one, "attr", name))
        if isinstance(inner, ast.Call) and inner.args:
            function = inner.func
            of_re = isinstance(function, ast.Attribute) and getattr(function.value, "id", "") == "re"
            is_name = getattr(function, "id", "") in ("search", "fullmatch") and len(inner.args) > 1
            if (of_re and function.attr != "escape") or is_name:  # type: ignore[attr-defined]
                yield found, inner
        yield from _calls(inner, found)


def _ways(name: str, path: Path) -> tuple[str, ...]:
    """The methods of an expression with a name that are called in its module, or else in those beside it."""
    call = re.compile(rf"\b{name}\.(match|search|fullmatch|finditer|findall|subn?|split)\b")
    found = call.findall(path.read_text("utf-8"))
    return tuple(found or [way for other in path.parent.glob("*.py") for way in call.findall(other.read_text("utf-8"))])


def _value(node: ast.expr, module: str) -> Any:
    held = {**vars(import_module(module)), "re": re}
    return eval(compile(ast.Expression(node), module, "eval"), held)


def _made(where: str, node: ast.expr, module: str) -> list[Any]:
    """The expressions that a call is given."""
    held = vars(import_module(module))
    if where.endswith(".network:_validate_iscsi_name"):
        return list(held["_QUALIFIED_NAMES"].values())
    if where.endswith(".explain:_field_matches"):
        from joblint.rules.catalogue.rule import builtin

        fields = {entry.field for rule in builtin() for entry in rule.server if entry.field}
        return [held["_expression"](field) for field in sorted(fields)]
    if where.endswith(".layout:depth"):
        return [where]
    late = {}
    if ".unrendered." in module:
        from joblint.source.unrendered import encoded

        late = {"encoded": encoded, "PATTERN": encoded.PATTERN}
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    names -= {"re", "chr"} | {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    function = _function(module, where)
    for name in names - set(held) - set(late):
        late[name] = function(name)
    return [eval(compile(ast.Expression(node), module, "eval"), {**held, **late, "re": re})]


def _function(module: str, where: str) -> Any:
    """Gives the values of names that are assigned once in the module."""
    tree = ast.parse(Path(str(import_module(module).__file__)).read_text("utf-8"))

    def value(name: str) -> Any:
        found = [
            n.value
            for n in ast.walk(tree)
            if isinstance(n, ast.Assign)
            and getattr(n.targets[0], "id", "") == name
            and isinstance(n.value, ast.Constant | ast.JoinedStr)
        ]
        if len(found) != 1:
            raise LookupError(f"{where}: say in _made, or in NOT_OURS, what {name} is")
        return _value(found[0], module)

    return value


def pieces(pattern: str) -> list[str]:
    """What texts for a pattern are made of: its literal words and characters, and members of its classes."""
    plain = re.sub(r"\\[abBAZdDsSwW]|\(\?[a-zA-Z]*[:=!<>]*|[()|*+?{}^$.]", " ", pattern)
    words = [w.replace("\\", "") for w in plain.split()]
    single = [w for w in words if w] + [c for c in "aA0 \t\n_-./:'\"#${}[]<>%@\\!&*|" if c in pattern or c in "aA0 \n"]
    found = list(dict.fromkeys(single))[:14]
    return found + [a + b for a, b in product(found[:8], found[:8]) if a != b]


class TooLong(Exception):
    """A text that takes longer than LONGEST."""


def seconds(expression: Expression, text: str) -> float:
    """The processor time of one question. Raises TooLong."""
    given: Any = text
    if isinstance(expression.pattern.pattern, bytes):
        given = text.encode("utf-8", "replace")

    def stop(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    begun = time.process_time()
    try:
        if expression.asked == "search":
            for _ in expression.pattern.finditer(given):
                pass
        else:
            getattr(expression.pattern, expression.asked)(given)
    finally:
        took = time.process_time() - begun
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return took


def texts(expression: Expression) -> Iterator[tuple[str, str, str]]:
    """A beginning, a piece to repeat, and an end."""
    source = expression.pattern.pattern
    parts = pieces(source if isinstance(source, str) else source.decode("latin-1"))
    yield from product(["", *parts[:4]], parts, ["", "\x00"])


def growth(expression: Expression, length: int, limit: float) -> tuple[float, str]:
    """By how much the time grows where a text is doubled, for the text where it does most, and that text. Ends at the first one
    that is over the limit."""
    worst, why = 0.0, ""
    for begin, piece, end in texts(expression):
        told = f"{begin!r} + {piece!r} * n + {end!r}"
        short, long = (begin + piece * (n // len(piece)) + end for n in (length, 2 * length))
        try:
            if seconds(expression, long) < LEAST:
                continue
            ratio = min([seconds(expression, long) for _ in range(2)]) / max(
                min([seconds(expression, short) for _ in range(3)]), 1e-6
            )
        except TooLong:
            return float("inf"), told
        if ratio > worst:
            worst, why = ratio, told
        if worst > limit:
            break
    return worst, why


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("words", nargs="*")
    parser.add_argument("--length", type=int, default=2000)
    parser.add_argument("--limit", type=float, default=3.0)
    options = parser.parse_args()
    found = [e for e in expressions() if not options.words or any(word in e.where for word in options.words)]
    worst = 0
    for expression in found:
        ratio, why = growth(expression, options.length, options.limit)
        if ratio > options.limit:
            worst += 1
            print(f"{expression.where}: {expression.asked} {str(expression.pattern.pattern)[:80]!r}")
            print(f"  grows {ratio:.1f} times where the text is doubled: {why}", flush=True)
    print(f"{len(found)} expressions, {worst} that take time by the square of their text or worse")
    return int(worst > 0)


if __name__ == "__main__":
    sys.exit(main())
