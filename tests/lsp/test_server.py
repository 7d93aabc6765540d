"""The language server, as an editor's client sees it over a real process."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient

TIMEOUT = 60

BROKEN = """apiVersion: batch/v1
kind: Job
metadata:
  name: 日本語-😀
  labels: {app: "😀"}
spec:
  backofLimit: 3
  activeDeadlineSeconds: 60
  template:
    spec:
      containers:
        - name: main
          image: busybox:1.36
          command: ["sh", "-c", "echo $JOB_COMPLETION_INDEX"]
          volumeMounts:
            - {name: data, mountPath: /data}
      volumes:
        - {name: data, emptyDir: {}}
"""

GOOD = """apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly
spec:
  schedule: "0 3 * * *"
  timeZone: Europe/Berlin
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      backoffLimit: 2
      activeDeadlineSeconds: 600
      ttlSecondsAfterFinished: 86400
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: main
              image: busybox:1.36
              resources: {limits: {memory: 64Mi}}
              command: ["true"]
"""


@pytest_lsp.fixture(config=ClientServerConfig(server_command=[sys.executable, "-m", "joblint", "lsp"]))
async def client(lsp_client: LanguageClient) -> Any:
    capabilities = lsp.ClientCapabilities(
        window=lsp.WindowClientCapabilities(show_document=lsp.ShowDocumentClientCapabilities(False))
    )
    await lsp_client.initialize_session(lsp.InitializeParams(capabilities=capabilities, root_uri=None))
    yield
    await lsp_client.shutdown_session()


@pytest_lsp.fixture(config=ClientServerConfig(server_command=[sys.executable, "-m", "joblint", "lsp"]))
async def resolving(lsp_client: LanguageClient) -> Any:
    """A client that asks for the edit of a code action once it is chosen."""
    actions = lsp.CodeActionClientCapabilities(resolve_support=lsp.ClientCodeActionResolveOptions(["edit"]))
    capabilities = lsp.ClientCapabilities(text_document=lsp.TextDocumentClientCapabilities(code_action=actions))
    await lsp_client.initialize_session(lsp.InitializeParams(capabilities=capabilities, root_uri=None))
    yield
    await lsp_client.shutdown_session()


async def _open(client: LanguageClient, folder: Path, text: str, name: str = "job.yaml") -> str:
    uri = (folder / name).as_uri()
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, "yaml", 1, text)))
    await client.wait_for_notification(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return uri


def _at(text: str, needle: str, after: int = 0) -> lsp.Position:
    """The position of a piece of a text, in UTF-16 units."""
    before = text[: text.index(needle) + after]
    line = before.count("\n")
    return lsp.Position(line, len(before.rpartition("\n")[2].encode("utf-16-le")) // 2)


async def _change(client: LanguageClient, uri: str, text: str, version: int = 2) -> None:
    identifier = lsp.VersionedTextDocumentIdentifier(version, uri)
    client.text_document_did_change(
        lsp.DidChangeTextDocumentParams(identifier, [lsp.TextDocumentContentChangeWholeDocument(text)])
    )
    await client.wait_for_notification(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)


@pytest.mark.asyncio
async def test_findings_are_under_their_spans_and_follow_the_text(client: LanguageClient, tmp_path: Path) -> None:
    uri = await _open(client, tmp_path, BROKEN)
    found = {d.code: d for d in client.diagnostics[uri]}
    assert {"JL101", "JL105"} <= set(found)
    typo = found["JL105"]
    assert (typo.range.start, typo.range.end) == (_at(BROKEN, "backofLimit"), _at(BROKEN, "backofLimit", 11))
    assert typo.severity == lsp.DiagnosticSeverity.Error and typo.source == "joblint"
    await _change(client, uri, GOOD)
    assert [d.message for d in client.diagnostics[uri] if d.severity != lsp.DiagnosticSeverity.Hint] == []


@pytest.mark.asyncio
async def test_positions_count_utf_16_units(client: LanguageClient, tmp_path: Path) -> None:
    text = GOOD.replace("resources: {limits: {memory: 64Mi}}", 'env: [{name: "😀😀", value: a, vlaue: b}]')
    uri = await _open(client, tmp_path, text)
    typo = next(d for d in client.diagnostics[uri] if d.code == "JL105")
    assert typo.range.start == _at(text, "vlaue")


@pytest.mark.asyncio
async def test_hover_tells_what_a_field_means_and_does_here(client: LanguageClient, tmp_path: Path) -> None:
    uri = await _open(client, tmp_path, GOOD)

    async def hover(needle: str) -> str:
        place = lsp.HoverParams(lsp.TextDocumentIdentifier(uri), _at(GOOD, needle, 2))
        found = await client.text_document_hover_async(place)
        assert found is not None and isinstance(found.contents, lsp.MarkupContent)
        return found.contents.value

    deadline = await hover("activeDeadlineSeconds")
    assert "Default: none" in deadline and "Here:" in deadline and "600" in deadline
    schedule = await hover('"0 3 * * *"')
    assert schedule.count("\n- ") == 5 and "Europe/Berlin" in schedule
    await _change(client, uri, BROKEN)
    finding = await client.text_document_hover_async(
        lsp.HoverParams(lsp.TextDocumentIdentifier(uri), _at(BROKEN, "backofLimit", 2))
    )
    assert finding is not None
    why = finding.contents.value  # type: ignore[union-attr]
    assert "JL105" in why and "strictly" in why and "did you mean" not in why  # the message is that of the diagnostic


@pytest.mark.asyncio
async def test_every_field_has_a_hover(client: LanguageClient, tmp_path: Path) -> None:
    text = GOOD.replace("backoffLimit: 2", "backoffLimit: 2\n      completions: 3").replace(
        'command: ["true"]', 'command: ["true"]\n              env: [{name: A, value: b}]\n              tty: true'
    )
    uri = await _open(client, tmp_path, text)
    for needle, wanted in (
        ("apiVersion", "group and version"),
        ("metadata", "Default: required"),
        ("spec:\n  schedule", "When Jobs start"),
        ("jobTemplate", "each start creates"),
        ("template:", "Pod that the Job creates"),
        ("completions", "**Here:** 3 Pods must succeed"),
        ("concurrencyPolicy", "**Here:** no overlap: every run ends"),
        ("{name: A, value", "the variable's name"),
        ("value: b", "Default: empty"),
        ("memory: 64Mi", "OOMKilled"),
        ("tty", "terminal"),
    ):
        at = _at(text, needle, 1)
        found = await client.text_document_hover_async(lsp.HoverParams(lsp.TextDocumentIdentifier(uri), at))
        assert found is not None, needle
        assert wanted.lower() in found.contents.value.lower(), (needle, found.contents)  # type: ignore[union-attr]


@pytest.mark.asyncio
async def test_the_next_starts_of_a_rejected_cronjob(client: LanguageClient, tmp_path: Path) -> None:
    text = GOOD.replace("name: nightly", "name: nightly\n  labels: {app: 日本}")  # no fix is known
    uri = await _open(client, tmp_path, text)
    assert client.diagnostics[uri]
    place = lsp.HoverParams(lsp.TextDocumentIdentifier(uri), _at(text, '"0 3 * * *"', 2))
    found = await client.text_document_hover_async(place)
    assert found is not None and found.contents.value.count("T03:00:00+0") == 5  # type: ignore[union-attr]


@pytest.mark.asyncio
async def test_fixes_each_all_and_a_comment_with_a_reason(client: LanguageClient, tmp_path: Path) -> None:
    uri = await _open(client, tmp_path, BROKEN)
    where = lsp.Range(_at(BROKEN, "backofLimit"), _at(BROKEN, "backofLimit", 11))
    context = lsp.CodeActionContext([])
    actions = await client.text_document_code_action_async(lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), where, context))
    assert actions is not None
    fix = next(a for a in actions if isinstance(a, lsp.CodeAction) and "JL105" in a.title and a.edit is not None)
    assert fix.kind == lsp.CodeActionKind.QuickFix and fix.edit is not None and fix.edit.changes is not None
    assert [e.new_text for e in fix.edit.changes[uri]] == ["backoffLimit"]
    assert not [a for a in actions if a.title.startswith("Fix all")]  # there is no other fix
    context = lsp.CodeActionContext([], [lsp.CodeActionKind.Source])
    params = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), where, context)
    (whole,) = await client.text_document_code_action_async(params) or ()
    assert isinstance(whole, lsp.CodeAction) and whole.kind == lsp.CodeActionKind.SourceFixAll
    assert whole.edit is not None and whole.edit.changes is not None
    assert "backoffLimit: 3" in whole.edit.changes[uri][0].new_text
    context = lsp.CodeActionContext([])
    twice = BROKEN.replace("activeDeadlineSeconds", "activeDedlineSeconds")
    await _change(client, uri, twice)
    actions = await client.text_document_code_action_async(lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), where, context))
    (whole,) = [a for a in actions or () if isinstance(a, lsp.CodeAction) and a.title == "Fix all in this file"]
    assert whole.kind == lsp.CodeActionKind.QuickFix and whole.edit is not None and whole.edit.changes is not None
    assert "backoffLimit: 3\n  activeDeadlineSeconds: 60" in whole.edit.changes[uri][0].new_text
    latest = GOOD.replace("busybox:1.36", "busybox")
    await _change(client, uri, latest, 3)
    where = lsp.Range(_at(latest, "busybox"), _at(latest, "busybox", 1))
    actions = await client.text_document_code_action_async(lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), where, context))
    ignore = next(a for a in actions or () if isinstance(a, lsp.CodeAction) and a.title.startswith("Ignore"))
    assert ignore.edit is not None and ignore.edit.changes is not None
    assert "# joblint: ignore[JL801] -- " in ignore.edit.changes[uri][0].new_text


@pytest.mark.asyncio
async def test_the_whole_file_is_fixed_once_somebody_asks_for_it(resolving: LanguageClient, tmp_path: Path) -> None:
    uri = await _open(resolving, tmp_path, BROKEN)
    where = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
    context = lsp.CodeActionContext([], [lsp.CodeActionKind.SourceFixAll])
    params = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), where, context)
    (action,) = await resolving.text_document_code_action_async(params) or ()
    assert isinstance(action, lsp.CodeAction) and action.edit is None
    action = await resolving.code_action_resolve_async(action)
    assert action.edit is not None and action.edit.changes is not None
    assert "backoffLimit: 3" in action.edit.changes[uri][0].new_text


@pytest.mark.asyncio
async def test_a_template_is_a_hint_that_says_how_to_check_it(client: LanguageClient, tmp_path: Path) -> None:
    text = GOOD + "---\napiVersion: batch/v1\nkind: Job\nmetadata:\n  name: {{ .Release.Name }}\n"
    uri = await _open(client, tmp_path, text)
    (hint,) = [d for d in client.diagnostics[uri] if d.range.start.line >= text.count("\n") - 4]
    assert hint.severity == lsp.DiagnosticSeverity.Hint and "helm template" in hint.message
    assert (hint.range.start, hint.range.end) == (_at(text, "apiVersion: batch/v1\nkind: Job"), _at(text, "\nkind: Job"))


@pytest.mark.asyncio
async def test_lens_hints_and_symbols(client: LanguageClient, tmp_path: Path) -> None:
    uri = await _open(client, tmp_path, GOOD)
    document = lsp.TextDocumentIdentifier(uri)
    (lens,) = await client.text_document_code_lens_async(lsp.CodeLensParams(document)) or []
    assert lens.range.start.line == 1 and lens.command is not None and lens.command.title
    whole = lsp.Range(lsp.Position(0, 0), lsp.Position(40, 0))
    hints = await client.text_document_inlay_hint_async(lsp.InlayHintParams(document, whole))
    assert {h.position.line for h in hints or ()} >= {_at(GOOD, "activeDeadlineSeconds").line, _at(GOOD, "ttlSeconds").line}
    (deadline,) = [h for h in hints or () if h.position.line == _at(GOOD, "activeDeadlineSeconds").line]
    assert str(deadline.label) == "fails the Job at 10m if it still runs" and str(deadline.tooltip).endswith("also count")
    symbols = await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(document))
    assert symbols is not None and isinstance(symbols[0], lsp.DocumentSymbol)
    assert symbols[0].name == "CronJob nightly" and [c.name for c in symbols[0].children or ()] == ["main"]
    made = await client.workspace_execute_command_async(lsp.ExecuteCommandParams("joblint.page", [uri, 1]))
    assert "<!DOCTYPE html>" in str(made)
    await _change(client, uri, GOOD.replace("backoffLimit", "backofLimit"))
    (lens,) = await client.text_document_code_lens_async(lsp.CodeLensParams(document)) or []
    assert lens.command is not None
    assert lens.command.title == "Rejected by the API server. After the fix: one Pod at a time, until one succeeds"


@pytest.mark.asyncio
async def test_definitions(client: LanguageClient, tmp_path: Path) -> None:
    text = BROKEN.replace("spec:\n  backofLimit: 3", "spec:\n  completionMode: Indexed\n  backofLimit: 3")
    uri = await _open(client, tmp_path, text)
    document = lsp.TextDocumentIdentifier(uri)
    mount = await client.text_document_definition_async(lsp.DefinitionParams(document, _at(text, "{name: data, mountPath", 8)))
    assert isinstance(mount, lsp.Location) and mount.range.start.line == _at(text, "emptyDir").line
    index = await client.text_document_definition_async(lsp.DefinitionParams(document, _at(text, "JOB_COMPLETION_INDEX", 2)))
    assert isinstance(index, lsp.Location) and index.range.start == _at(text, "completionMode")


_JOB = "apiVersion: batch/v1\nkind: Job\nspec:\n"
_CRON = "kind: CronJob\nspec:\n"
_LIST = "kind: List\nitems:\n"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        (_JOB + "  backoffLimit: 1\n  |", "completions", "backoffLimit"),
        (_JOB + "  template:\n    spec:\n      containers:\n        - name: a\n          ima|", "image", "name"),
        (_CRON + "  jobTemplate:\n    spec:\n      template:\n        spec:\n          restartPolicy: |", "OnFailure", "Always"),
        (_CRON + "  timeZone: |", "Europe/Berlin", "Europe/Berlon"),
        (_CRON + "  concurrencyPolicy: |", "Forbid", "Never"),
        ("|", "cronjob", "image"),
        ("apiVersion: batch/v1\nkind: |", "CronJob", "cronjob"),
        (_LIST + "  - kind: CronJob\n    spec:\n      |", "schedule", "backoffLimit"),
        (
            _LIST + "  - apiVersion: batch/v1\n    spec:\n      template:\n        spec:\n          |\n    kind: Job",
            "volumes",
            "suspend",
        ),
        (_LIST + "  - kind: Pod\n  - kind: CronJob\n    spec:\n      concurrencyPolicy: |", "Forbid", "Never"),
        (_LIST + "  - kind: |", "CronJob", "items"),
    ],
)
async def test_completion(client: LanguageClient, tmp_path: Path, text: str, wanted: str, unwanted: str) -> None:
    at = _at(text, "|")
    uri = await _open(client, tmp_path, text.replace("|", ""))
    found = await client.text_document_completion_async(lsp.CompletionParams(lsp.TextDocumentIdentifier(uri), at))
    labels = [item.label for item in (found if isinstance(found, list) else [])]
    assert wanted in labels and unwanted not in labels


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("text", "field", "inserted"),
    [
        (_JOB + "  |", "backoffLimit", "backoffLimit: "),
        (_JOB + "  |", "template", "template:\n    "),
        (_JOB + "  template:\n    spec:\n      |", "containers", "containers:\n        - "),
        (_JOB + "  template:\n    spec:\n      containers:\n        - |", "args", "args:\n            - "),
        (_JOB + "  template:\n    spec:\n      |", "nodeSelector", "nodeSelector:\n        "),
        (_JOB + "  para|m: 3", "parallelism", "parallelism"),
    ],
)
async def test_a_completed_field_is_ready_for_its_value(
    client: LanguageClient, tmp_path: Path, text: str, field: str, inserted: str
) -> None:
    at = _at(text, "|")
    uri = await _open(client, tmp_path, text.replace("|", ""))
    found = await client.text_document_completion_async(lsp.CompletionParams(lsp.TextDocumentIdentifier(uri), at))
    items = {item.label: item for item in (found if isinstance(found, list) else [])}
    assert items[field].insert_text == inserted
    assert items[field].insert_text_mode == lsp.InsertTextMode.AsIs


@pytest.mark.asyncio
async def test_the_configuration_is_read_again(client: LanguageClient, tmp_path: Path) -> None:
    latest = GOOD.replace("busybox:1.36", "busybox")
    uri = await _open(client, tmp_path, latest)
    assert "JL801" in [d.code for d in client.diagnostics[uri]]
    settings = tmp_path / ".joblint.yaml"
    settings.write_text("ignore: [JL801]\n")
    change = lsp.FileEvent(settings.as_uri(), lsp.FileChangeType.Created)
    client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([change]))
    await client.wait_for_notification(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    assert "JL801" not in [d.code for d in client.diagnostics[uri]]


@pytest.mark.asyncio
async def test_json_gets_no_comment(client: LanguageClient, tmp_path: Path) -> None:
    template = '{"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "busybox"}]}}'
    text = f'{{"apiVersion": "batch/v1", "kind": "Job", "metadata": {{"name": "j"}}, "spec": {{"template": {template}}}}}\n'
    uri = await _open(client, tmp_path, text, "job.json")
    where = lsp.Range(_at(text, "busybox"), _at(text, "busybox", 1))
    params = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), where, lsp.CodeActionContext([]))
    actions = await client.text_document_code_action_async(params) or []
    assert "JL801" in [d.code for d in client.diagnostics[uri]]
    assert [a.title for a in actions if a.title.startswith("Ignore")] == []


def test_an_editor_that_says_goodbye_gets_status_0() -> None:
    requests = (
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
        {"method": "initialized", "params": {}},
        {"id": 2, "method": "shutdown"},
        {"method": "exit"},
    )
    bodies = [json.dumps({"jsonrpc": "2.0", **request}).encode() for request in requests]
    data = b"".join([b"Content-Length: %d\r\n\r\n%s" % (len(body), body) for body in bodies])
    done = subprocess.run([sys.executable, "-m", "joblint", "lsp"], input=data, capture_output=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def _many(count: int) -> str:
    job = GOOD.replace("backoffLimit: 2", "backoffLimit: 6").replace("activeDeadlineSeconds: 600", "activeDeadlineSeconds: 300")
    return "---\n".join([job.replace("nightly", f"nightly-{n}") for n in range(count)])


MANY = 3000
"""So many that the check takes much longer than a few answers, also on a fast machine."""


@pytest.mark.asyncio
async def test_a_large_file_is_checked_while_requests_are_answered(client: LanguageClient, tmp_path: Path) -> None:
    text, uri = _many(MANY), (tmp_path / "many.yaml").as_uri()
    came: list[str] = []
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, "yaml", 1, text)))
    checked = asyncio.ensure_future(client.wait_for_notification(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS))
    checked.add_done_callback(lambda _: came.append("checked"))
    where = lsp.Position(text[: text.index(f"name: nightly-{MANY // 2}")].count("\n") + 8, 30)
    assert "activeDeadlineSeconds" in text.split("\n")[where.line]
    shown = await client.text_document_hover_async(lsp.HoverParams(lsp.TextDocumentIdentifier(uri), where))
    came.append("hover")
    assert shown is not None and "JL301" in str(shown.contents) and "**Here:**" in str(shown.contents)
    assert shown.range is not None and shown.range.start.line == where.line
    offered = await client.text_document_completion_async(lsp.CompletionParams(lsp.TextDocumentIdentifier(uri), where))
    assert offered is not None and came == ["hover"]
    # A newer text: the check of the older one is given up, its results serve the next.
    change = lsp.TextDocumentContentChangeWholeDocument(text.replace("backoffLimit: 6", "backoffLimit: 5", 1))
    client.text_document_did_change(
        lsp.DidChangeTextDocumentParams(lsp.VersionedTextDocumentIdentifier(2, uri), [change]),
    )
    seen = await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(lsp.TextDocumentIdentifier(uri)))
    assert seen is not None and len(seen) == MANY
    await checked
    found = client.diagnostics[uri]
    assert len([d for d in found if d.code == "JL301"]) == MANY
    visible = lsp.Range(lsp.Position(where.line - 5, 0), lsp.Position(where.line + 5, 0))
    hints = await client.text_document_inlay_hint_async(lsp.InlayHintParams(lsp.TextDocumentIdentifier(uri), visible))
    assert hints and all(abs(h.position.line - where.line) <= 5 for h in hints)
    again = await client.text_document_hover_async(lsp.HoverParams(lsp.TextDocumentIdentifier(uri), where))
    assert again == shown
