// What the page and its worker say to each other.

/** Lines and columns, from 1, in characters: where something begins, and the place after its end. */
export type At = [line: number, column: number, endLine: number, endColumn: number];

export interface Finding {
  rule: string;
  name: string;
  severity: "error" | "warning" | "info";
  message: string;
  why: string;
  advice: string;
  at: At;
  fix: { title: string; edits: [...At, text: string][] } | null;
}

export interface Checked {
  checked: number;
  findings: Finding[];
  skipped: string[];
  crashes: string[];
}

export interface About {
  joblint: string;
  versions: string[];
  default: string;
}

export interface Question {
  id: number;
  text: string;
  version: string;
}

export type Answer =
  | { kind: "loading"; what: string }
  | { kind: "ready"; about: About; seconds: number }
  | { kind: "failed"; why: string }
  | { kind: "checked"; id: number; checked: Checked }
  | { kind: "page"; id: number; html: string };
