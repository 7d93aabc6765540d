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
    """A handler of rejections that only prints; the last one of a chain decides."""
    for at in [i for i in range(len(text)) if text.startswith(".catch(", i)]:
        handler = _argument(text, at + len(".catch("))
        after = text[at + len(".catch(") + len(handler) + 1 :].lstrip()
        if after.startswith(".") or any(mark in handler for mark in _ENDS):
            continue
        plain = handler.strip()
        if plain in _CAUGHT or "=>" in plain and _is_print(plain.partition("=>")[2].strip(" {};")):
            return ".catch(…)", ".catch(e => { console.error(e); process.exit(1) })"
    return None


_ENDS = ("exit", "throw", "reject", "return")


def _is_print(body: str) -> bool:
    return body.startswith(_CAUGHT) and ";" not in body and body.count("(") == 1


def _argument(text: str, start: int) -> str:
    """The text up to the parenthesis that closes a call."""
    depth = 1
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if not depth:
            return text[start:at]
    return text[start:]


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
