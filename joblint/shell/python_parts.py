"""Into how many parts the Python of `python -c` divides its work by a variable of the environment; knows nothing about other
programs.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

_MOST = 20_000  # characters: a longer text is not a script on a command line


def parts_of(text: str, variable: str) -> Iterator[tuple[str, int]]:
    """Yield the numbers of parts, each with its text: `n % 8 == i`, `files[i::8]`, `items[i]` of a list that is written out,
    where `i` is the number in the variable."""
    if len(text) > _MOST:
        return
    import ast

    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    names: set[str] = set()
    lists: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if _mentions(node.value, variable):
                names.add(name)
            elif isinstance(node.value, (ast.List, ast.Tuple)) and all(isinstance(e, ast.Constant) for e in node.value.elts):
                lists[name] = 0 if name in lists else len(node.value.elts)
            elif isinstance(node.value, ast.Constant) and type(node.value.value) is int:
                numbers[name] = -1 if name in numbers else node.value.value
            else:
                lists.pop(name, None)
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
            for one, other in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
                if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mod) and _is(other, names, variable):
                    yield from _number(one.right, "% {}", numbers)
        elif isinstance(node, ast.Subscript):
            if isinstance(node.slice, ast.Slice):
                if node.slice.lower is not None and _is(node.slice.lower, names, variable) and node.slice.step is not None:
                    yield from _number(node.slice.step, "[…::{}]", numbers)
            elif isinstance(node.value, ast.Name) and lists.get(node.value.id) and _is(node.slice, names, variable):
                yield f"the {lists[node.value.id]} entries of {node.value.id}", lists[node.value.id]
            elif isinstance(node.value, (ast.List, ast.Tuple)) and node.value.elts and _is(node.slice, names, variable):
                yield f"a list of {len(node.value.elts)} entries", len(node.value.elts)


def _mentions(node: ast.expr, variable: str) -> bool:
    """Whether an expression is nothing but the variable as a number: `int(os.environ["X"])`, `int(os.getenv("X", "0"))`."""
    import ast

    if not any(isinstance(n, ast.Constant) and n.value == variable for n in ast.walk(node)):
        return False
    return not any(isinstance(n, (ast.BinOp, ast.IfExp, ast.Compare)) for n in ast.walk(node))


def _is(node: ast.expr, names: set[str], variable: str) -> bool:
    import ast

    return isinstance(node, ast.Name) and node.id in names or _mentions(node, variable)


def _number(node: ast.expr, told: str, numbers: dict[str, int]) -> Iterator[tuple[str, int]]:
    import ast

    value = numbers.get(node.id) if isinstance(node, ast.Name) else node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, int) and value > 0:
        yield told.format(value), value
