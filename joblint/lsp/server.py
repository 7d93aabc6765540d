"""The language server over standard input and output: open files, their analyses, and the protocol's requests; checks nothing.

Needs the extra `lsp`. A change is checked when typing pauses; the response to a request is always about the newest text.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import closing
from pathlib import Path
from time import monotonic

from lsprotocol import types as lsp
from pygls.exceptions import FeatureRequestError, JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from joblint import __version__
from joblint.base.bugs import told
from joblint.base.wrong import WrongInput
from joblint.configuration.settings import ConfigError
from joblint.configuration.written import NAMES
from joblint.lsp import actions, outline
from joblint.lsp.analysis import Analysis
from joblint.lsp.completion import completion
from joblint.lsp.diagnostics import SOURCE, diagnostics
from joblint.lsp.guarded import guarded, log_briefly
from joblint.lsp.hover import hover
from joblint.lsp.navigation import definition
from joblint.run.again import Again
from joblint.run.projects import Asked, Projects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.engine import Engine

PAUSE = 0.15
"""A changed file is checked after this many seconds without a keystroke."""

SLICE = 0.03
"""A large file is checked for this many seconds at a time; then requests are answered."""

_SHOWN = ("info", "warning", "error")


class Server(LanguageServer):
    """The server's state: an analysis for each open file, and the settings until a configuration changes."""

    def __init__(self, pause: float = PAUSE) -> None:
        super().__init__("joblint", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Incremental)
        self.pause = pause
        self._analyses: dict[str, Analysis] = {}
        self._again: dict[str, Again] = {}
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._working: dict[tuple[str, bool], tuple[Analysis, asyncio.Task[None]]] = {}
        self._projects = Projects(Asked())
        self._engines: dict[str, Engine] = {}
        self._told = ""

    def analysis(self, uri: str) -> Analysis | None:
        """Return the analysis of the newest text of an open file; None if its configuration cannot be used."""
        document = self.workspace.get_text_document(uri)
        text = document.source
        known = self._analyses.get(uri)
        if known is not None and known.text.text == text:
            return known
        path = to_fs_path(uri) or uri
        engine = self._engine(path)
        if engine is None:
            return None
        again = self._again.get(uri)
        if again is None or again.engine is not engine:
            again = self._again[uri] = Again(engine, path)
        made = self._analyses[uri] = Analysis(text, again)
        return made

    def _engine(self, path: str) -> Engine | None:
        try:
            settings = self._projects.settings(path)
            engine = self._engines.get(settings.file)
            if engine is None:
                engine = self._engines[settings.file] = self._projects.engines(settings)[-1]
        except (ConfigError, WrongInput) as error:
            self._tell(str(error))
            return None
        self._told = ""
        return engine

    def _tell(self, message: str) -> None:
        """Show a mistake in a configuration, once."""
        if message != self._told:
            self._told = message
            self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, f"joblint: {message}"))

    def knows_snippets(self) -> bool:
        """Whether the editor supports snippets with placeholders."""
        text = self.client_capabilities.text_document
        item = text.completion.completion_item if text is not None and text.completion is not None else None
        return bool(item is not None and item.snippet_support)

    def resolves_edits(self) -> bool:
        """Whether the editor requests the edit of a code action once the user selects it."""
        text = self.client_capabilities.text_document
        support = text.code_action.resolve_support if text is not None and text.code_action is not None else None
        return support is not None and "edit" in support.properties

    def reload(self) -> None:
        """Read the settings again and check all open files again."""
        self._projects = Projects(Asked())
        self._engines.clear()
        self._analyses.clear()
        self._again.clear()
        for uri in list(self.workspace.text_documents):
            self.publish(uri)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Show an error that is not the answer to a request; see pygls."""
        if source is not FeatureRequestError:
            said = error.message if isinstance(error, JsonRpcException) else f"a bug in joblint: {told(error)}"
            self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, f"joblint: {said}"))

    def _failed(self, uri: str, error: Exception) -> None:
        """Say at the beginning of a file that joblint itself failed on it, instead of its findings."""
        said = lsp.Diagnostic(
            lsp.Range(lsp.Position(0, 0), lsp.Position(0, 1)),
            f"Not checked: a bug in joblint: {told(error)}",
            lsp.DiagnosticSeverity.Error,
            source=SOURCE,
        )
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, [said]))

    def publish(self, uri: str) -> None:
        """Send the diagnostics of an open file."""
        try:
            self._publish(uri)
        except Exception as error:
            self._failed(uri, error)

    def _publish(self, uri: str) -> None:
        handle = self._waiting.pop(uri, None)
        if handle is not None:
            handle.cancel()
        if uri not in self.workspace.text_documents:
            return
        found = self.analysis(uri)
        if found is not None and found.is_large and not found.is_checked:
            self._work(uri, found, False)
            return
        version = self.workspace.text_documents[uri].version
        params = lsp.PublishDiagnosticsParams(uri, diagnostics(found) if found is not None else [], version)
        self.text_document_publish_diagnostics(params)

    async def complete(self, uri: str, explained: bool = False) -> Analysis | None:
        """Return the analysis of the newest text once the file is checked (and `explained`); a large one in steps, between which
        other requests are answered, and not to the end if a newer text comes. None as for `analysis`."""
        while uri in self.workspace.text_documents:
            found = self.analysis(uri)
            if found is None or not found.is_large or (found.is_explained if explained else found.is_checked):
                return found
            await asyncio.shield(self._work(uri, found, explained))
        return None

    def _work(self, uri: str, found: Analysis, explained: bool) -> asyncio.Task[None]:
        """The task that checks or explains a text; its diagnostics are sent once it is checked."""
        known = self._working.get((uri, explained))
        if known is not None and known[0] is found and not known[1].done():
            return known[1]
        task = asyncio.get_running_loop().create_task(self._steps(uri, found, explained))
        task.add_done_callback(lambda done: self._done(uri, found, explained, done))
        self._working[uri, explained] = found, task
        return task

    def _done(self, uri: str, found: Analysis, explained: bool, task: asyncio.Task[None]) -> None:
        """Report what went wrong in a task; requests that wait for it get it as their answer."""
        error = None if task.cancelled() else task.exception()
        is_newest = self._analyses.get(uri) is found and uri in self.workspace.text_documents
        if isinstance(error, Exception) and is_newest and not explained:
            self._failed(uri, error)

    async def _steps(self, uri: str, found: Analysis, explained: bool) -> None:
        """Check or explain a text in steps, as long as it is the newest one."""
        if explained and not found.is_checked:
            await asyncio.shield(self._work(uri, found, False))
        with closing(found.explaining() if explained else found.checking()) as steps:
            until = monotonic() + SLICE
            for _ in steps:
                if monotonic() >= until:
                    await asyncio.sleep(0)
                    if self._analyses.get(uri) is not found or self.analysis(uri) is not found:
                        return
                    until = monotonic() + SLICE
        if not explained and self._analyses.get(uri) is found and uri in self.workspace.text_documents:
            version = self.workspace.text_documents[uri].version
            self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, diagnostics(found), version))

    def publish_soon(self, uri: str) -> None:
        """Send the diagnostics once typing has paused."""
        handle = self._waiting.pop(uri, None)
        if handle is not None:
            handle.cancel()
        self._waiting[uri] = asyncio.get_running_loop().call_later(self.pause, self.publish, uri)

    def close(self, uri: str) -> None:
        """Forget a file and remove its diagnostics."""
        handle = self._waiting.pop(uri, None)
        if handle is not None:
            handle.cancel()
        self._analyses.pop(uri, None)
        self._again.pop(uri, None)
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))


def page(found: Analysis, line: int = 0) -> str:
    """Return the page of `jobs-explain --format html` for an open file, or for its document at a line (from 1)."""
    from time import time

    from joblint.report.explain.html import render
    from joblint.run.explain import explain_files, logged

    if line and found.is_large:
        found = found.alone(line) or found.near(line) or found
        if found.is_large:
            found = found.object_alone(line)
    data, engine = found.data, found.engine
    document = found.document_at(line) if line else None
    if document is not None and not document.source.part.json:
        part = document.source.part
        data = b"\n" * part.line + part.data  # its lines keep their numbers
    files = [(found.path, data)]
    explained = explain_files(files, engine.version, now=time(), engine=engine, ladder=True, variables=engine.variables)
    logged(explained.crashes)
    return render(explained)


def make(pause: float = PAUSE) -> Server:
    """Return the server with all its request handlers; `pause` is in seconds."""
    server = Server(pause)

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    @guarded
    def _open(ls: Server, params: lsp.DidOpenTextDocumentParams) -> None:
        ls.publish(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    @guarded
    async def _change(ls: Server, params: lsp.DidChangeTextDocumentParams) -> None:
        ls.publish_soon(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    @guarded
    def _save(ls: Server, params: lsp.DidSaveTextDocumentParams) -> None:
        if Path(to_fs_path(params.text_document.uri) or "").name in NAMES:
            ls.reload()
        else:
            ls.publish(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    @guarded
    def _close(ls: Server, params: lsp.DidCloseTextDocumentParams) -> None:
        ls.close(params.text_document.uri)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    @guarded
    def _watched(ls: Server, params: lsp.DidChangeWatchedFilesParams) -> None:
        ls.reload()

    @server.feature(lsp.INITIALIZED)
    @guarded
    async def _watch(ls: Server, params: lsp.InitializedParams) -> None:
        workspace = ls.client_capabilities.workspace
        watched = workspace.did_change_watched_files if workspace is not None else None
        if watched is not None and watched.dynamic_registration:
            watchers = [lsp.FileSystemWatcher(f"**/{name}") for name in NAMES]
            options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers)
            registration = lsp.Registration("configuration", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await ls.client_register_capability_async(lsp.RegistrationParams([registration]))

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    @guarded
    def _hover(ls: Server, params: lsp.HoverParams) -> lsp.Hover | None:
        found = ls.analysis(params.text_document.uri)
        near = found.near(params.position.line + 1) if found is not None else None
        return hover(near, params.position) if near is not None else None

    kinds = [lsp.CodeActionKind.QuickFix, actions.FIX_ALL]

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(kinds, resolve_provider=True))
    @guarded
    async def _actions(ls: Server, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        found = await ls.complete(params.text_document.uri)
        only = list(params.context.only) if params.context.only else None
        if found is None:
            return []
        return actions.code_actions(found, params.text_document.uri, params.range, only, ls.resolves_edits())

    @server.feature(lsp.CODE_ACTION_RESOLVE)
    @guarded
    async def _resolve(ls: Server, action: lsp.CodeAction) -> lsp.CodeAction:
        uri = str(action.data.get("uri")) if isinstance(action.data, dict) else ""
        found = await ls.complete(uri) if uri in ls.workspace.text_documents else None
        return actions.resolve(found, uri, action) if found is not None else action

    @server.feature(lsp.TEXT_DOCUMENT_CODE_LENS)
    @guarded
    async def _lens(ls: Server, params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
        found = await ls.complete(params.text_document.uri, explained=True)
        return outline.lenses(found, params.text_document.uri) if found is not None else []

    @server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)
    @guarded
    async def _hints(ls: Server, params: lsp.InlayHintParams) -> list[lsp.InlayHint]:
        found = await ls.complete(params.text_document.uri)
        return outline.hints(found, params.range) if found is not None else []

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    @guarded
    async def _symbols(ls: Server, params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        found = await ls.complete(params.text_document.uri)
        return outline.symbols(found) if found is not None else []

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    @guarded
    def _definition(ls: Server, params: lsp.DefinitionParams) -> lsp.Location | None:
        found = ls.analysis(params.text_document.uri)
        near = found.near(params.position.line + 1) if found is not None else None
        return definition(near, params.text_document.uri, params.position) if near is not None else None

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[" "]))
    @guarded
    def _completion(ls: Server, params: lsp.CompletionParams) -> list[lsp.CompletionItem]:
        found = ls.analysis(params.text_document.uri)
        return completion(found, params.position, ls.knows_snippets()) if found is not None else []

    @server.command(outline.HTML)
    @guarded
    async def _html(ls: Server, uri: str, line: int = 1) -> dict[str, str] | None:
        found = ls.analysis(uri) if uri in ls.workspace.text_documents else None
        if found is not None and found.is_large and (found.alone(line) or found.near(line)) is None:
            found = await ls.complete(uri)  # nothing can be said of the line until then
        return {"html": page(found, line)} if found is not None else None

    @server.command(outline.PAGE)
    @guarded
    async def _page(ls: Server, uri: str, line: int = 1) -> dict[str, str] | None:
        found = await ls.complete(uri) if uri in ls.workspace.text_documents else None
        if found is None:
            return None
        html = page(found, line if found.is_large else 0)  # of thousands of Jobs, only that one
        from tempfile import mkstemp

        handle, name = mkstemp(prefix="joblint-", suffix=".html")
        with open(handle, "w", encoding="utf-8") as file:
            file.write(html)
        window = ls.client_capabilities.window
        if window is not None and window.show_document is not None and window.show_document.support:
            await ls.window_show_document_async(lsp.ShowDocumentParams(Path(name).as_uri(), external=True))
        else:
            ls.window_show_message(
                lsp.ShowMessageParams(lsp.MessageType.Info, f"joblint: no browser was found; open the page {name}")
            )
        return {"html": html}

    return server


def serve() -> None:
    """Run the server until the editor closes it."""
    log_briefly()
    make().start_io()
    if sys.stdout is not None and sys.stdout.closed:  # by pygls, when the editor exits: this is not an error
        sys.stdout = None
