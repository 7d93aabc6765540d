"""Fields, values, time zones and whole manifests that fit at the cursor; knows schemas and the text, checks nothing."""

from __future__ import annotations

from string import ascii_letters

from lsprotocol import types as lsp

from joblint.lsp.analysis import Analysis
from joblint.lsp.kinds import KINDS, object_at
from joblint.lsp.texts import meaning, snippets, values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_TOP = {"apiVersion": ("batch/v1",), "kind": KINDS}


def completion(found: Analysis, position: lsp.Position, places: bool = True) -> list[lsp.CompletionItem]:
    """Return what fits at the cursor, by the schema of the Kubernetes version; whole manifests at the start of a document.

    `places` says whether the editor supports snippets with placeholders.
    """
    from joblint.lsp.context import cursor

    line, column = found.text.place(position)
    lines = found.text.lines
    if line > len(lines):  # the editor's text is another version
        return []
    here = cursor(lines, line, column)
    parents, kind = object_at(lines, line, here.parents)
    if not parents and here.key in _TOP:
        return [lsp.CompletionItem(value, kind=lsp.CompletionItemKind.EnumMember) for value in _TOP[here.key]]
    if not kind and not here.key and not here.parents:
        return list(_snippets(places))
    if kind not in KINDS:
        return []
    path = [part.removesuffix("[]") for part in parents]
    version = found.engine.version
    if here.key:
        return _values(version, ".".join([*path, here.key]), kind)
    from joblint.api.version.fields import names_at

    above = ".".join([*path, ""])
    has_colon = lines[line - 1][column - 1 :].lstrip(ascii_letters).startswith(":")
    return [
        _item(version, name, above + name, kind, "" if has_colon else _after(version, kind, [*path, name], here.indent))
        for name in names_at(version, kind, list(path))
        if name not in here.siblings and name != "status"
    ]


def _after(version: str, kind: str, path: list[str | int], indent: int) -> str:
    """What follows the name of a field: a space, or a new line with the indentation of what the field contains."""
    from joblint.api.version import schema
    from joblint.api.version.fields import type_at

    of = type_at(version, kind, path)
    if of in (schema.STRUCT, schema.STRING_MAP, schema.QUANTITY_MAP):
        return ":\n" + " " * (indent + 2)
    return ":\n" + " " * (indent + 2) + "- " if of in (schema.STRUCTS, schema.STRINGS, schema.INTS) else ": "


def _item(version: str, name: str, path: str, kind: str, after: str) -> lsp.CompletionItem:
    means, default = meaning(version, kind, path)
    text = f"{means}\n\nDefault: {default}" if default else means
    return lsp.CompletionItem(
        name,
        kind=lsp.CompletionItemKind.Field,
        detail=default or None,
        documentation=text or None,
        insert_text=name + after,
        insert_text_mode=lsp.InsertTextMode.AsIs,  # the indentation of further lines is counted from the margin
    )


def _values(version: str, path: str, kind: str) -> list[lsp.CompletionItem]:
    if (path, kind) == ("spec.timeZone", "CronJob"):
        from joblint.api.go.zone import names

        return [lsp.CompletionItem(name, kind=lsp.CompletionItemKind.Value) for name in names()]
    return [
        lsp.CompletionItem(value, kind=lsp.CompletionItemKind.EnumMember, sort_text=f"{i:03d}")
        for i, value in enumerate(values(version, kind, path))
    ]


def _snippets(places: bool) -> Iterator[lsp.CompletionItem]:
    for word, is_, text in snippets():
        format = lsp.InsertTextFormat.Snippet if places else lsp.InsertTextFormat.PlainText
        yield lsp.CompletionItem(
            word,
            kind=lsp.CompletionItemKind.Snippet,
            detail=is_,
            insert_text=text if places else _filled_in(text),
            insert_text_format=format,
        )


def _filled_in(text: str) -> str:
    """A snippet with the default of each placeholder: `${1:name}` becomes name, `${4|Forbid,Allow|}` becomes Forbid."""
    made, rest = "", text
    while rest:
        before, mark, rest = rest.partition("${")
        made += before
        if mark:
            inner, _, rest = rest.partition("}")
            number = len(inner) - len(inner.lstrip("0123456789"))
            made += inner[number + 1 :].rstrip("|").split(",")[0] if inner[number] == "|" else inner[number + 1 :]
    return made.replace("\\$", "$")
