// The extension: starts `joblint lsp`, and shows the page of the Job under the cursor beside the text.

import * as vscode from "vscode";
import { LanguageClient, State, type LanguageClientOptions } from "vscode-languageclient/node";
import { find, INSTALL } from "./find";
import { Follower } from "./follow";
import { themed } from "./theme";

const PAGE = "joblint.page"; // the server's command behind a code lens
const HTML = "joblint.html"; // the server's answer to it, as text
const LANGUAGES = ["yaml", "json", "helm"];
const JOB = /["']?\bkind["']?\s*:\s*["']?(Cron)?Job\b/; // in a text that may have a page: the button over the editor is shown

let client: LanguageClient | undefined;
let missing = ""; // why there is no server; shown once, and only to somebody who has a Job open

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const panel = new Panel();
  context.subscriptions.push(
    panel,
    vscode.commands.registerCommand("joblint.restart", () => start(panel)),
    vscode.commands.registerCommand("joblint.show", () => panel.open()),
    vscode.window.onDidChangeActiveTextEditor(button),
    vscode.window.onDidChangeActiveColorTheme(() => panel.paint()),
    vscode.window.onDidChangeTextEditorSelection((e) => panel.follow(e.textEditor)),
    vscode.workspace.onDidChangeTextDocument((e) => {
      const editor = vscode.window.activeTextEditor;
      if (editor?.document !== e.document) return;
      button(editor);
      panel.follow(editor);
    }),
    vscode.workspace.onDidChangeConfiguration((e) => {
      if (e.affectsConfiguration("joblint.path")) void start(panel);
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => start(panel)),
  );
  await start(panel);
}

/** Shows the button that opens the page, over an editor whose text has a Job or CronJob; it stays while the page is looked at. */
function button(editor: vscode.TextEditor | undefined): void {
  if (!editor) return;
  const has = LANGUAGES.includes(editor.document.languageId) && JOB.test(editor.document.getText());
  void vscode.commands.executeCommand("setContext", "joblint.hasJobs", has);
  if (!has || !missing) return;
  void toInstall(missing);
  missing = "";
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function start(panel: Panel): Promise<void> {
  await client?.stop().catch(() => undefined);
  client = undefined;
  missing = "";
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((f) => f.uri.scheme === "file");
  const command = find({
    set: vscode.workspace.getConfiguration("joblint").get<string>("path", ""),
    folders: vscode.workspace.isTrusted ? folders.map((f) => f.uri.fsPath) : [],
    env: process.env,
    platform: process.platform,
  });
  if (command === undefined) {
    missing = "joblint was not found in a virtual environment of the folder or on PATH.";
    button(vscode.window.activeTextEditor);
    return;
  }
  const options: LanguageClientOptions = {
    documentSelector: LANGUAGES.map((language) => ({ scheme: "file", language })),
    middleware: {
      executeCommand: (name, args, next) => (name === PAGE ? panel.open(args[0], args[1]) : next(name, args)),
    },
  };
  const made = new LanguageClient("joblint", "joblint", { command, args: ["lsp"] }, options);
  try {
    await made.start();
    client = made;
  } catch (error) {
    missing = `${command} lsp cannot be started: ${error instanceof Error ? error.message : error}`;
  }
  button(vscode.window.activeTextEditor);
}

async function toInstall(message: string): Promise<void> {
  const copy = `Copy “${INSTALL}”`;
  const chosen = await vscode.window.showWarningMessage(message, copy, "Settings");
  if (chosen === copy) await vscode.env.clipboard.writeText(INSTALL);
  if (chosen === "Settings") await vscode.commands.executeCommand("workbench.action.openSettings", "joblint.path");
}

/** The page beside the text, once it is open. */
class Panel implements vscode.Disposable {
  private view: vscode.WebviewPanel | undefined;
  private follower: Follower | undefined;
  private html = "";

  async open(uri?: string, line?: number): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (client?.state !== State.Running) {
      void vscode.window.showWarningMessage("joblint is not running.", "Restart").then((chosen) => {
        if (chosen) void vscode.commands.executeCommand("joblint.restart");
      });
      return;
    }
    uri ??= editor ? client.code2ProtocolConverter.asUri(editor.document.uri) : undefined;
    if (uri === undefined) return;
    const follower = this.follower ?? this.made();
    this.view?.reveal(undefined, true);
    await follower.now(uri, line ?? (editor?.selection.active.line ?? 0) + 1);
  }

  follow(editor: vscode.TextEditor): void {
    if (!this.follower || !client || !LANGUAGES.includes(editor.document.languageId)) return;
    this.follower.moved(client.code2ProtocolConverter.asUri(editor.document.uri), editor.selection.active.line + 1);
  }

  /** Shows the page in the colours of the editor. */
  paint(): void {
    const { Dark, HighContrast } = vscode.ColorThemeKind;
    const dark = [Dark, HighContrast].includes(vscode.window.activeColorTheme.kind);
    if (this.view && this.html) this.view.webview.html = themed(this.html, dark);
  }

  dispose(): void {
    this.view?.dispose();
  }

  private made(): Follower {
    const where = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    // The page forbids itself everything but its own script, whatever a manifest holds.
    const view = vscode.window.createWebviewPanel("joblint.page", "What will happen", where, {
      enableScripts: true,
      localResourceRoots: [],
    });
    const follower = new Follower(ask, (html) => {
      this.html = html;
      this.paint();
    });
    view.onDidDispose(() => {
      follower.dispose();
      this.view = this.follower = undefined;
      this.html = "";
    });
    this.view = view;
    this.follower = follower;
    return follower;
  }
}

async function ask(uri: string, line: number): Promise<{ html: string } | null> {
  if (client?.state !== State.Running) return null;
  return client.sendRequest("workspace/executeCommand", { command: HTML, arguments: [uri, line] });
}
