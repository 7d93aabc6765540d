"""How long the Python of `python -c` runs at least: the sleeps at its top level; knows nothing about other programs.

Anything that may leave early, or that only the run decides, counts as nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast

_MOST = 20_000  # characters: a longer text is not a script on a command line
_LONGEST = 10**9


def least_of(text: str) -> float:
    """Seconds that the statements of a Python script sleep at least; 0 if it is not Python, or shows nothing."""
    if "sleep" not in text or len(text) > _MOST:
        return 0.0
    import ast

    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return 0.0
    return _of(body)


def patience_of(text: str) -> float:
    """Seconds that loops with a fixed number of rounds at the top level of a Python script may sleep at most, all together."""
    if "sleep" not in text or "range" not in text or len(text) > _MOST:
        return 0.0
    import ast

    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return 0.0
    total = 0.0
    for node in body:
        if isinstance(node, ast.For):
            slept = [_slept(n) for n in ast.walk(node) if isinstance(n, ast.Call)]
            nested = any(isinstance(n, (ast.For, ast.While)) for n in ast.walk(node) if n is not node)
            total += 0 if nested else _rounds(node.iter) * max(slept, default=0.0)
    return min(total, _LONGEST)


def _of(body: list[ast.stmt]) -> float:
    import ast

    total = 0.0
    for node in body:
        if isinstance(node, ast.Expr):
            total += _slept(node.value)
            if _leaves(node.value):
                break
        elif isinstance(node, ast.For) and not any(isinstance(x, (ast.Break, ast.Return)) for x in ast.walk(node)):
            total += _rounds(node.iter) * _of(node.body)
        elif isinstance(node, (ast.If, ast.Try, ast.While, ast.Raise, ast.With)) and _may_leave(node):
            break
    return min(total, _LONGEST)


def _slept(node: ast.expr) -> float:
    import ast

    if not isinstance(node, ast.Call) or len(node.args) != 1:
        return 0.0
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    seconds = _number(node.args[0])
    return seconds if name == "sleep" and seconds > 0 else 0.0


def _number(node: ast.expr) -> float:
    import ast

    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return _number(node.left) * _number(node.right)
    return 0.0


def _rounds(node: ast.expr) -> float:
    import ast

    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range" and len(node.args) == 1:
        return _number(node.args[0])
    return float(len(node.elts)) if isinstance(node, (ast.List, ast.Tuple)) else 0.0


def _leaves(node: ast.expr) -> bool:
    import ast

    function = node.func if isinstance(node, ast.Call) else None
    return (
        isinstance(function, ast.Attribute)
        and function.attr in ("exit", "_exit", "abort")
        or (isinstance(function, ast.Name) and function.id in ("exit", "quit"))
    )


def _may_leave(node: ast.stmt) -> bool:
    import ast

    return any(isinstance(x, ast.Raise) or isinstance(x, ast.expr) and _leaves(x) for x in ast.walk(node))
