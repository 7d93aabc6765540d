"""Shards: a check of every Nth file, its results as a file, and many such files combined as if they were one check.

A shard's file is JSON, so that reading it cannot execute anything; it contains what the rules over all files need in addition
to the findings. Only the joblint that wrote it can use it: version, rules and settings must be those of the merge.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.base.wrong import WrongInput
from joblint.run.contents import Once, read_file, read_pipes
from joblint.run.packed import Damaged, Packer
from joblint.run.parts import each, parts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from joblint.base.files import Found
    from joblint.rules.engine import Engine
    from joblint.run.parts import Part
    from joblint.run.render.check import Rendering
    from joblint.run.result import Report

VERSION = 3
_SEAL = b',"digest":"'


class ShardError(Exception):
    """A shard that cannot be used; the text is for a person."""


class Shard(Record):
    """The selected files: those whose number, from 0, divided by `count` has the remainder `index`."""

    index: int
    count: int

    @property
    def title(self) -> str:
        """Return it as it was requested."""
        return f"{self.index}/{self.count}"

    def of(self, files: tuple[str, ...]) -> tuple[str, ...]:
        """Return its files, in order."""
        return files[self.index :: self.count]


def read_shard(text: str) -> Shard:
    """Return the shard of a text such as `3/20`. Raises WrongInput."""
    first, slash, second = text.partition("/")
    if not (slash and first.isascii() and first.isdigit() and second.isascii() and second.isdigit()) or len(text) > 20:
        raise WrongInput(f"--shard takes two numbers such as 0/20, not {text!r}")
    index, count = int(first), int(second)
    if not count:
        raise WrongInput(f"--shard {text}: the number after the slash is how many shards there are, at least 1")
    if index >= count:
        raise WrongInput(f"--shard {text}: shards count from 0, so the last one is {count - 1}/{count}")
    return Shard(index, count)


class Recorder:
    """Processes files here, and keeps the results for a shard's file."""

    whole = False
    complete = True

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._engines: dict[str, Any] = {}

    def parts(self, engine: Engine, files: tuple[str, ...]) -> Iterator[Part]:
        """See joblint.run.elsewhere. What is checked again because of Namespaces found here is not kept: merging does that with
        all."""
        kept = self._engines.setdefault(key_of(engine), {})
        anew = any(file in kept for file in files)
        packer = Packer(engine.rules)
        for part in parts_of(engine, files, self._jobs, Once(None, read_pipes(files)), None):
            name, why, outcomes, namespaces = part
            if not anew:
                known = [packer.pack_any(namespaces)] if namespaces else []
                kept[name] = [why, packer.pack(outcomes) if outcomes else "", *known]
            yield part

    def read(self, file: str) -> bytes:
        """See joblint.run.elsewhere."""
        return read_file(file)

    def text(self, shard: Shard, found: Found, files: tuple[str, ...], places: dict[str, int], outside: Outside) -> bytes:
        """The shard's file; `found` is what all shards have found, `files` the ones of this outside of charts, `places` numbers
        all of them, `outside` is what was rendered."""
        from json import dumps

        from joblint import __version__

        pack = Packer(()).pack_any
        data = {
            "joblint-shard": VERSION,
            "joblint": __version__,
            "shard": [shard.index, shard.count],
            "files": files,
            "places": [places[file] for file in files],
            "asked": outside.asked,
            "charts": [
                [
                    one.chart.path,
                    key,
                    one.why,
                    one.said,
                    pack(one.report) if one.report is not None else "",
                    [[places[file], file] for file in left],
                ]
                for one, key, left in outside.charts
            ],
            "overlays": [outside.said, [pack(report) for report in outside.overlays]],
            "missing": found.missing,
            "passed": found.passed,
            "engines": self._engines,
        }
        return sealed(dumps(data, separators=(",", ":")).encode("ascii"))


class Outside(Record):
    """What was rendered of a shard: each chart with the name of its settings and the files that are read as written instead;
    the overlays' reports and what there is to say of them; the options that it was rendered with."""

    charts: tuple[tuple[Rendering, str, tuple[str, ...]], ...]
    overlays: tuple[Report, ...]
    said: tuple[str, ...]
    asked: tuple[object, ...]


