// The packed extension in the real editor: code-server serves it, Chromium shows it. CODE_SERVER starts code-server, CHROMIUM is the
// browser, VSIX the extension, JOBLINT the program that it is to find; with PICTURES, a folder, each step leaves a picture there.

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const { CODE_SERVER, CHROMIUM, VSIX, JOBLINT, PICTURES } = process.env;
const SETTINGS = {
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
};
const JOB = `apiVersion: batch/v1
kind: Job
metadata:
  name: "first" # 日本語 😀
spec:
  backofLimit: 6
  activeDeadlineSeconds: 300
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: main
          image: busybox:1.36
          resources: {limits: {memory: 64Mi}}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: second
spec:
  activeDeadlineSeconds: 60
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: main
          image: busybox:1.36
          resources: {limits: {memory: 64Mi}}
`;

const home = mkdtempSync(join(tmpdir(), "joblint-editor-"));
const folder = join(home, "folder");
const own = ["--user-data-dir", join(home, "data"), "--extensions-dir", join(home, "extensions")];
let server, browser, page;
let pictures = 0;

async function picture(name) {
  if (!PICTURES) return;
  await page.waitForTimeout(1500); // widgets fade in
  await page.screenshot({ path: join(PICTURES, `${++pictures}-${name}.png`) });
}

/** A word of the manifest on the screen. */
const text = (word) => page.locator(".view-line span span", { hasText: new RegExp(`^\\s*${word}\\s*$`) }).first();
const view = () => page.frameLocator("iframe.webview").frameLocator("#active-frame");

before(async () => {
  mkdirSync(join(folder, ".venv", "bin"), { recursive: true });
  symlinkSync(JOBLINT, join(folder, ".venv", "bin", "joblint"));
  writeFileSync(join(folder, "job.yaml"), JOB);
  mkdirSync(join(home, "data", "User"), { recursive: true });
  writeFileSync(join(home, "data", "User", "settings.json"), JSON.stringify(SETTINGS));
  execFileSync(CODE_SERVER, [...own, "--install-extension", VSIX]);
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.once("listening", done));
  const { port } = probe.address();
  probe.close();
  const origin = `127.0.0.1:${port}`;
  const quiet = ["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"];
  server = spawn(CODE_SERVER, ["--auth", "none", "--bind-addr", origin, ...quiet, ...own, folder], { stdio: "ignore", detached: true });
  for (let up = false; !up; ) {
    up = await fetch(`http://${origin}/healthz`).then((answer) => answer.ok, () => false);
    if (!up) await new Promise((done) => setTimeout(done, 200));
  }
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
  page.setDefaultTimeout(300_000); // nothing here is about speed
  const opened = [["openFile", `vscode-remote://${origin}${join(folder, "job.yaml")}`]];
  await page.goto(`http://${origin}/?folder=${folder}&payload=${encodeURIComponent(JSON.stringify(opened))}`);
});

after(async () => {
  await browser?.close();
  if (server) process.kill(-server.pid);
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

test("a finding is underlined, and its hover says why", async () => {
  await page.locator(".squiggly-error").first().waitFor();
  await picture("findings");
  await text("backofLimit").hover();
  await page.locator(".monaco-hover-content", { hasText: "JL105" }).first().waitFor();
  await picture("hover");
  await page.keyboard.press("Escape");
});

test("the light bulb fixes it", async () => {
  await text("backofLimit").click();
  await page.keyboard.press("Control+.");
  await page.locator(".action-widget", { hasText: "backoffLimit" }).waitFor();
  await picture("fixes");
  await page.keyboard.press("Enter");
  await text("backoffLimit").waitFor();
  await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
});

test("lenses say what each Job does, and hints what its limits do", async () => {
  await page.locator(".codelens-decoration a", { hasText: "until one succeeds" }).first().waitFor();
  await page.locator(".view-line", { hasText: "fails the Job at 5m" }).waitFor();
  await picture("fixed");
});

test("a lens opens the page, which follows the cursor", async () => {
  await page.locator(".codelens-decoration a", { hasText: "until one succeeds" }).first().click();
  await view().getByRole("heading", { name: "Job first" }).waitFor();
  await picture("page");
  await text("second").click();
  await view().getByRole("heading", { name: "Job second" }).waitFor();
  await picture("followed");
});

test("the page's own script runs there: another tab is shown", async () => {
  await view().getByRole("tab", { name: "it hangs" }).click();
  await view().getByRole("heading", { name: "it hangs" }).first().waitFor();
});

test("the button over the editor is there", async () => {
  await page.locator(".codicon-graph-line").first().waitFor();
});
