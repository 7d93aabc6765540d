"""Trees as YAML in all its forms: folded and literal scalars, anchors, tags, explicit keys, odd indents, comments."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from conformance.corpus.pools import Raw
from conformance.corpus.text import flow_text, scalar_text

_COMMENTS = ("", "", "", "", "", "", " # c", "  # a: b", "\t# tab", " #", "   ", "\t")


def write_fancy(tree: Any, rng: Random) -> str:
    """The tree as one document, as unusual as YAML allows; mostly it reads as the same tree."""
    text = "\n".join(_Writer(rng).lines(tree, 0, 0)) + "\n"
    roll = rng.random()
    if roll < 0.1:
        text = (
            rng.choice(("---\n", "--- # c\n", "# c\n---\n", "\n", "\ufeff", "%YAML 1.1\n---\n", "%TAG ! tag:x,2000:\n---\n"))
            + text
        )
    if roll > 0.9:
        text += rng.choice(("...\n", "---\n", "# end", "\n\n", " ", "... # c\n", "---\n---\n"))
    return text.replace("\n", "\r\n") if rng.random() < 0.03 else text


class _Writer:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.anchors: list[tuple[str, Any]] = []

    def comment(self) -> str:
        return self.rng.choice(_COMMENTS)

    def props(self, value: Any) -> str:
        """Anchor and tag of a node, rarely; an anchor is remembered so that an equal node may become its alias."""
        made = ""
        if self.rng.random() < 0.03:
            name = f"a{len(self.anchors)}"
            self.anchors.append((name, value))
            made += f"&{name} "
        if self.rng.random() < 0.02:
            kind = (
                "!!map"
                if isinstance(value, dict)
                else "!!seq"
                if isinstance(value, list)
                else "!!str"
                if isinstance(value, str)
                else ""
            )
            made += f"{kind} " if kind and not isinstance(value, Raw) else ""
        return made

    def alias(self, value: Any) -> str | None:
        if self.anchors and self.rng.random() < 0.15:
            name, known = self.rng.choice(self.anchors)
            if known == value or self.rng.random() < 0.1:
                return f"*{name}"
        return None

    def lines(self, value: Any, indent: int, parent: int) -> list[str]:
        if isinstance(value, dict) and value:
            return self.mapping(value, indent)
        if isinstance(value, list) and value and not isinstance(value, Raw):
            return self.sequence(value, indent)
        return [" " * indent + flow_text(value, self.rng) + self.comment()]

    def mapping(self, value: dict[str, Any], indent: int) -> list[str]:
        made: list[str] = []
        for key, item in value.items():
            if self.rng.random() < 0.05:
                made.append(
                    self.rng.choice(("", " " * indent + "# comment", "#at the margin", "   ", " " * (indent + 6) + "# deep"))
                )
            made += self.entry(key, item, indent)
        return made

    def entry(self, key: str, item: Any, indent: int) -> list[str]:
        pad = " " * indent
        name = scalar_text(key, self.rng)
        if self.rng.random() < 0.02:
            inner = self.node(item, indent)
            return [f"{pad}? {name}{self.comment()}", f"{pad}:{inner[0]}", *inner[1:]]
        if self.rng.random() < 0.02:
            name = self.rng.choice(
                (f"&k{self.rng.randrange(99)} {name}", f"!!str {name}", json.dumps(key), f"{name} ", f"{name}\t")
            )
        inner = self.node(item, indent)
        return [f"{pad}{name}:{inner[0]}", *inner[1:]]

    def node(self, item: Any, indent: int) -> list[str]:
        """What follows a colon or a dash: the rest of that line, and more lines."""
        alias = self.alias(item)
        if alias:
            return [f" {alias}{self.comment()}"]
        props = self.props(item)
        nested = isinstance(item, (dict, list)) and not isinstance(item, Raw) and item
        if nested and self.rng.random() > 0.12:
            step = self.rng.choice((1, 2, 2, 2, 2, 3, 4, 8)) if isinstance(item, dict) or self.rng.random() < 0.5 else 0
            return [f" {props}".rstrip() + self.comment(), *self.lines(item, indent + step, indent)]
        if nested and self.rng.random() < 0.5:
            return self.broken_flow(item, props, indent)
        if isinstance(item, str) and not isinstance(item, Raw) and self.rng.random() < 0.12:
            return self.long_scalar(item, props, indent)
        text = flow_text(item, self.rng)
        if not text:
            return [f" {props}".rstrip()]
        return [self.rng.choice((" ",) * 40 + ("  ", "\t")) + props + text + self.comment()]

    def broken_flow(self, item: Any, props: str, indent: int) -> list[str]:
        text = flow_text(item, self.rng)
        parts = text.replace(", ", ",\x00").split("\x00") if '"' not in text and "'" not in text else [text]
        pad = " " * (indent + self.rng.choice((1, 2, 4)))
        end = self.rng.choice(("", "", self.comment()))
        return [
            f" {props}{parts[0]}",
            *(pad + part for part in parts[1:-1]),
            *([pad + parts[-1] + end] if len(parts) > 1 else []),
        ]

    def long_scalar(self, item: str, props: str, indent: int) -> list[str]:
        pad = " " * (indent + self.rng.choice((1, 2, 2, 4)))
        form = self.rng.randrange(5)
        printable = item.isprintable() or item.replace("\n", "").isprintable()
        if form < 2 and printable:
            chomp = "" if item.endswith("\n") and not item.endswith("\n\n") else self.rng.choice(("-", "-", "-", "+", ""))
            sign = self.rng.choice("||>")
            width = str(len(pad) - indent) if item.startswith(" ") or self.rng.random() < 0.1 else ""
            head = self.rng.choice((f"{sign}{width}{chomp}", f"{sign}{chomp}{width}"))
            return [
                f" {props}{head}{self.comment()}",
                *(pad + line if line else self.rng.choice(("", pad)) for line in item.split("\n")),
            ]
        words = item.split(" ")
        if form == 2 and len(words) > 1 and all(words):
            quoted = [json.dumps(w, ensure_ascii=False)[1:-1] for w in words]
            return [f' {props}"{quoted[0]}', *(pad + w for w in quoted[1:-1]), pad + quoted[-1] + '"' + self.comment()]
        if form == 3 and len(words) > 1 and all(words) and printable:
            single = [w.replace("'", "''") for w in words]
            return [f" {props}'{single[0]}", *(pad + w for w in single[1:-1]), pad + single[-1] + "'"]
        if form == 4 and len(words) > 1 and all(w.isalnum() for w in words):
            return [f" {props}{words[0]}", *(pad + w for w in words[1:])]
        cut = self.rng.randrange(len(item) + 1)
        return [f' {props}"{json.dumps(item[:cut])[1:-1]}\\', f'{pad}{json.dumps(item[cut:])[1:-1]}"']

    def sequence(self, value: list[Any], indent: int) -> list[str]:
        made: list[str] = []
        pad = " " * indent
        for item in value:
            if isinstance(item, (dict, list)) and not isinstance(item, Raw) and item and self.rng.random() < 0.85:
                gap = self.rng.choice((1, 1, 1, 1, 2, 3))
                inner = self.lines(item, indent + 1 + gap, indent)
                while inner and (not inner[0].strip() or inner[0].lstrip().startswith("#")):
                    inner = inner[1:]
                made += [pad + "-" + " " * gap + inner[0].lstrip(" "), *inner[1:]]
            else:
                inner = self.node(item, indent)
                made += [f"{pad}-{inner[0]}", *inner[1:]]
        return made
