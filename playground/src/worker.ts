// joblint itself, in a thread of its own: Python, the package, and one question after the other.

import { loadPyodide, type PyodideInterface } from "./pyodide/pyodide.mjs";
import type { Answer, Question } from "./protocol";

const say = (answer: Answer): void => self.postMessage(answer);

interface Look {
  about(): string;
  check(text: string, version: string): string;
  page(text: string, version: string): string;
}

async function load(): Promise<Look> {
  const begun = performance.now();
  say({ kind: "loading", what: "Loading Python (13 MB) …" });
  const packed = fetch("joblint.zip").then((answer) => {
    if (!answer.ok) throw new Error(`joblint.zip: ${answer.status}`);
    return answer.arrayBuffer();
  });
  const python: PyodideInterface = await loadPyodide({ indexURL: new URL("pyodide/", self.location.href).href });
  say({ kind: "loading", what: "Loading joblint …" });
  python.unpackArchive(await packed, "zip", { extractDir: "/joblint" });
  python.runPython("import sys; sys.path.insert(0, '/joblint')");
  say({ kind: "loading", what: "Reading the rules …" });
  const look = python.pyimport("look") as Look;
  const about = JSON.parse(look.about());
  look.check("apiVersion: batch/v1\nkind: Job\n", about.default); // the first check reads what all checks need
  say({ kind: "ready", about, seconds: (performance.now() - begun) / 1000 });
  return look;
}

const loaded = load();
loaded.catch((error) => say({ kind: "failed", why: String(error) }));

let newest = 0;

self.onmessage = async ({ data }: MessageEvent<Question>) => {
  newest = data.id;
  const look = await loaded;
  const later = (): Promise<void> => new Promise((done) => setTimeout(done));
  await later(); // a newer text may be waiting
  if (newest !== data.id) return;
  try {
    say({ kind: "checked", id: data.id, checked: JSON.parse(look.check(data.text, data.version)) });
    await later();
    if (newest !== data.id) return;
    say({ kind: "page", id: data.id, html: look.page(data.text, data.version) });
  } catch (error) {
    say({ kind: "failed", why: String(error) });
  }
};
