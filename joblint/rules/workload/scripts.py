"""The scripts of a Pod template's containers, parsed; nested ones (`sh -c "bash -c '…'"`) in addition to the outer ones."""

from __future__ import annotations

from joblint.base.record import Record
from joblint.shell.flow import flow
from joblint.shell.grammar import limit_met, parse
from joblint.shell.invocation import of_words
from joblint.shell.syntax import commands
from joblint.shell.weight import behind_xargs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.subject import ContainerRef
    from joblint.shell.flow import Flow
    from joblint.shell.invocation import Invocation
    from joblint.shell.syntax import Sequence


class Script(Record):
    """A script: its container's index, its field, the shell, whether `timeout` limits it, its options, text, statements, and
    flow.

    The text is what the shell gets, so that `$$` of the manifest is `$`. `limit` is why it was not followed, if the script is
    too long or too deeply nested.
    """

    container: ContainerRef
    index: int
    field: str
    shell: str
    bounded: bool
    flags: frozenset[str]
    text: str
    statements: Sequence
    flow: Flow
    limit: str = ""

    @property
    def begins_with_e(self) -> bool:
        """Whether the shell is started with -e."""
        return "e" in self.flags or "errexit" in self.flags


def scripts(containers: tuple[ContainerRef, ...], runs: tuple[Invocation, ...]) -> tuple[Script, ...]:
    """Return all scripts, in the order of the containers."""
    found: list[Script] = []
    for i, run in enumerate(runs):
        if run.script >= 0:
            _add(found, containers[i], i, run.fields[run.script], run, 0)
    return tuple(found)


def _add(found: list[Script], container: ContainerRef, index: int, field: str, run: Invocation, depth: int) -> None:
    text = run.text.replace("$$", "$") if "$$" in run.text and depth == 0 else run.text
    statements = parse(text)
    found_here = flow(statements, run.flags)
    limit = limit_met(text, statements)
    found.append(Script(container, index, field, run.shell, run.bounded, run.flags, text, statements, found_here, limit))
    if depth < 3 and " -" in text:
        for command in commands(statements, functions=True):
            if len(command.words) > 2:
                words = behind_xargs(command.words)
                nested = of_words(words, words, True)
                if nested.script >= 0 and nested.text:
                    _add(found, container, index, field, nested, depth + 1)
