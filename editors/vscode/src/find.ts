// Which joblint to run: the one that was set, the one in the folder's virtual environment, or the one on PATH. Knows no editor.

import * as fs from "node:fs";
import * as path from "node:path";

/** What decides: `set` is the setting (empty for none), `folders` are the workspace's, empty where they are not trusted. */
export interface Where {
  set: string;
  folders: string[];
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
}

const VENVS = [".venv", "venv", "env"];

/** The path of joblint; undefined where there is none. A setting wins, whether it is there or not: a typo must be seen. */
export function find(where: Where): string | undefined {
  if (where.set) {
    const set = where.set.replace(/^~(?=[/\\])/, where.env.HOME ?? where.env.USERPROFILE ?? "~");
    return path.isAbsolute(set) || !where.folders.length ? set : path.join(where.folders[0], set);
  }
  const windows = where.platform === "win32";
  const name = windows ? "joblint.exe" : "joblint";
  const places = where.folders.flatMap((folder) =>
    VENVS.map((venv) => path.join(folder, venv, windows ? "Scripts" : "bin")),
  );
  if (where.env.VIRTUAL_ENV) places.push(path.join(where.env.VIRTUAL_ENV, windows ? "Scripts" : "bin"));
  places.push(...(where.env.PATH ?? where.env.Path ?? "").split(windows ? ";" : ":").filter((p) => path.isAbsolute(p)));
  return places.map((place) => path.join(place, name)).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** What to say where there is none, or where it does not start. */
export const INSTALL = "pipx install 'joblint[lsp]'";
