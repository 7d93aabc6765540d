"""Fields, values, time zones and whole manifests that fit at the cursor; knows schemas and the text, checks nothing."""

from __future__ import annotations

from lsprotocol import types as lsp

from joblint.lsp.analysis import Analysis
from joblint.lsp.texts import key_of, meaning, snippets, values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_TOP = {"apiVersion": ("batch/v1",), "kind": ("Job", "CronJob")}


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
    kind = _kind(lines, line)
    if not here.parents and here.key in _TOP:
        return [lsp.CompletionItem(value, kind=lsp.CompletionItemKind.EnumMember) for value in _TOP[here.key]]
    if not kind:
        return [] if here.key or here.parents else list(_snippets(places))
    path = [part.removesuffix("[]") for part in here.parents]
    if here.key:
        return _values(".".join([*path, here.key]), kind)
    from joblint.api.version.fields import names_at

    return [
        _item(name, ".".join([*path, name]), kind)
        for name in names_at(found.engine.version, kind, list(path))
        if name not in here.siblings and name != "status"
    ]


def _kind(lines: list[str], line: int) -> str:
    """The kind of the document that contains a line (from 1), from its `kind:` line."""
    first = line - 1
    while first > 0 and not lines[first].startswith("---"):
        first -= 1
    for raw in lines[first + 1 if lines[first].startswith("---") else first :]:
        if raw.startswith("---"):
            break
        if raw.startswith("kind:"):
            kind = raw.partition(":")[2].strip().strip("\"'")
            return kind if kind in ("Job", "CronJob") else ""
    return ""


def _item(name: str, path: str, kind: str) -> lsp.CompletionItem:
    means, default = meaning(key_of(path, kind))
    text = f"{means}\n\nDefault: {default}" if means else ""
    return lsp.CompletionItem(
        name, kind=lsp.CompletionItemKind.Field, detail=default or None, documentation=text or None, insert_text=f"{name}: "
    )


def _values(path: str, kind: str) -> list[lsp.CompletionItem]:
    key = key_of(path, kind)
    if key == "cron.timeZone":
        from joblint.api.go.zone import names

        return [lsp.CompletionItem(name, kind=lsp.CompletionItemKind.Value) for name in names()]
    return [
        lsp.CompletionItem(value, kind=lsp.CompletionItemKind.EnumMember, sort_text=f"{i:03d}")
        for i, value in enumerate(values(key))
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
