"""Runs a parsed template: text from its parts, a dot and functions; knows nothing about charts. Source: Go 1.26 text/template
(exec.go).
"""

from __future__ import annotations

from joblint.source.helm.bounds import size, weigh
from joblint.source.helm.nodes import Block, Call, Failure, Jump, Nil, Print, Syntax, Text, Undefined, Unsupported
from joblint.source.helm.values import Struct, is_true, printed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from joblint.source.helm.nodes import Operand, Pipeline

    Functions = Mapping[str, Callable[..., Any]]
    Definitions = Mapping[str, Sequence[Any]]

_STEPS = 1_000_000
_A_STEP = 32
"""So many characters or entries that a function walks through are a step."""
_OUTPUT = 16 << 20
_DEEPEST = 60


class _Stop(Exception):
    """`break` or `continue`, by its name."""


class Budget:
    """How much work is left for one chart, so that a template cannot run for too long."""

    def __init__(self) -> None:
        self.steps = _STEPS
        self.output = _OUTPUT
        self.depth = 0

    def spend(self, steps: int = 1, output: int = 0) -> None:
        """Take from what is left. Raises Unsupported when nothing is."""
        self.steps -= steps
        self.output -= output
        if self.steps < 0 or self.output < 0:
            raise Unsupported("too much to evaluate")


def execute(nodes: Sequence[Any], dot: Any, functions: Functions, definitions: Definitions, budget: Budget) -> str:
    """Return what a template prints. Raises Failure."""
    if budget.depth >= _DEEPEST:
        raise Failure("rendering template has a nested reference name")
    budget.depth += 1
    run = _Run(dot, functions, definitions, budget)
    try:
        run.nodes(nodes, dot)
    except _Stop:
        raise Failure("break or continue outside of range") from None
    except Failure as error:
        if error.at is not None:
            error.places, error.at = (*error.places, error.at), None
        raise
    except RecursionError:
        raise Unsupported("too deep") from None
    finally:
        budget.depth -= 1
    return "".join(run.parts)


