// The bundled extension with the real server, and a stand-in for the editor around them.

const assert = require("node:assert/strict");
const crypto = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const os = require("node:os");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { after, before, test } = require("node:test");

const load = Module._load;
Module._load = function (name, ...rest) {
  return name === "vscode" ? load.call(this, path.join(__dirname, "vscode.cjs"), ...rest) : load.call(this, name, ...rest);
};
const vscode = require("./vscode.cjs");
const extension = require("../dist/extension.js");

const JOBLINT = process.env.JOBLINT ?? path.join(__dirname, "../../../.venv/bin/joblint");
const TEXT = `apiVersion: batch/v1
kind: Job
metadata: {name: first}
spec:
  backofLimit: 3
  template:
    spec: {restartPolicy: Never, containers: [{name: a, image: "busybox:1.36"}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: second}
spec:
  activeDeadlineSeconds: 60
  template:
    spec: {restartPolicy: Never, containers: [{name: a, image: "busybox:1.36"}]}
`;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "joblint-"));
const file = path.join(folder, "job.yaml");
const uri = vscode.Uri.parse(pathToFileURL(file).href);
const context = { subscriptions: [] };

/** Waits until something holds, and gives it. */
async function until(what, holds) {
  for (let waited = 0; waited < 30_000; waited += 20) {
    const found = holds();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 20));
  }
  assert.fail(`in 30 s not seen: ${what}`);
}

/** An open document of the editor. */
function document(text, version) {
  const lines = text.split("\n");
  return {
    uri,
    languageId: "yaml",
    version,
    isClosed: false,
    isDirty: false,
    fileName: file,
    lineCount: lines.length,
    getText: () => text,
  };
}

before(async () => {
  fs.writeFileSync(file, TEXT);
  vscode.seen.settings.path = JOBLINT;
  const opened = document(TEXT, 1);
  vscode.workspace.textDocuments.push(opened);
  vscode.window.visibleTextEditors.push({ document: opened });
  vscode.window.activeTextEditor = { document: opened, selection: { active: new vscode.Position(4, 0) } };
  await extension.activate(context);
});

after(async () => {
  await extension.deactivate();
  fs.rmSync(folder, { recursive: true });
});

test("findings of an open file are the editor's diagnostics", async () => {
  assert.deepEqual(vscode.seen.warnings, []);
  const found = await until("diagnostics", () => vscode.seen.diagnostics.get(uri.toString()));
  const typo = found.find((d) => d.message.includes("backofLimit"));
  assert.deepEqual([typo.range.start.line, typo.range.start.character, typo.range.end.character], [4, 2, 13]);
});

test("a lens opens the page beside the text, and the page follows the cursor", async () => {
  await vscode.seen.commands.get("joblint.page")(uri.toString(), 1);
  const [panel] = vscode.seen.panels;
  assert.match(panel.webview.html, /<title>Job first<\/title>/);
  vscode.window.activeTextEditor.selection.active = new vscode.Position(12, 0);
  vscode.seen.events.onDidChangeTextEditorSelection.fire({ textEditor: vscode.window.activeTextEditor });
  await until("the second Job's page", () => panel.webview.html.includes("<title>Job second</title>"));
  assert.equal(vscode.seen.panels.length, 1);
});

test("the page has the colours of the editor, and its policy still knows its style", () => {
  const style = () => {
    const { html } = vscode.seen.panels[0].webview;
    const [, text] = /<style>([^<]*)<\/style>/.exec(html);
    assert.ok(html.includes(`style-src 'sha256-${crypto.createHash("sha256").update(text).digest("base64")}'`));
    return text;
  };
  assert.match(style(), /color-scheme:dark/);
  assert.doesNotMatch(style(), /prefers-color-scheme/);
  vscode.window.activeColorTheme = { kind: 4 };
  vscode.seen.events.onDidChangeActiveColorTheme.fire(vscode.window.activeColorTheme);
  assert.match(style(), /color-scheme:light/);
  assert.doesNotMatch(style(), /prefers-color-scheme|media screen\{/);
});

test("a page that was closed is opened again", async () => {
  vscode.seen.panels[0].dispose();
  await vscode.seen.commands.get("joblint.show")();
  assert.match(vscode.seen.panels[1].webview.html, /<title>Job second<\/title>/);
});

test("a joblint that is not there is told, with the way to install it", async () => {
  vscode.seen.settings.path = path.join(folder, "nowhere");
  await vscode.seen.commands.get("joblint.restart")();
  const told = await until("a warning", () => vscode.seen.warnings.find((w) => w.includes("nowhere")));
  assert.match(told, /cannot be started/);
});
