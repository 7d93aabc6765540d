"""The ways to read a text that must not differ: libyaml with ruamel.yaml's own classes, and go-yaml's rules in Python."""

from __future__ import annotations

from typing import Any

from joblint.source.reading import libyaml, stream
from joblint.source.reading.events import YamlError
from joblint.source.reading.load import Loaded, _load, load


def documents(data: bytes, pure: bool) -> list[Any]:
    """The data of each document, Ellipsis where it cannot be read."""
    found = []
    for part in stream.split(data):
        loaded: Loaded | YamlError
        if part.error is not None:
            loaded = Loaded(None, 0, "", part.error)
        elif part.composed is not None:
            loaded = Loaded(*part.composed, "json", None)
        else:
            loaded = _load(part.data, "goyaml") if pure else load(part.data)
        found.append(... if loaded.error else loaded.value)
    return found


def has_c_part() -> bool:
    """Whether libyaml is there to be compared with."""
    return libyaml.parse(b"") is not None