class _Run:
    def __init__(self, dot: Any, functions: Functions, definitions: Definitions, budget: Budget) -> None:
        self.functions = functions
        self.definitions = definitions
        self.budget = budget
        self.variables: list[tuple[str, Any]] = [("$", dot)]
        self.parts: list[str] = []

    def nodes(self, nodes: Sequence[Any], dot: Any) -> None:
        node: Any = None
        try:
            for node in nodes:
                self.budget.spend()
                if isinstance(node, Text):
                    self._print(node.text)
                elif isinstance(node, Print):
                    value = self.pipeline(node.pipeline, dot)
                    if not node.pipeline.names:
                        size(value)
                        self._print(printed(value))
                elif isinstance(node, Block):
                    mark = len(self.variables)
                    self._range(node, dot) if node.word == "range" else self._choice(node, dot)
                    del self.variables[mark:]
                elif isinstance(node, Call):
                    inner = self.pipeline(node.pipeline, dot) if node.pipeline is not None else None
                    body = self.definitions.get(node.name)
                    if body is None:
                        raise Undefined(f'template "{node.name}" not defined')
                    self._print(execute(body, inner, self.functions, self.definitions, self.budget))
                elif isinstance(node, Jump):
                    raise _Stop(node.word)
        except Failure as error:
            if error.at is None and isinstance(node, (Print, Block, Call)):
                error.at = node.at
            raise

    def _print(self, text: str) -> None:
        self.budget.spend(1, len(text))
        self.parts.append(text)

    def _choice(self, node: Block, dot: Any) -> None:
        value = self.pipeline(node.pipeline, dot)
        if is_true(value):
            self._scoped(node.body, value if node.word == "with" else dot)
        else:
            self._scoped(node.other, dot)

    def _scoped(self, nodes: Sequence[Any], dot: Any) -> None:
        mark = len(self.variables)
        try:
            self.nodes(nodes, dot)
        finally:
            del self.variables[mark:]

    def _range(self, node: Block, dot: Any) -> None:
        pipeline = node.pipeline
        mark = len(self.variables)
        value = self.pipeline(pipeline, dot, sets=False)
        pairs: list[tuple[Any, Any]]
        if isinstance(value, (Struct, str, float, bool)):
            raise Failure("range can't iterate over a value of this type")
        if isinstance(value, dict):
            pairs = [(key, value[key]) for key in sorted(value)]
        elif isinstance(value, int):
            self.budget.spend(max(value, 0))
            pairs = [(n, n) for n in range(value)]
        elif isinstance(value, list):
            pairs = list(enumerate(value))
        elif value is None:
            pairs = []
        else:
            raise Unsupported("range over a function")
        if not pairs:
            self._scoped(node.other, dot)
            return
        names = pipeline.names
        self.budget.spend(2 * len(pairs))  # the body may be empty
        for key, item in pairs:
            given = {names[0]: key, names[1]: item} if len(names) > 1 else {names[0]: item} if names else {}
            for name, one in given.items():
                if pipeline.declares:
                    self.variables.append((name, one))
                else:
                    self._set(name, one)
            try:
                self._scoped(node.body, item)
            except _Stop as stop:
                if stop.args[0] == "break":
                    break
            finally:
                del self.variables[mark:]

    def _set(self, name: str, value: Any) -> None:
        for n in range(len(self.variables) - 1, -1, -1):
            if self.variables[n][0] == name:
                self.variables[n] = (name, value)
                return
        raise Syntax(f"undefined variable {name}")

    def pipeline(self, pipeline: Pipeline, dot: Any, sets: bool = True) -> Any:
        """The value of a pipeline, whose variables are set."""
        self.budget.spend()
        value: Any = None
        for n, command in enumerate(pipeline.commands):
            value = self._command(command, dot, [value] if n else [])
        for name in pipeline.names if sets else ():
            if pipeline.declares:
                self.variables.append((name, value))
            else:
                self._set(name, value)
        return value

    def _command(self, command: tuple[Operand, ...], dot: Any, piped: list[Any]) -> Any:
        first, rest = command[0], command[1:]
        if first.kind == "func":
            value = self._function(str(first.value), rest, dot, piped)
            return _along(value, first.names, True) if first.names else value
        value = self._operand(first, dot, called=True)
        if callable(value):
            return _called(value, [*[self._argument(o, dot) for o in rest], *piped])
        if rest or piped:
            raise Failure("can't give argument to non-function")
        return value

    def _function(self, name: str, rest: tuple[Operand, ...], dot: Any, piped: list[Any]) -> Any:
        if name in ("and", "or"):
            value: Any = None
            for n in range(len(rest) + len(piped)):
                value = self._argument(rest[n], dot) if n < len(rest) else piped[0]
                if is_true(value) == (name == "or"):
                    break
            return value
        function = self.functions.get(name)
        if function is None:
            raise Unsupported(f"function {name}")
        given = [*[self._argument(o, dot) for o in rest], *piped]
        self.budget.spend(1 + weigh(name, given) // _A_STEP)
        return _called(function, given)

    def _argument(self, operand: Operand, dot: Any) -> Any:
        if operand.kind == "func":
            value = self._function(str(operand.value), (), dot, [])
            return _along(value, operand.names, True) if operand.names else value
        value = self._operand(operand, dot, called=False)
        return _called(value, []) if callable(value) else value

    def _operand(self, operand: Operand, dot: Any, called: bool) -> Any:
        if operand.kind == "const":
            return operand.value
        if operand.kind == "pipe":
            mark = len(self.variables)
            value = self.pipeline(operand.value, dot)
            del self.variables[mark:]
        elif operand.kind == "dot":
            value = dot
        else:
            for name, held in reversed(self.variables):
                if name == operand.value:
                    value = held
                    break
            else:
                raise Syntax(f"undefined variable {operand.value}")
        return _along(value, operand.names, True) if operand.names else value


def _along(value: Any, names: tuple[str, ...], is_open: bool) -> Any:
    """The value at fields below a value. Of nil, a pipeline's value has nil in all fields; of a field's, that is an error."""
    for name in names:
        if value is None and is_open:
            return None
        if callable(value):
            value = _called(value, [])
        if isinstance(value, Struct):
            if name not in value:
                raise Failure(f"can't evaluate field {name}")
            value = value[name]
        elif isinstance(value, dict):
            value = value.get(name)
        elif value is None:
            raise Nil(f"nil pointer evaluating interface {{}}.{name}")
        else:
            raise Failure(f"can't evaluate field {name}")
        is_open = False
    return value


def _called(function: Callable[..., Any], given: list[Any]) -> Any:
    try:
        return function(*given)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError, ZeroDivisionError, OverflowError) as error:
        raise Failure(f"wrong arguments: {error}") from None
