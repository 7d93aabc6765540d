"""The options and variables that a container gets, by name: `--shards=8`, `--shard $N`, `NUM_WORKERS: "8"`; no texts.

It also knows which of them contain the completion index; a value that is known only at run time keeps its text.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.subject import ContainerRef, Subject

INDEX_NAMES = ("JOB_COMPLETION_INDEX", "job-completion-index")
_MOST = 400  # options of a container that are considered
_COUNTS = ("total", "num", "nr", "n")
_COUNTED = ("count", "total", "size")
_NUMBERED = ("index", "idx", "id", "number", "num", "no", "rank")


class Option(Record):
    """An option or a variable: its name as letters and digits in lower case, the name as written, its value, its field."""

    name: str
    told: str
    value: str
    field: str


class Options(Record):
    """Those of a container; `aliases` are the names of variables that contain the completion index."""

    options: tuple[Option, ...]
    aliases: frozenset[str]

    def is_index(self, value: str) -> bool:
        """Whether a value is the completion index and nothing else."""
        return value.strip("\"'${}()") in self.aliases and "$" in value

    def holds_index(self, value: str) -> bool:
        """Return whether the completion index is part of a value."""
        return "$" in value and any(alias in value for alias in self.aliases)


def options_of(s: Subject, container: ContainerRef, index: int) -> Options:
    """Return the options and variables of a container, in the order of the manifest."""
    found: list[Option] = []
    aliases = {INDEX_NAMES[0]}
    for i, entry in enumerate(as_list(container.data.get("env"))):
        name, value = as_dict(entry).get("name"), as_dict(entry).get("value")
        path = as_dict(as_dict(as_dict(entry).get("valueFrom")).get("fieldRef")).get("fieldPath")
        if isinstance(path, str) and INDEX_NAMES[1] in path:
            value = f"$({INDEX_NAMES[0]})"
        if isinstance(name, str) and isinstance(value, str):
            if value.strip("$()") in aliases and value.startswith("$("):
                aliases.add(name)
            field = f"{container.at}.env[{i}]" + (".value" if as_dict(entry).get("value") is not None else "")
            found.append(Option(_plain(name), f"{name}={value}", value, field))
    run = s.runs[index]
    if run.words and not run.shell:
        found.extend(_pairs(list(run.words), list(run.fields)))
    for script in s.scripts:
        if script.index == index:
            from joblint.shell.syntax import commands

            for command in commands(script.statements, functions=True):
                for assign in command.assigns:
                    name, _, value = assign.partition("=")
                    if value.strip("\"'${}") in aliases:
                        aliases.add(name)
                    found.append(Option(_plain(name), assign, value.strip("\"'"), script.field))
                found.extend(_pairs(list(command.texts), [script.field] * len(command.texts)))
                if len(found) > _MOST:
                    break
    return Options(tuple(found), frozenset(aliases))


def _pairs(words: list[str], fields: list[str]) -> Iterator[Option]:
    for i, word in enumerate(words):
        if not word.startswith("-") or word.startswith("---"):
            continue
        name, sign, value = word.partition("=")
        if sign:
            yield Option(_plain(name), word, value.strip("\"'"), fields[i])
        elif i + 1 < len(words) and not words[i + 1].startswith("-"):
            yield Option(_plain(name), f"{word} {words[i + 1]}", words[i + 1].strip("\"'"), fields[i + 1])


def _plain(name: str) -> str:
    return "".join([c for c in name.lower() if c.isalnum()])


def counted(name: str) -> str:
    """Return what an option counts: `shards`, `numshards` and `shardcount` → `shard`; "" if it counts nothing.

    `worldsize` counts ranks.
    """
    if name == "worldsize":
        return "rank"
    for prefix in _COUNTS:
        if name.startswith(prefix) and name.endswith("s") and len(name) > len(prefix) + 3:
            return name[len(prefix) : -1]
    for suffix in _COUNTED:
        if name.endswith(suffix) and len(name) > len(suffix) + 2:
            return name[: -len(suffix)].removesuffix("s")
    for prefix in ("total", "num"):
        if name.startswith(prefix) and len(name) > len(prefix) + 2:
            return name[len(prefix) :]
    return name[:-1] if name.endswith("s") and len(name) > 3 else ""


def numbered(name: str) -> str:
    """Return what an option numbers: `shard`, `shardid`, `shardindex` → `shard`; `rank` → `rank`."""
    for suffix in _NUMBERED:
        if name.endswith(suffix) and len(name) > len(suffix) + 2:
            return name[: -len(suffix)]
    return name
