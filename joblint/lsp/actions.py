"""Code actions: the fix of a finding, all safe fixes of a file, a comment that ignores a finding; knows the protocol."""

from __future__ import annotations

from lsprotocol import types as lsp

from joblint.lsp.analysis import Analysis
from joblint.lsp.diagnostics import diagnostic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.finding import Finding

FIX_ALL = lsp.CodeActionKind.SourceFixAll


def code_actions(
    found: Analysis, uri: str, range_: lsp.Range, only: list[str] | None, later: bool = False
) -> list[lsp.CodeAction]:
    """Return the fix of each finding in a range, all fixes of the file in one action, and a comment that ignores each finding.

    `later` says whether the editor requests an action's edit once the user selects it (see `resolve`).
    """
    begin, end = found.text.place(range_.start), found.text.place(range_.end)
    actions: list[lsp.CodeAction] = []
    here = False
    for f in found.findings:
        if (f.span.line, f.span.column) > end or (f.span.end_line, f.span.end_column) < begin:
            continue
        told = [diagnostic(found, f)]
        if f.fix is not None:
            here = True
            edits = [lsp.TextEdit(found.text.range(e), e.text) for e in f.fix.edits]
            title = f"{f.fix.title} ({f.rule})"
            change = lsp.WorkspaceEdit({uri: edits})
            actions.append(lsp.CodeAction(title, lsp.CodeActionKind.QuickFix, told, f.fix.safe, edit=change))
        ignore = _ignore(found, uri, f, told)
        if ignore is not None:
            actions.append(ignore)
    asked = any(_is_kind(FIX_ALL, kind) for kind in only or ())
    safe = sum([f.fix is not None and f.fix.safe for f in found.findings])
    # An editor's menu of quick fixes does not show source actions: there, fixing all is one of the fixes of a place.
    if safe and (asked or (here and safe > 1)):
        fix_all = lsp.CodeAction("Fix all in this file", FIX_ALL if asked else lsp.CodeActionKind.QuickFix, data={"uri": uri})
        if later or resolve(found, uri, fix_all).edit is not None:
            actions.append(fix_all)
    if only:
        actions = [a for a in actions if any(_is_kind(a.kind, kind) for kind in only)]
    return actions


def _is_kind(kind: object, wanted: str) -> bool:
    """Whether an action is of a kind, or of one below it (`source` includes `source.fixAll`)."""
    kind = str(getattr(kind, "value", kind))
    wanted = str(getattr(wanted, "value", wanted))
    return kind == wanted or kind.startswith(wanted + ".")


def _ignore(found: Analysis, uri: str, f: Finding, told: list[lsp.Diagnostic]) -> lsp.CodeAction | None:
    """The comment that ignores a finding, if one can be written; its `reason` is for the user to replace."""
    from joblint.rules.ignores.add import edits_for, why_not

    document = next((d for d in found.documents if d.index == f.document), None)
    if document is None or why_not(f, document):
        return None
    edits = [lsp.TextEdit(found.text.range(e), e.text) for e in edits_for(document, [f], "reason", "")]
    title = f"Ignore {f.rule} {f.name} here, with a reason"
    return lsp.CodeAction(title, lsp.CodeActionKind.QuickFix, told, edit=lsp.WorkspaceEdit({uri: edits}))


def resolve(found: Analysis, uri: str, action: lsp.CodeAction) -> lsp.CodeAction:
    """Return the action that fixes the whole file, with its edit. It takes as long as checking the file several times."""
    from joblint.rules.fixes.apply import fix_data

    done = fix_data(found.engine, found.data, found.path)
    if done.made:
        text = done.data.decode("utf-8", "replace")
        action.edit = lsp.WorkspaceEdit({uri: [lsp.TextEdit(found.text.whole, text)]})
    return action
