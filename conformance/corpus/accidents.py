"""Slips of the hand in a manifest's text: the result may be broken, or be read all the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from random import Random

# fmt: off

_CHARS = ["\t", "{", "}", "[", "]", ":", " ", "#", "'", '"', "-", "&", "*", "!", "|", ">", "%", "@", "`", ",", "?", "\x00",
    "\x07",
          "\x7f", "\x85", "\u2028", "\ufeff", "é", "\r", "\n", "<<"]

_LINES = ["", "# c", "  # c", "---", "--- # second", "---x", "--- a", "...", "%YAML 1.1", "   ", "\t", "x: 1", "- x", "foo",
    " ---",
          "--- |", "----"]

_BEFORE = ["---\n", "--- \n", "%YAML 1.1\n---\n", "\ufeff", "# c\n---\n", "\n\n", "---\n---\n", "\t", " ", "\n---\n", "# c\n",
           "...\n", "--- # c\n", "--- !!map\n"]

_AFTER = ["---\n", "...\n", "---\n# c\n", "\n---\n\n", "---\nnull\n", "---\n{}\n", "---\n- a\n", "...\n---\n", "x", "\x00",
    "}",
          "---\napiVersion: v1\nkind: Pod\n"]

_VALUES = ["'x", '"x', "x'", "[a, b", "{a: b", "a: b", "|", ">", "&a", "*a", "!!str", "- a", "@a", "`a`", "%a", "?", "a #b",
    "[a]]",
           "'a' b", "|\n    text\n   less", "|+\n    x\n", ">-\n      folded\n      more\n"]

_PAIRS = ["<<: {a: b}", "<<: [{a: b}, {c: d}]", "<<: x", "? a\n: b", "? [a]\n: b", "yes: 1", "null: 1", "0x1F: 1", "1.5: 1",
    "~: 1",
          "{a: b}: 1", "[a]: 1", "'': 1", "? |\n  a\n: b", "<<: null", "'<<': {a: b}", "!!merge <<: {a: b}", "2001-01-01: x",
          ".inf: x"]

# fmt: on

Slip = Callable[[str, Random], str]

_SLIPS: list[Slip] = []


def accident(text: str, rng: Random) -> str:
    """One slip in a text."""
    return rng.choice(_SLIPS)(text, rng)


def _slip(times: int = 1) -> Callable[[Slip], Slip]:
    def register(function: Slip) -> Slip:
        _SLIPS.extend([function] * times)
        return function

    return register


def _on_a_line(change: Callable[[str, Random], str], times: int = 1) -> None:
    def slip(text: str, rng: Random) -> str:
        lines = text.split("\n")
        at = rng.randrange(len(lines))
        lines[at] = change(lines[at], rng)
        return "\n".join(lines)

    _SLIPS.extend([slip] * times)


_on_a_line(lambda line, rng: " " * rng.choice((1, 2, 4)) + line)
_on_a_line(lambda line, rng: line[1:] if line.startswith(" ") else line)
_on_a_line(lambda line, rng: "\t" + line.lstrip(" "))
_on_a_line(lambda line, rng: line + rng.choice(("\t", " ", " # c", "#c", "  ", " :", ":")))
_on_a_line(lambda line, rng: line.replace(": ", ":", 1))
_on_a_line(lambda line, rng: line.replace(":", "", 1))
_on_a_line(lambda line, rng: line.replace("- ", "-", 1))
_on_a_line(lambda line, rng: line.replace(" ", rng.choice(("\u00a0", "\u2003", "\t")), 1))
_on_a_line(lambda line, rng: f"{line}\n{line}")
_on_a_line(lambda line, rng: f"{rng.choice(_LINES)}\n{line}")
_on_a_line(lambda line, rng: re.sub(r": .*", lambda m: ": " + rng.choice(_VALUES), line), 2)
_on_a_line(lambda line, rng: line[: len(line) - len(line.lstrip(" "))] + rng.choice(_PAIRS) + "\n" + line)


def _other_key(line: str, rng: Random) -> str:
    def spell(found: re.Match[str]) -> str:
        name = found[2]
        forms = ("yes", "5", "null", "1.5", "0x1F", f"? {name}", f"!!str {name}", f"&k {name}", repr(name), json.dumps(name))
        return f"{found[1]}{rng.choice(forms)}:"

    return re.sub(r"^( *(?:- )*)([\w-]+):", spell, line)


_on_a_line(_other_key)


@_slip()
def _line_lost(text: str, rng: Random) -> str:
    lines = text.split("\n")
    del lines[rng.randrange(len(lines))]
    return "\n".join(lines)


@_slip()
def _lines_swapped(text: str, rng: Random) -> str:
    lines = text.split("\n")
    a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return "\n".join(lines)


@_slip()
def _something_before(text: str, rng: Random) -> str:
    return rng.choice(_BEFORE) + text


@_slip()
def _something_after(text: str, rng: Random) -> str:
    return text + rng.choice([*_AFTER, "--- \n" + text, "---\n" + text])


@_slip()
def _line_ends(text: str, rng: Random) -> str:
    return text.replace("\n", rng.choice(("\r\n", "\r\n", "\r")))


@_slip()
def _cut_off(text: str, rng: Random) -> str:
    return text[: rng.randrange(len(text) + 1)]


@_slip(3)
def _character_more(text: str, rng: Random) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(_CHARS) + text[at:]


@_slip()
def _character_less(text: str, rng: Random) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + text[at + 1 :]


@_slip()
def _anchors(text: str, rng: Random) -> str:
    return text.replace("spec:", "spec: &s", 1) + rng.choice(("other: *s\n", "x: *nope\n", "status: *s\n"))


@_slip()
def _merge_key(text: str, rng: Random) -> str:
    return re.sub(r"^metadata:", "x-d: &d {a: b}\nmetadata:\n  <<: *d", text, count=1, flags=re.M)


@_slip()
def _shared_map(text: str, rng: Random) -> str:
    return re.sub(r"^  name:", "  labels: &l {a: b}\n  annotations: *l\n  name:", text, count=1, flags=re.M)


@_slip()
def _capitals(text: str, rng: Random) -> str:
    return text.upper() if rng.random() < 0.2 else text.replace("name", "Name")


@_slip()
def _in_a_list(text: str, rng: Random) -> str:
    lines = [line for line in text.split("\n") if line]
    items = "\n".join(("- " if i == 0 else "  ") + line for i, line in enumerate(lines))
    return "\n" * rng.randrange(3) + f"apiVersion: v1\nkind: List\nitems:\n{items}\n"
