"""The events of a YAML text from libyaml, through the C part of ruamel.yaml; does not know any values.

The C part (module `_ruamel_yaml`) calls the classes it takes from ruamel.yaml for every event it makes. On the command
line, where nothing else in the process uses ruamel.yaml, `prefer_lean` loads it with plain functions in their stead: that
saves importing all of ruamel.yaml (20 ms) and half the time of every event.
"""

from __future__ import annotations

import sys

from joblint.source.reading import events as e
from joblint.source.reading.events import YamlError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from joblint.source.reading.events import Event, NextEvent

_TOKENS = (
    "StreamStart StreamEnd Directive DocumentStart DocumentEnd BlockSequenceStart BlockMappingStart BlockEnd FlowSequenceStart"
    " FlowMappingStart FlowSequenceEnd FlowMappingEnd Key Value BlockEntry FlowEntry Alias Anchor Tag Scalar"
)
_EVENTS = "StreamStart StreamEnd DocumentStart DocumentEnd Alias Scalar SequenceStart SequenceEnd MappingStart MappingEnd"

# What the C part imports from ruamel.yaml: module, ending of the names, names.
_TAKEN = (
    ("error", "Error", "YAML"),
    ("reader", "Error", "Reader"),
    ("scanner", "Error", "Scanner"),
    ("parser", "Error", "Parser"),
    ("composer", "Error", "Composer"),
    ("constructor", "Error", "Constructor"),
    ("emitter", "Error", "Emitter"),
    ("serializer", "Error", "Serializer"),
    ("representer", "Error", "Representer"),
    ("tokens", "Token", _TOKENS),
    ("events", "Event", _EVENTS),
    ("nodes", "Node", "Scalar Sequence Mapping"),
)


def parse(data: bytes) -> NextEvent | None:
    """Return a function that returns the next event of a text with each call; None if the C part is not available.

    It raises what `as_yaml_error` understands.
    """
    if _wanted:
        _wanted.clear()
        _load_lean()
    try:
        import _ruamel_yaml as c  # type: ignore[import-not-found]
    except ImportError:
        return None
    get: Any = c.CParser(data).get_event
    if c.ScalarEvent is _scalar:
        return get  # type: ignore[no-any-return]
    return lambda: _made(get())


def as_yaml_error(error: Exception) -> YamlError:
    """Return the YamlError for what the C part raised; its index is -1 if a byte cannot be read."""
    if isinstance(error, YamlError):
        return error
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return YamlError(getattr(error, "reason", None) or str(error), -1)
    context = getattr(error, "context", None) or ""
    context_mark = getattr(error, "context_mark", None)
    problem: str = getattr(error, "problem", None) or ""
    return YamlError(problem, mark.index, context, -1 if context_mark is None else context_mark.index)


_wanted: list[bool] = []


def prefer_lean() -> None:
    """Have the C part loaded without ruamel.yaml once a text needs it, unless one of them is loaded or the C part is missing.

    For the command line alone: from then on, nothing else in this process can use the C part.
    """
    _wanted.append(True)


def _load_lean() -> None:
    if "_ruamel_yaml" in sys.modules or "ruamel.yaml" in sys.modules:
        return
    module = type(sys)
    seeded = [n for n in ("ruamel", "ruamel.yaml", *[f"ruamel.yaml.{m[0]}" for m in _TAKEN]) if n not in sys.modules]
    for name in seeded:
        sys.modules[name] = stand_in = module(name)
        stand_in.__path__ = []
    for name, ending, names in _TAKEN:
        stand_in = sys.modules[f"ruamel.yaml.{name}"]
        for stem in names.split():
            setattr(stand_in, stem + ending, _LEAN.get(stem, _Unused) if ending == "Event" else _STAND_INS[ending])
    try:
        import _ruamel_yaml  # noqa: F401  (kept in sys.modules)
    except ImportError:
        pass
    finally:
        for name in seeded:
            del sys.modules[name]


class _Error(Exception):
    """Replaces ruamel.yaml's errors: what is wrong and where, or the byte that cannot be read and why."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        if len(args) == 5:
            self.reason = args[4]
        else:
            self.context, self.context_mark, self.problem, self.problem_mark = args


class _Unused:
    """Replaces the classes that parsing into events never makes."""


def _scalar(anchor: Any, tag: Any, implicit: Any, value: Any, start: Any, end: Any, style: Any) -> Event:
    return (e.SCALAR, value, style, tag, anchor, implicit[0], start, end)


def _sequence(anchor: Any, tag: Any, implicit: Any, start: Any, end: Any, flow: Any) -> Event:
    return (e.SEQUENCE, None, flow, tag, anchor, implicit, start, end)


def _mapping(anchor: Any, tag: Any, implicit: Any, start: Any, end: Any, flow: Any) -> Event:
    return (e.MAPPING, None, flow, tag, anchor, implicit, start, end)


def _end(start: Any, end: Any) -> Event:
    return (e.END, None, None, None, None, None, start, end)


def _alias(anchor: Any, start: Any, end: Any) -> Event:
    return (e.ALIAS, None, None, None, anchor, None, start, end)


def _stream(start: Any, end: Any, encoding: Any) -> Event:
    return (e.STREAM, None, None, None, None, None, start, end)


def _stream_end(start: Any, end: Any) -> Event:
    return (e.STREAM_END, None, None, None, None, None, start, end)


def _document(start: Any, end: Any, explicit: Any, version: Any, tags: Any) -> Event:
    return (e.DOCUMENT, None, None, None, None, None, start, end)


def _document_end(start: Any, end: Any, explicit: Any) -> Event:
    return (e.DOCUMENT_END, None, None, None, None, None, start, end)


_LEAN = {
    "Scalar": _scalar,
    "SequenceStart": _sequence,
    "SequenceEnd": _end,
    "MappingStart": _mapping,
    "MappingEnd": _end,
    "Alias": _alias,
    "StreamStart": _stream,
    "StreamEnd": _stream_end,
    "DocumentStart": _document,
    "DocumentEnd": _document_end,
}
_STAND_INS: dict[str, type] = {"Error": _Error, "Token": _Unused, "Node": _Unused}


def _made(event: Any) -> Event:
    return _MAKE[type(event).__name__](event)


# The same tuples from ruamel.yaml's own event objects.
_MAKE: dict[str, Callable[[Any], Event]] = {
    "ScalarEvent": lambda v: (e.SCALAR, v.value, v.style, v.tag, v.anchor, v.implicit[0], v.start_mark, v.end_mark),
    "SequenceStartEvent": lambda v: _sequence(v.anchor, v.tag, v.implicit, v.start_mark, v.end_mark, v.flow_style),
    "MappingStartEvent": lambda v: _mapping(v.anchor, v.tag, v.implicit, v.start_mark, v.end_mark, v.flow_style),
    "SequenceEndEvent": lambda v: _end(v.start_mark, v.end_mark),
    "MappingEndEvent": lambda v: _end(v.start_mark, v.end_mark),
    "AliasEvent": lambda v: _alias(v.anchor, v.start_mark, v.end_mark),
    "StreamStartEvent": lambda v: _stream(v.start_mark, v.end_mark, None),
    "StreamEndEvent": lambda v: _stream_end(v.start_mark, v.end_mark),
    "DocumentStartEvent": lambda v: _document(v.start_mark, v.end_mark, None, None, None),
    "DocumentEndEvent": lambda v: _document_end(v.start_mark, v.end_mark, None),
}
