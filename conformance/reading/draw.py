"""Draws texts that are nearly YAML: seeds cut, joined and sprinkled with what parsers stumble over; one seed, one draw."""

from __future__ import annotations

import random
from collections.abc import Iterator

SEEDS = (
    "a: b\n",
    "a:\n  b: c\n  d: [1, 2, {x: y}]\n",
    "- a\n- b: c\n  d: e\n-\n  - f\n",
    "{a: b, c: [d, e], f: {g: h}}\n",
    "a: |\n  text\n   more\n\n  end\nb: >-\n  fold\n  ed\n\n  x\n",
    "a: 'it''s'\nb: \"x\\ty\\u00e9 \\\n   z\"\n",
    "x: &a {k: v}\ny: *a\nz:\n  <<: *a\n  k: w\n",
    "? a\n: b\n? [c]\n: d\n",
    "!!map {a: !!str 3, b: !!int '4', c: ! 12}\n",
    "%TAG ! tag:x,2000:\n--- !foo\na: b\n...\nrest\n",
    "a: b\n...\n---\nc: d\n",
    "# c\n---\na: 1\n---\n---\nb: 2\n",
    "[a, b: c, ? d : e, 'f', \"g\": h]\n",
    '{"a": 1, "b": [true, null, 1.5e3], "c": "\\ud83d\\ude00\\/"}\n',
    '{"a":1}\n{"b":2}\n---\nc: d\n',
    "a: &x 1\n*x : 2\nb: *x\n",
    "plain: multi\n  line\n   text\n# comment\n  more: no\n",
    "a:   \n  - b\n  -   c: d\n      e: f\n  - - g\n    - h\n",
    "key with spaces: value with: colon\n",
    'a: "unclosed\n',
    "url: http://x:80/y?z#f\nflow: [http://x:80, a:b, c: d]\n",
    "k: >+1\n  a\n b\n\n\nj: |2-\n    x\n",
    " a: b\n c: d\n",
    "<<: {a: 1}\nb: 2\na: 3\n<<: [{c: 1}, {c: 2}]\n",
    """apiVersion: batch/v1
kind: Job
metadata:
  name: a
  labels: {x.y/z: 'no'}
spec:
  backoffLimit: 0x1F
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: m
        image: i:1
        args: [-c, "a\\tb"]
""",
)
PIECES = (
    *("\n", "\n\n", " ", "  ", "\t", ":", ": ", ":\n", "- ", "-", "? ", "?", "[", "]", "{", "}", ",", ", ", "#", " #"),
    *("&a ", "*a", "&b ", "*b", "!", "!!str ", "! ", "!x ", "!!int ", "!!binary aGk=", "|", "|\n", ">", "|+\n", ">-\n"),
    *("|2\n", "'", '"', "''", "\\", "\\/", "\\'", "\\n", "\\x41", "%", "@", "`", "---\n", "...\n", "--- ", "---"),
    *("<<: ", "<<", "~", "null", "yes", "0x1F", "1e3", ".inf", "\r\n", "\r", "\x85", "\u2028", "\ufeff", "é", "😀"),
    *("a", "b: c", "key: value\n", "\x00", "\x07", "=", "%TAG !e! x:\n", "%YAML 1.1\n", "{}", "[]", "- - ", "? - "),
)


def draw(seed: str, count: int, seeds: tuple[str, ...] = SEEDS) -> Iterator[bytes]:
    """Texts drawn from a seed; one in fifty has a stray byte."""
    dice = random.Random(seed)
    for _ in range(count):
        text = dice.choice(seeds) if dice.random() < 0.75 else "".join(dice.choices(PIECES, k=dice.randint(1, 14)))
        for _ in range(dice.randint(1, 4)):
            text = _changed(dice, text)
        data = text.encode()
        if dice.random() < 0.02:
            at = dice.randrange(len(data) + 1)
            data = data[:at] + bytes([dice.randrange(256)]) + data[at:]
        yield data


def _changed(dice: random.Random, text: str) -> str:
    at = dice.randrange(len(text) + 1)
    how = dice.random()
    if how < 0.25:
        return text[:at] + text[at + dice.randint(1, 8) :]
    if how < 0.75:
        return text[:at] + dice.choice(PIECES) + text[at:]
    if how < 0.85:
        to = dice.randrange(len(text) + 1)
        return text[:to] + text[at : at + dice.randint(1, 30)] + text[to:]
    lines = text.split("\n")
    row = dice.randrange(len(lines))
    lines[row] = dice.choice(("  ", " ", "\t", "    ", "- ", "")) + lines[row].lstrip()
    return "\n".join(lines)
