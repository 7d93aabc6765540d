// The page: an editor, the findings under it, and what the Jobs will do beside it.

import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { EXAMPLES } from "./examples";
import * as link from "./link";
import type { Answer, Checked, Finding, Question } from "./protocol";

const PAUSE = 200; // milliseconds without a keystroke

function element<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

const status = element("status");
const list = element<HTMLOListElement>("findings");
const summary = element("summary");
const versions = element<HTMLSelectElement>("version");
const examples = element<HTMLSelectElement>("example");
const copy = element<HTMLButtonElement>("copy");
const frame = element<HTMLIFrameElement>("page");
const nothing = element("nothing");

const worker = new Worker("worker.js", { type: "module" });
let asked = 0;
let waiting: number | undefined;
let shown = "";
let wantedVersion = "";
let ready = false;

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--link)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.number, tags.bool, tags.keyword], color: "var(--mind)" },
]);

const editor = new EditorView({
  parent: element("editor"),
  extensions: [
    basicSetup,
    yaml(),
    syntaxHighlighting(colours),
    lintGutter(),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": "manifest" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) soon();
    }),
  ],
});

/** The editor's offset of a line and a column, which counts characters, not UTF-16 units. */
function offset(doc: Text, line: number, column: number): number {
  if (line > doc.lines) return doc.length;
  const { from, text } = doc.line(Math.max(1, line));
  return from + [...text].slice(0, column - 1).join("").length;
}

function apply(finding: Finding): void {
  const doc = editor.state.doc;
  const changes = (finding.fix?.edits ?? []).map(([line, column, endLine, endColumn, insert]) => ({
    from: offset(doc, line, column),
    to: offset(doc, endLine, endColumn),
    insert,
  }));
  editor.dispatch({ changes, userEvent: "input.fix" });
  editor.focus();
}

function diagnostic(doc: Text, finding: Finding): Diagnostic {
  const [line, column, endLine, endColumn] = finding.at;
  const from = offset(doc, line, column);
  return {
    from,
    to: Math.max(from, offset(doc, endLine, endColumn)),
    severity: finding.severity,
    source: `${finding.rule} ${finding.name}`,
    message: finding.message,
    actions: finding.fix ? [{ name: finding.fix.title, apply: () => apply(finding) }] : [],
  };
}

function made<K extends keyof HTMLElementTagNameMap>(name: K, kind = "", text = ""): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  element.className = kind;
  element.textContent = text;
  return element;
}

function item(finding: Finding): HTMLLIElement {
  const row = made("li", finding.severity);
  const head = made("p");
  const place = made("button", "place", `line ${finding.at[0]}`);
  place.onclick = () => {
    const at = offset(editor.state.doc, finding.at[0], finding.at[1]);
    editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    editor.focus();
  };
  const rule = made("a", "rule", `${finding.rule} ${finding.name}`);
  rule.href = `../rules/${finding.rule}/`;
  head.append(made("span", "severity", finding.severity), " ", place, " ", rule);
  const why = made("details");
  why.append(made("summary", "", "Why"), made("p", "", finding.why));
  if (finding.advice) why.append(made("pre", "", finding.advice));
  row.append(head, made("p", "message", finding.message));
  if (finding.fix) {
    const fix = made("button", "fix", `Fix: ${finding.fix.title}`);
    fix.onclick = () => apply(finding);
    row.append(fix);
  }
  row.append(why);
  return row;
}

function count(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? "" : "s"}`;
}

function show(checked: Checked): void {
  const { findings } = checked;
  const doc = editor.state.doc;
  editor.dispatch(setDiagnostics(editor.state, findings.map((f) => diagnostic(doc, f))));
  list.replaceChildren(...findings.map(item));
  const of = (severity: string): number => findings.filter((f) => f.severity === severity).length;
  const parts = [count(of("error"), "error"), count(of("warning"), "warning"), `${of("info")} info`];
  const what = checked.checked ? `${count(checked.checked, "object")} checked: ${parts.join(", ")}.` : "No Job or CronJob to check.";
  const skipped = checked.skipped.filter(Boolean).map((reason) => `Not checked: ${reason}.`);
  summary.textContent = [what, ...skipped, ...checked.crashes.map((c) => `A bug in joblint: ${c}`)].join(" ");
}

function soon(): void {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(ask, PAUSE);
}

function ask(): void {
  window.clearTimeout(waiting);
  if (!ready) return;
  const question: Question = { id: ++asked, text: editor.state.doc.toString(), version: versions.value };
  document.body.dataset.state = "asking";
  worker.postMessage(question);
  void link.write(question.text, question.version).then((fragment) => {
    if (question.id === asked) history.replaceState(null, "", fragment);
  });
}

worker.onerror = (event) => failed(event.message);

function failed(why: string): void {
  document.body.dataset.state = "failed";
  status.textContent = `joblint cannot run in this browser: ${why}`;
}

worker.onmessage = ({ data }: MessageEvent<Answer>) => {
  if (data.kind === "loading") status.textContent = data.what;
  else if (data.kind === "failed") failed(data.why);
  else if (data.kind === "ready") {
    const { about } = data;
    versions.replaceChildren(...about.versions.map((v) => new Option(`Kubernetes ${v}`, v)));
    versions.value = about.versions.includes(wantedVersion) ? wantedVersion : about.default;
    versions.disabled = false;
    status.textContent = `joblint ${about.joblint}, loaded in ${data.seconds.toFixed(1)} s`;
    ready = true;
    ask();
  } else if (data.id !== asked) return;
  else if (data.kind === "checked") show(data.checked);
  else {
    document.body.dataset.state = "ready";
    nothing.hidden = data.html !== "";
    frame.hidden = data.html === "";
    if (data.html !== shown) frame.srcdoc = shown = data.html;
  }
};

function replace(text: string): void {
  editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
}

examples.append(...EXAMPLES.map(({ title }, n) => new Option(title, String(n))));
examples.onchange = () => {
  if (examples.value) replace(EXAMPLES[Number(examples.value)].text);
  examples.value = "";
};
versions.onchange = ask;
copy.onclick = async () => {
  const fragment = await link.write(editor.state.doc.toString(), versions.value);
  history.replaceState(null, "", fragment);
  await navigator.clipboard.writeText(location.href);
  copy.textContent = "Copied";
  window.setTimeout(() => (copy.textContent = "Copy link"), 1500);
};

async function open(): Promise<void> {
  const found = await link.read(location.hash);
  wantedVersion = found?.version ?? "";
  if (ready && found) versions.value = found.version;
  replace(found ? found.text : EXAMPLES[0].text);
}

window.addEventListener("hashchange", () => void open());
void open();
if ("serviceWorker" in navigator) void navigator.serviceWorker.register("offline.js").catch(() => undefined);
