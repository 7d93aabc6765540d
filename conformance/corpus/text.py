"""Trees as YAML or JSON text in many styles."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

from conformance.corpus.pools import Raw

_PLAIN = re.compile(r"[A-Za-z/.$][\w/.$@+-]*( [\w/.-]+)*")
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", ".inf", ".nan", ".", "..", "..."}


def write(tree: Any, rng: Random) -> str:
    """The tree as one document: JSON (rarely), flow style, or blocks with some flow inside."""
    roll = rng.random()
    if roll < 0.04 and not _has_raw(tree):
        return json.dumps(tree, indent=rng.choice((None, 2)), ensure_ascii=rng.random() < 0.5) + "\n"
    if roll < 0.08:
        return flow_text(tree, rng) + "\n"
    style = _Style(rng, flow=rng.choice((0.0, 0.0, 0.05, 0.4)), dent=rng.choice((0, 0, 2)))
    lines = style.block(tree, 0)
    return "\n".join(lines) + "\n"


def _has_raw(value: Any) -> bool:
    if isinstance(value, Raw):
        return True
    if isinstance(value, dict):
        return any(_has_raw(v) for v in value.values())
    return isinstance(value, list) and any(_has_raw(v) for v in value)


def scalar_text(value: Any, rng: Random) -> str:
    """A scalar on one line, plain or quoted."""
    if isinstance(value, Raw):
        return value.text
    if value is None:
        return rng.choice(("null", "null", "~"))
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return json.dumps(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS and rng.random() < 0.9 and not text.startswith("-"):
        return text
    printable = all(" " <= c <= "~" or "\xa0" < c < "\ud7ff" and c not in "\u2028\u2029\ufeff" for c in text)
    if printable and rng.random() < 0.7:
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=not printable or rng.random() < 0.5)


def flow_text(value: Any, rng: Random) -> str:
    """A value on one line."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(k, rng)}: {flow_text(v, rng)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow_text(v, rng) for v in value) + "]"
    text = scalar_text(value, rng)
    return (
        json.dumps(str(value))
        if isinstance(value, str) and not text.startswith(("'", '"')) and any(c in text for c in ",[]{}")
        else text
    )


def _key(key: str, rng: Random) -> str:
    return scalar_text(key, rng)


class _Style:
    def __init__(self, rng: Random, flow: float, dent: int) -> None:
        self.rng, self.flow, self.dent = rng, flow, dent

    def block(self, value: Any, indent: int) -> list[str]:
        pad = " " * indent
        if isinstance(value, dict) and value and not isinstance(value, Raw):
            lines: list[str] = []
            for key, item in value.items():
                lines += self.entry(
                    f"{pad}{_key(key, self.rng)}:",
                    item,
                    indent,
                    self.dent if isinstance(item, list) and not isinstance(item, Raw) else 2,
                )
            return lines
        if isinstance(value, list) and value and not isinstance(value, Raw):
            lines = []
            for item in value:
                inner = self.block(item, indent + 2) if self._blocks(item) else [pad + "  " + flow_text(item, self.rng)]
                lines.append(pad + "- " + inner[0].lstrip(" "))
                lines += inner[1:]
            return lines
        return [pad + flow_text(value, self.rng)]

    def entry(self, head: str, item: Any, indent: int, dent: int) -> list[str]:
        if self._blocks(item):
            return [head, *self.block(item, indent + dent)]
        if (
            isinstance(item, str)
            and "\n" in item
            and not isinstance(item, Raw)
            and item.isprintable()
            and self.rng.random() < 0.5
        ):
            return [head + " |", *(" " * (indent + 2) + line for line in item.splitlines())]
        return [f"{head} {flow_text(item, self.rng)}"]

    def _blocks(self, item: Any) -> bool:
        return isinstance(item, (dict, list)) and not isinstance(item, Raw) and bool(item) and self.rng.random() >= self.flow