class Merged:
    """The content of the shards' files, as if it had been computed here. `missing` and `passed` are those of their
    directories."""

    whole = True
    complete = True

    def __init__(self, shards: dict[str, bytes]) -> None:
        """`shards` are contents by name. Raises ShardError if one is damaged, missing, or given twice."""
        if not shards:
            raise ShardError("specify the files that joblint check --shard-file wrote")
        read = {name: _read(name, data) for name, data in shards.items()}
        counts = {data["shard"][1] for data in read.values()}
        if len(counts) > 1:
            raise ShardError(f"the shards belong to different runs, with {', '.join([str(n) for n in sorted(counts)])} shards")
        (count,) = counts
        by_index: dict[int, tuple[str, dict[str, Any]]] = {}
        for name, data in read.items():
            index = data["shard"][0]
            if index in by_index:
                raise ShardError(f"{name}: shard {index}/{count} is also in {by_index[index][0]}")
            by_index[index] = (name, data)
        lacking = [n for n in range(count) if n not in by_index] if len(by_index) < count else []
        if lacking:
            shown = ", ".join([f"{n}/{count}" for n in lacking[:10]]) + (" …" if len(lacking) > 10 else "")
            raise ShardError(f"{len(lacking)} of {count} shards {'is' if len(lacking) == 1 else 'are'} missing: {shown}")
        self._shards = [by_index[n] for n in range(count)]
        lists = [data["files"] for _, data in self._shards]
        total = sum([len(a) for a in lists])
        if any(len(a) != len(range(i, total, count)) for i, a in enumerate(lists)):
            raise ShardError("the shards belong to different runs: they found different numbers of files")
        charts = [data["charts"] for _, data in self._shards]
        if any(len(a) != len(range(i, sum([len(c) for c in charts]), count)) for i, a in enumerate(charts)):
            raise ShardError("the shards belong to different runs: they found different numbers of charts")
        self._charts = [(self._shards[i % count][0], charts[i % count][i // count]) for i in range(sum([len(c) for c in charts]))]
        placed = [(place, file) for _, data in self._shards for place, file in zip(data["places"], data["files"], strict=True)]
        self.files = tuple(
            [file for _, file in sorted([*placed, *[(place, file) for _, c in self._charts for place, file in c[5]]])]
        )
        self.missing = self._all("missing")
        self.passed = self._all("passed")

    def _all(self, what: str) -> tuple[tuple[str, str], ...]:
        return tuple({(path, reason): None for _, data in self._shards for path, reason in data[what]})

    def rendered(
        self, asked: tuple[object, ...], key_of_chart: Callable[[str], str]
    ) -> tuple[tuple[Report, ...], tuple[str, ...]]:
        """The reports on charts and overlays, and what there is to say of them. `asked` are the options of this command,
        `key_of_chart` names a chart's settings. Raises ShardError where the shards were checked with others."""
        from json import dumps, loads

        from joblint.run.render.charts import Chart
        from joblint.run.render.check import Rendering, told

        unpack = Packer(()).unpack_any
        for shard, data in self._shards:
            if data["asked"] != loads(dumps(asked)):
                raise ShardError(f"{shard}: it was checked with chart options that differ from those of this command")
        renderings = []
        try:
            for shard, (path, key, why, said, text, left) in self._charts:
                if key != key_of_chart(path):
                    raise ShardError(f"{shard}: it was checked with rules or settings that differ from those of this command")
                chart = Chart(path, tuple([file for _, file in left]))
                renderings.append(Rendering(chart, unpack(text) if text else None, why, tuple(said)))
            shard, first = self._shards[0]
            words, overlays = first["overlays"]
            charts = told(renderings)
            return (*charts.reports, *[unpack(text) for text in overlays]), (*charts.said, *words)
        except (Damaged, TypeError, ValueError):
            raise ShardError(f"{shard}: it is damaged") from None

    def parts(self, engine: Engine, files: tuple[str, ...]) -> Iterator[Part]:
        """See joblint.run.elsewhere. Objects in Namespaces that another shard has found are checked again, here. Raises
        ShardError if the shards were checked with other settings."""
        key, packer = key_of(engine), Packer(engine.rules)
        held = {name: (shard, data["engines"].get(key, {})) for shard, data in self._shards for name in _names(data)}
        under = engine.admission.namespaces if engine.admission is not None else ()
        names = {name for name, _ in under}
        for file in files:
            shard, parts = held[file]
            if not parts:
                raise ShardError(f"{shard}: it was checked with rules or settings that differ from those of this command")
            try:
                why, text, *known = parts[file]
                outcomes = packer.unpack(text) if text else ()
                namespaces = tuple(packer.unpack_any(known[0])) if known else ()
            except (Damaged, KeyError, TypeError, ValueError):
                raise ShardError(f"{shard}: it is damaged") from None
            if names and any((judged.namespace or "default") in names for outcome in outcomes for judged in outcome.judged):
                yield from each(engine, (file,), Once(None, {}), None)[0]
            else:
                yield file, str(why), outcomes, namespaces

    def read(self, file: str) -> bytes:
        """See joblint.run.elsewhere."""
        return read_file(file)


def key_of(engine: Engine) -> str:
    """Return a name for the settings of an engine, the same on every machine."""
    from joblint.base.digest import digest
    from joblint.run.cache import settings_of

    admission = engine.admission
    asked = (admission.policy, admission.forced) if admission is not None else (None, False)
    return digest(repr((*settings_of(engine), asked)).encode("utf-8", "surrogatepass")).hex()


def sealed(data: bytes) -> bytes:
    """Return a JSON object with the digest of its text as the last key: a shard's file may be copied from one machine to
    another, and one wrong bit may be a wrong word in the report."""
    return data[:-1] + _SEAL + _digest(data) + b'"}'


def _is_sealed(data: bytes) -> bool:
    body, seal, digest = data.rpartition(_SEAL)
    return bool(seal) and digest == _digest(body + b"}") + b'"}'


def _digest(data: bytes) -> bytes:
    from joblint.base.digest import digest

    return digest(data).hex().encode("ascii")


def _read(name: str, data: bytes) -> dict[str, Any]:
    from json import loads

    from joblint import __version__

    try:
        value = loads(data)
    except (ValueError, RecursionError):
        raise ShardError(f"{name}: not a shard: it is not JSON") from None
    if not isinstance(value, dict) or value.get("joblint-shard") != VERSION:
        raise ShardError(f"{name}: not a shard: joblint check --shard-file writes shards")
    if value.get("joblint") != __version__:
        raise ShardError(f"{name}: it was written by joblint {value.get('joblint')}; this is joblint {__version__}")
    if not (_is_sealed(data) and _is_whole(value)):
        raise ShardError(f"{name}: it is damaged")
    return value


def _is_whole(value: dict[str, Any]) -> bool:
    shard = value.get("shard")
    if not (isinstance(shard, list) and len(shard) == 2 and all(type(n) is int for n in shard) and 0 <= shard[0] < shard[1]):
        return False
    files, engines = value.get("files"), value.get("engines")
    places, charts, overlays = value.get("places"), value.get("charts"), value.get("overlays")
    pairs = [p for key in ("missing", "passed") for p in (value[key] if isinstance(value.get(key), list) else [None])]
    return (
        isinstance(files, list)
        and all(isinstance(file, str) for file in files)
        and isinstance(places, list)
        and len(places) == len(files)
        and all(type(place) is int for place in places)
        and isinstance(charts, list)
        and all(_is_chart(chart) for chart in charts)
        and isinstance(overlays, list)
        and len(overlays) == 2
        and all(isinstance(part, list) and all(isinstance(text, str) for text in part) for part in overlays)
        and all(isinstance(p, list) and len(p) == 2 and isinstance(p[0], str) and isinstance(p[1], str) for p in pairs)
        and isinstance(engines, dict)
        and all(isinstance(e, dict) for e in engines.values())
    )


def _is_chart(value: object) -> bool:
    """Whether this is a chart in a shard's file."""
    if not (isinstance(value, list) and len(value) == 6):
        return False
    path, key, why, said, text, left = value
    return (
        all(isinstance(word, str) for word in (path, key, why, text))
        and isinstance(said, list)
        and all(isinstance(word, str) for word in said)
        and isinstance(left, list)
        and all(isinstance(p, list) and len(p) == 2 and type(p[0]) is int and isinstance(p[1], str) for p in left)
    )


def _names(data: dict[str, Any]) -> list[str]:
    """The files of a shard, those of charts that could not be rendered included."""
    return [*data["files"], *[file for chart in data["charts"] for _, file in chart[5]]]
