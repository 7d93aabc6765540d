"""Trees as YAML or JSON text in many styles, and small accidents to such text."""

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
        return _flow(tree, rng) + "\n"
    style = _Style(rng, flow=rng.choice((0.0, 0.0, 0.05, 0.4)), dent=rng.choice((0, 0, 2)))
    lines = style.block(tree, 0)
    return "\n".join(lines) + "\n"


def _has_raw(value: Any) -> bool:
    if isinstance(value, Raw):
        return True
    if isinstance(value, dict):
        return any(_has_raw(v) for v in value.values())
    return isinstance(value, list) and any(_has_raw(v) for v in value)


def _scalar(value: Any, rng: Random) -> str:
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


def _flow(value: Any, rng: Random) -> str:
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(k, rng)}: {_flow(v, rng)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(v, rng) for v in value) + "]"
    text = _scalar(value, rng)
    return json.dumps(str(value)) if isinstance(value, str) and not text.startswith(("'", '"')) and any(c in text for c in ",[]{}") else text


def _key(key: str, rng: Random) -> str:
    return _scalar(key, rng)


class _Style:
    def __init__(self, rng: Random, flow: float, dent: int) -> None:
        self.rng, self.flow, self.dent = rng, flow, dent

    def block(self, value: Any, indent: int) -> list[str]:
        pad = " " * indent
        if isinstance(value, dict) and value and not isinstance(value, Raw):
            lines: list[str] = []
            for key, item in value.items():
                lines += self.entry(f"{pad}{_key(key, self.rng)}:", item, indent, self.dent if isinstance(item, list) and not isinstance(item, Raw) else 2)
            return lines
        if isinstance(value, list) and value and not isinstance(value, Raw):
            lines = []
            for item in value:
                inner = self.block(item, indent + 2) if self._blocks(item) else [pad + "  " + _flow(item, self.rng)]
                lines.append(pad + "- " + inner[0].lstrip(" "))
                lines += inner[1:]
            return lines
        return [pad + _flow(value, self.rng)]

    def entry(self, head: str, item: Any, indent: int, dent: int) -> list[str]:
        if self._blocks(item):
            return [head, *self.block(item, indent + dent)]
        if isinstance(item, str) and "\n" in item and not isinstance(item, Raw) and item.isprintable() and self.rng.random() < 0.5:
            return [head + " |", *(" " * (indent + 2) + line for line in item.splitlines())]
        return [f"{head} {_flow(item, self.rng)}"]

    def _blocks(self, item: Any) -> bool:
        return isinstance(item, (dict, list)) and not isinstance(item, Raw) and bool(item) and self.rng.random() >= self.flow


_CHARS = ["\t", "{", "}", "[", "]", ":", " ", "#", "'", '"', "-", "&", "*", "!", "|", ">", "%", "@", "`", ",", "?", "\x00", "\x07", "\x7f", "\x85", "\u2028", "\ufeff", "é", "\r", "\n", "<<"]


def accident(text: str, rng: Random) -> str:
    """One change to the text as a slip of the hand makes it; the result may be broken or be read all the same."""
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    line = lines[at]
    kind = rng.randrange(30)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, line)
    elif kind == 2:
        lines[at] = " " * rng.choice((1, 2, 4)) + line
    elif kind == 3:
        lines[at] = line[1:] if line.startswith(" ") else line
    elif kind == 4:
        lines[at] = "\t" + line.lstrip(" ")
    elif kind == 5:
        lines[at] = line + rng.choice(("\t", " ", " # c", "#c", "  ", " :", ":"))
    elif kind == 6:
        lines.insert(at, rng.choice(("", "# c", "  # c", "---", "--- # second", "---x", "--- a", "...", "%YAML 1.1", "   ", "\t", "x: 1", "- x", "foo", " ---", "--- |", "----")))
    elif kind == 7:
        return rng.choice(("---\n", "--- \n", "%YAML 1.1\n---\n", "\ufeff", "# c\n---\n", "\n\n", "---\n---\n", "\t", " ", "\n---\n", "# c\n", "...\n", "--- # c\n", "--- !!map\n")) + text
    elif kind == 8:
        return text + rng.choice(("---\n", "...\n", "---\n# c\n", "\n---\n\n", "---\nnull\n", "---\n{}\n", "---\n- a\n", "...\n---\n", "x", "\x00", "}", "---\napiVersion: v1\nkind: Pod\n", "--- \n" + text, "---\n" + text))
    elif kind == 9:
        return text.replace("\n", "\r\n")
    elif kind == 10:
        return text.replace("\n", "\r")
    elif kind == 11:
        return text[: rng.randrange(len(text) + 1)]
    elif kind in (12, 13, 14):
        spot = rng.randrange(len(text) + 1)
        return text[:spot] + rng.choice(_CHARS) + text[spot:]
    elif kind == 15:
        spot = rng.randrange(len(text) + 1)
        return text[:spot] + text[spot + 1 :]
    elif kind == 16:
        lines[at] = line.replace(": ", ":", 1)
    elif kind == 17:
        lines[at] = line.replace(":", "", 1)
    elif kind == 18:
        lines[at] = line.replace("- ", "-", 1)
    elif kind in (19, 20) and ":" in line:
        lines[at] = re.sub(r": .*", ": " + rng.choice(("'x", '"x', "x'", "[a, b", "{a: b", "a: b", "|", ">", "&a", "*a", "!!str", "- a", "@a", "`a`", "%a", "?", "a #b", "[a]]", "'a' b", "|\n    text\n   less", "|+\n    x\n", ">-\n      folded\n      more\n")), line)
    elif kind == 21:
        return text.replace("spec:", "spec: &s", 1) + rng.choice(("other: *s\n", "x: *nope\n", "status: *s\n"))
    elif kind == 22:
        lines.insert(at, re.match(r" *", line)[0] + rng.choice(("<<: {a: b}", "<<: [{a: b}, {c: d}]", "<<: x", "? a\n: b", "? [a]\n: b", "yes: 1", "null: 1", "0x1F: 1", "1.5: 1", "~: 1", "{a: b}: 1", "[a]: 1", "'': 1", "? |\n  a\n: b", "<<: null", "'<<': {a: b}", "!!merge <<: {a: b}", "2001-01-01: x", ".inf: x")))  # type: ignore[index]
    elif kind == 23:
        lines[at] = re.sub(r"^( *(?:- )*)([\w-]+):", lambda m: f"{m[1]}{rng.choice(('yes', '5', 'null', '1.5', '0x1F', '? ' + m[2], '!!str ' + m[2], '&k ' + m[2], repr(m[2]), json.dumps(m[2])))}:", line)
    elif kind == 24:
        return text.upper() if rng.random() < 0.2 else text.replace("name", "Name")
    elif kind == 25:
        return re.sub(r"^metadata:", "x-d: &d {a: b}\nmetadata:\n  <<: *d", text, count=1, flags=re.M)
    elif kind == 26:
        return re.sub(r"^  name:", "  labels: &l {a: b}\n  annotations: *l\n  name:", text, count=1, flags=re.M)
    elif kind == 27:
        other = rng.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 28:
        lines[at] = line.replace(" ", rng.choice(("\u00a0", "\u2003", "\t")), 1)
    else:
        return "\n" * rng.randrange(3) + "apiVersion: v1\nkind: List\nitems:\n" + "\n".join((("- " if i == 0 else "  ") + part) for i, part in enumerate(lines) if part) + "\n"
    return "\n".join(lines)
