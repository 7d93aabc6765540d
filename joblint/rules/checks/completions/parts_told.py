"""The number of parts that a program gets, held against the number of indexes; knows subjects."""

from __future__ import annotations

from joblint.base.names import names
from joblint.base.words import count
from joblint.rules.workload.indexes import PARTS, indexes
from joblint.rules.workload.options import counted, numbered, options_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.options import Option, Options


def shard_total_differs(s: Subject) -> Iterator[Hit]:
    """The number of parts that a program gets differs from the number of indexes."""
    from joblint.rules.checks.completions.parts_in_scripts import totals_of_scripts

    total = indexes(s)
    for i, container in enumerate(s.containers):
        if total < 1 or container.role != "main":
            continue
        found = options_of(s, container, i)
        nodes = _nodes(s, i, found)
        for field, told, parts in (*_totals(found), *totals_of_scripts(s, i, found), *nodes):
            if parts == total:
                continue
            if (field, told, parts) in nodes:
                effect = "it waits for nodes that never start" if parts > total else "there are more Pods than nodes"
            elif parts > total:
                effect = f"{_range(total, parts)} of {parts} {_is(parts - total)} never processed"
            else:
                effect = (
                    f"{count(total - parts, 'index', 'indexes')} of {total} {'has' if total - parts == 1 else 'have'} no work"
                )
            several = count(parts, "index", "indexes")
            yield s.hit(field, told=told, total=total, effect=effect, parts=parts, several=several, at=s.spec_at)
            return


def _range(first: int, end: int) -> str:
    return f"part {first}" if first == end - 1 else f"parts {first} to {end - 1}"


def _is(n: int) -> str:
    return "is" if n == 1 else "are"


def _nodes(s: Subject, index: int, found: Options) -> list[tuple[str, str, int]]:
    """The number of nodes that torchrun gets: each Pod is one of them, and the first ones wait until all are there."""
    texts = (" ".join(s.runs[index].words), *[x.text for x in s.scripts if x.index == index])
    if not any("torchrun" in text or "torch.distributed" in text for text in texts):
        return []
    named = [o for o in found.options if o.name == "nnodes" and o.value.isdecimal() and len(o.value) < 6]
    return [(o.field, o.told, int(o.value)) for o in named]


def _totals(found: Options) -> Iterator[tuple[str, str, int]]:
    """The options that count what another one numbers by the index, each as its field, text and number; `--shard=$INDEX/8` does
    both."""
    numbers = {numbered(o.name) for o in found.options if found.is_index(o.value)}
    for option in found.options:
        value = option.value
        if value.isdecimal() and len(value) < 9 and counted(option.name) in numbers and int(value) > 0:
            yield option.field, option.told, int(value)
        elif "/" in value and found.holds_index(value.rpartition("/")[0]) and value.rpartition("/")[2].isdecimal():
            if numbered(option.name) in PARTS and len(value) < 80:
                yield option.field, option.told, int(value.rpartition("/")[2])
        elif value.isdecimal() and 0 < len(value) < 7 and option.name in _TOTALS and not _number_of(option, found):
            yield option.field, option.told, int(value)


_TOTALS = frozenset([a + b for a in ("total", "num") for b in ("shards", "chunks", "slices")]) | names("shardcount shardtotal")


def _number_of(option: Option, found: Options) -> bool:
    """Whether another option says which of the parts is done: the program does not read the index itself."""
    return any(numbered(o.name) == counted(option.name) for o in found.options if o is not option)
