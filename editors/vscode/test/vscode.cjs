// A stand-in for the editor's own module, with as much of it as the extension and its client library touch.

const classes = new Map();

/** A class of which nothing is asked but that it can be made, extended and compared. */
function plain(name) {
  if (!classes.has(name)) {
    const made = class {
      constructor(...args) {
        this.args = args;
      }
    };
    Object.defineProperty(made, "name", { value: name });
    classes.set(name, made);
  }
  return classes.get(name);
}

class Uri {
  constructor(text) {
    this.text = text;
    this.scheme = text.split(":")[0];
    this.fsPath = decodeURIComponent(text.replace(/^file:\/\//, ""));
    this.path = this.fsPath;
  }
  static parse(text) {
    return new Uri(text);
  }
  static file(path) {
    return new Uri("file://" + path);
  }
  toString() {
    return this.text;
  }
}

class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
}

class Range {
  constructor(...args) {
    const [start, end] = args.length === 4 ? [new Position(args[0], args[1]), new Position(args[2], args[3])] : args;
    Object.assign(this, { start, end });
  }
}

class EventEmitter {
  constructor() {
    this.listeners = new Set();
    this.event = (listener, self) => {
      const bound = listener.bind(self);
      this.listeners.add(bound);
      return { dispose: () => this.listeners.delete(bound) };
    };
  }
  fire(value) {
    for (const listener of [...this.listeners]) listener(value);
  }
  dispose() {}
}

class CodeActionKind {
  constructor(value) {
    this.value = value;
  }
  append(part) {
    return new CodeActionKind(this.value ? `${this.value}.${part}` : part);
  }
}
CodeActionKind.Empty = new CodeActionKind("");

class CancellationTokenSource {
  token = { isCancellationRequested: false, onCancellationRequested: () => nothing };
  cancel() {}
  dispose() {}
}

class Diagnostic {
  constructor(range, message, severity) {
    Object.assign(this, { range, message, severity });
  }
}

const events = {};
const on = (name) => (events[name] ??= new EventEmitter()).event;
const settings = {};
const nothing = { dispose() {} };

/** What happened, for a test to look at. */
const seen = { commands: new Map(), diagnostics: new Map(), panels: [], warnings: [], providers: [], events, settings };

const configuration = { get: (key, otherwise) => settings[key] ?? otherwise, has: () => false, inspect: () => undefined };

const known = {
  seen,
  Uri,
  Position,
  Range,
  EventEmitter,
  Diagnostic,
  CancellationTokenSource,
  CodeActionKind,
  version: "1.91.0",
  env: { language: "en", appName: "test", clipboard: { writeText: async () => {} }, uriScheme: "test" },
  ViewColumn: { Beside: -2 },
  ColorThemeKind: { Light: 1, Dark: 2, HighContrast: 3, HighContrastLight: 4 },
  DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
  workspace: {
    textDocuments: [],
    workspaceFolders: [],
    notebookDocuments: [],
    isTrusted: true,
    getConfiguration: () => configuration,
    getWorkspaceFolder: () => undefined,
    createFileSystemWatcher: () => ({ onDidCreate: () => nothing, onDidChange: () => nothing, onDidDelete: () => nothing, ...nothing }),
  },
  window: {
    activeTextEditor: undefined,
    activeColorTheme: { kind: 2 },
    visibleTextEditors: [],
    tabGroups: { all: [], onDidChangeTabs: () => nothing },
    createOutputChannel: () => ({ append() {}, appendLine() {}, show() {}, info() {}, error() {}, warn() {}, trace() {}, debug() {}, ...nothing }),
    showWarningMessage: async (message) => void seen.warnings.push(message),
    showErrorMessage: async (message) => void seen.warnings.push(message),
    createWebviewPanel(...args) {
      const gone = new EventEmitter();
      const panel = { args, webview: { html: "" }, reveal() {}, onDidDispose: gone.event, dispose: () => gone.fire() };
      seen.panels.push(panel);
      return panel;
    },
  },
  commands: {
    registerCommand(name, run) {
      if (seen.commands.has(name)) throw new Error(`command '${name}' already exists`);
      seen.commands.set(name, run);
      return { dispose: () => seen.commands.delete(name) };
    },
    executeCommand: async () => undefined,
  },
  languages: {
    match: (selector, document) => (Array.isArray(selector) ? selector : [selector]).some((s) => s.language === document.languageId) ? 10 : 0,
    createDiagnosticCollection: () => ({
      set: (uri, found) => seen.diagnostics.set(uri.toString(), found),
      delete: (uri) => seen.diagnostics.delete(uri.toString()),
      clear: () => seen.diagnostics.clear(),
      ...nothing,
    }),
  },
};

/** Events by their name, registrations that are noted, enumerations that are counted, plain classes for all else. */
function filled(part, name) {
  return new Proxy(part, {
    get(target, key) {
      if (typeof key !== "string" || key in target) return target[key];
      if (/^on(Did|Will)/.test(key)) return on(key);
      if (/^register/.test(key)) return (...args) => (seen.providers.push([key, args]), nothing);
      return name ? undefined : /^[A-Z]/.test(key) ? plain(key) : undefined;
    },
  });
}

for (const name of ["workspace", "window", "languages", "commands", "env"]) known[name] = filled(known[name], name);
module.exports = filled(known, "");
