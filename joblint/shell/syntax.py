"""Records of a shell script's syntax, as far as it matters for exit codes and ends, and how to walk through them; imports
nothing but the record type.

`start` and `end` of every record count characters of the script. A status is lost or kept by whole commands, so words are not
split further: the value of a word with expansions is "", its text is as written.
"""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    Node: TypeAlias = "Command | Sequence | AndOr | Pipe | Not | If | Loop | Case | Group | Background | Function"


class Command(Record):
    """A simple command: its words as the shell would pass them ("" if known only at run time), and their texts.

    A plain assignment has no words; `[ … ]`, `[[ … ]]` and `(( … ))` are the word `[`. `inner` are the scripts of its command
    substitutions, `text` the command as written, `redirects` its redirections as written.
    """

    start: int
    end: int
    words: tuple[str, ...]
    texts: tuple[str, ...]
    assigns: tuple[str, ...]
    inner: tuple[Sequence, ...]
    redirects: tuple[str, ...]
    text: str


class Sequence(Record):
    """Statements one after the other."""

    start: int
    end: int
    parts: tuple[Node, ...]


class AndOr(Record):
    """`left && right` or `left || right`."""

    start: int
    end: int
    left: Node
    operator: str
    right: Node


class Pipe(Record):
    """`a | b | c`."""

    start: int
    end: int
    parts: tuple[Node, ...]


class Not(Record):
    """`! body`."""

    start: int
    end: int
    body: Node


class If(Record):
    """`if … elif … else … fi`: conditions with their bodies, and the body after else."""

    start: int
    end: int
    clauses: tuple[tuple[Sequence, Sequence], ...]
    otherwise: Sequence | None


class Loop(Record):
    """`kind` is while, until, for or select; `condition` is None for the last two, `head` the text before `do`."""

    start: int
    end: int
    kind: str
    condition: Sequence | None
    body: Sequence
    head: str


class Case(Record):
    """The bodies of a `case`, and the word that it compares."""

    start: int
    end: int
    word: str
    bodies: tuple[Sequence, ...]


class Group(Record):
    """`{ … }`, or a subshell `( … )`."""

    start: int
    end: int
    body: Sequence
    subshell: bool


class Background(Record):
    """`body &`."""

    start: int
    end: int
    body: Node


class Function(Record):
    """The definition of a function."""

    start: int
    end: int
    name: str
    body: Node


def commands(node: Node, functions: bool = False, inner: bool = False) -> Iterator[Command]:
    """Yield all commands below a node: the bodies of functions and command substitutions only on request."""
    left: list[Node] = [node]
    while left:
        node = left.pop()
        if isinstance(node, Sequence):
            left += node.parts[::-1]
        elif isinstance(node, Command):
            yield node
            if inner:
                left.extend(reversed(node.inner))
        elif isinstance(node, Function):
            if functions:
                left.append(node.body)
        else:
            left.extend(reversed(children(node)))


def in_order(node: Node, subshells: bool = False, unless: Callable[[Node], bool] | None = None) -> Iterator[Command]:
    """Yield the commands that run one after the other as long as none fails: of sequences, of groups (and `subshells`), and of
    `a && b`, if `unless` is not true of `a`; no branch, no loop, no function."""
    left: list[Node] = [node]
    while left:
        each = left.pop()
        if isinstance(each, Command):
            yield each
        elif isinstance(each, Sequence):
            left += each.parts[::-1]
        elif isinstance(each, AndOr) and each.operator == "&&" and not (unless is not None and unless(each.left)):
            left += (each.right, each.left)
        elif isinstance(each, Group) and (subshells or not each.subshell):
            left.append(each.body)


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


def every(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes below it, the bodies of functions included; of several children, the last one first."""
    left = [node]
    while left:
        each = left.pop()
        yield each
        left.extend(children(each))


def loops(node: Node) -> Iterator[Loop]:
    """Yield all loops below a node, in the order of `every`."""
    return (each for each in every(node) if isinstance(each, Loop))
