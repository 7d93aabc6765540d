// The page in the colours of the editor: its own style asks the system, which may be dark where the editor is light. Knows no editor.

import { createHash } from "node:crypto";

const DARK_SYSTEM = "@media screen and (prefers-color-scheme:dark)";

/** The page, dark or light. Its policy allows one style by its hash, so the hash changes with the style. */
export function themed(html: string, dark: boolean): string {
  const style = /<style>([^<]*)<\/style>/.exec(html)?.[1];
  if (style === undefined) return html;
  const mine = style
    .replaceAll(DARK_SYSTEM, dark ? "@media screen" : "@media not all")
    .replace("color-scheme:light dark", `color-scheme:${dark ? "dark" : "light"}`);
  return html.replace(style, () => mine).replace(hash(style), () => hash(mine));
}

function hash(text: string): string {
  return "sha256-" + createHash("sha256").update(text).digest("base64");
}
