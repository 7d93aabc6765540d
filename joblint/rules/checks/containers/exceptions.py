"""Errors that the Python of `python -c` or the JavaScript of `node -e` only prints: the exit code is 0."""

from __future__ import annotations

from joblint.rules.checks.containers.clients import call_hit
from joblint.rules.checks.containers.inline_code import codes_of, parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_PRINTS = ("print", "exception", "error", "warning", "info", "debug", "critical", "print_exc", "write")
_CAUGHT = ("console.error", "console.log", "console.warn")


def exception_only_printed(s: Subject) -> Iterator[Hit]:
    """`except Exception: print(…)` around the work, or `.catch(console.error)`; one finding for each container."""
    for i, _ in enumerate(s.containers):
        for code in codes_of(s, i):
            found = None
            if code.language == "python" and "except" in code.text:
                found = _of_python(code.text)
            elif code.language == "node" and ".catch(" in code.text:
                found = _of_node(code.text)
            if found:
                yield call_hit(s, code.called, program=code.called.name, what=found[0], better=found[1])
                break


def _of_node(text: str) -> tuple[str, str] | None:
    after = "".join(text.rpartition(".catch(")[2].split())
    if any(mark in text for mark in ("process.exit", "exitCode", "throw", "Deno.exit")):
        return None
    if any(mark in after[:60] for mark in _CAUGHT):
        return ".catch(…)", ".catch(e => { console.error(e); process.exit(1) })"
    return None


def _of_python(text: str) -> tuple[str, str] | None:
    if "exit" in text or "raise" in text or "return" in text:
        return None
    import ast

    tree = parsed(text)
    last = tree.body[-1] if tree is not None and tree.body else None
    if not isinstance(last, ast.Try) or last.finalbody:
        return None
    for handler in last.handlers:
        broad = handler.type is None or isinstance(handler.type, ast.Name) and handler.type.id in ("Exception", "BaseException")
        if broad and all(_prints(statement) for statement in handler.body):
            what = f"except {handler.type.id}" if isinstance(handler.type, ast.Name) else "except"
            return what, "raise    as the last line of the except block"
    return None


def _prints(statement: ast.stmt) -> bool:
    import ast

    if isinstance(statement, ast.Pass):
        return True
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return False
    function = statement.value.func
    name = function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    return name in _PRINTS
