// Which joblint is run.

const assert = require("node:assert/strict");
const esbuild = require("esbuild");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");

function source(name) {
  const { outputFiles } = esbuild.buildSync({
    entryPoints: [path.join(__dirname, "../src", name)],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
  });
  const module = { exports: {} };
  new Function("module", "exports", "require", outputFiles[0].text)(module, module.exports, require);
  return module.exports;
}

const { find } = source("find.ts");
const { Follower } = source("follow.ts");

function program(...parts) {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "joblint-")), ...parts);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, "#!/bin/sh\n", { mode: 0o755 });
  return file;
}

const on = (folders, env = {}, set = "") => find({ set, folders, env, platform: "linux" });
const up = (file, n) => (n ? up(path.dirname(file), n - 1) : file);

test("the folder's virtual environment comes before PATH", () => {
  const venv = program(".venv", "bin", "joblint");
  const other = program("joblint");
  assert.equal(on([up(venv, 3)], { PATH: path.dirname(other) }), venv);
  assert.equal(on([], { PATH: path.dirname(other) }), other);
});

test("a setting wins, even where it leads nowhere", () => {
  const venv = program(".venv", "bin", "joblint");
  assert.equal(on([up(venv, 3)], {}, "/nowhere/joblint"), "/nowhere/joblint");
  assert.equal(on([up(venv, 3)], {}, "tools/joblint"), path.join(up(venv, 3), "tools/joblint"));
  assert.equal(on([], { HOME: "/home/me" }, "~/bin/joblint"), "/home/me/bin/joblint");
});

test("nothing relative on PATH is run, and no folder", () => {
  const folder = path.dirname(program("joblint", "inside"));
  assert.equal(on([], { PATH: `.:bin:${path.dirname(folder)}` }), undefined);
});

test("an answer that a later question has overtaken is dropped", async () => {
  const shown = [];
  const answers = [];
  const follower = new Follower(() => new Promise((answer) => answers.push(answer)), (html) => shown.push(html));
  const first = follower.now("a", 1);
  const second = follower.now("a", 9);
  answers[1]({ html: "second" });
  answers[0]({ html: "first" });
  await Promise.all([first, second]);
  assert.deepEqual(shown, ["second"]);
});

test("a page that says the same is not shown again, and an error shows nothing", async () => {
  const shown = [];
  let answer = async () => ({ html: "page" });
  const follower = new Follower(() => answer(), (html) => shown.push(html));
  await follower.now("a", 1);
  await follower.now("a", 2);
  answer = () => Promise.reject(new Error("stopped"));
  await follower.now("a", 3);
  assert.deepEqual(shown, ["page"]);
});
