// The built page in a real browser: what somebody does who has never seen it. SITE is its folder, CHROMIUM the browser.

import assert from "node:assert/strict";
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const SITE = process.env.SITE;
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".json": "application/json" };
const BROKEN = `apiVersion: batch/v1
kind: Job
metadata:
  name: broken
  annotations: {who: "日本語 😀"}
spec:
  backofLimit: 2
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: main
          image: "busybox:1.36"
`;

let server, browser, page, origin;
const foreign = [];
const errors = [];

before(async () => {
  server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    const file = join(SITE, path.endsWith("/") ? path + "index.html" : path);
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${server.address().port}/`;
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  page = await context.newPage();
  page.setDefaultTimeout(900_000); // nothing here is about speed: a page that gets little of a busy processor is late, not wrong
  page.on("request", (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(origin)) foreign.push(request.url());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(origin);
  await page.locator("body[data-state=ready]").waitFor();
});

after(async () => {
  await browser?.close();
  server?.close();
});

async function paste(text) {
  const content = page.locator(".cm-content");
  await content.click();
  await content.focus(); // on a busy machine a click may come where the page was before it scrolled
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(text);
}

const future = () => page.frameLocator("#page");

test("an example is explained at once", async () => {
  assert.match(await page.locator("#status").textContent(), /^joblint .* loaded in/);
  await future().getByRole("heading", { name: "Job etl-load" }).waitFor();
  await future().locator(".picture svg").first().waitFor();
  console.log(await page.locator("#status").textContent());
});

test("a broken Job: the finding at its line, the fix, and the timeline follows", async () => {
  await paste(BROKEN);
  const finding = page.locator("#findings li.error", { hasText: "backofLimit" });
  await finding.waitFor();
  assert.equal(await finding.locator(".place").textContent(), "line 7");
  await page.locator(".cm-lintRange-error", { hasText: "backofLimit" }).waitFor();
  await page.locator(".cm-lint-marker-error").first().waitFor();
  await future().locator(".refusal").waitFor();
  await finding.locator("button.fix").click();
  await page.locator("#findings li.error").waitFor({ state: "detached" });
  assert.match(await page.locator(".cm-content").innerText(), /backoffLimit: 2/);
  await future().locator(".refusal").waitFor({ state: "detached" });
  await future().locator(".limits tr", { hasText: "backoffLimit" }).first().waitFor();
});

test("what is typed changes the timeline", async () => {
  await paste(BROKEN.replace("backofLimit: 2", "activeDeadlineSeconds: 77"));
  await future().locator(".limits tr", { hasText: "1m17s" }).first().waitFor();
});

test("another version judges otherwise", async () => {
  const text = BROKEN.replace("backofLimit: 2", "podReplacementPolicy: Failed\n  managedBy: example.com/other");
  await paste(text);
  const chosen = await page.locator("#version option").allTextContents();
  assert.ok(chosen.length > 4);
  await page.locator("#version").selectOption("1.31");
  await future().locator(".where", { hasText: "1.31" }).first().waitFor();
});

test("hostile text stays text", async () => {
  await paste(BROKEN.replace("backofLimit: 2", '"</script><img src=x onerror=alert(1)>": 2'));
  await page.locator("#findings li.error", { hasText: "<img src=x" }).waitFor();
  await future().locator(".refusal", { hasText: "<img src=x" }).waitFor();
  assert.equal(await page.locator("#findings img, #findings script").count(), 0);
});

test("a link carries the manifest and the version in its fragment, and opens without a network", async () => {
  await paste(BROKEN);
  await page.waitForFunction(() => location.hash.length > 100);
  await page.locator("#findings li.error", { hasText: "backofLimit" }).waitFor();
  await page.waitForFunction(async () => (await caches.keys()).length > 0 && navigator.serviceWorker.controller !== null);
  await page.context().setOffline(true);
  await page.reload();
  await page.locator("body[data-state=ready]").waitFor();
  assert.match(await page.locator(".cm-content").innerText(), /日本語 😀/);
  assert.equal(await page.locator("#version").inputValue(), "1.31");
  await page.context().setOffline(false);
});

test("it fits 400 px, in light and dark", async () => {
  await page.locator("#example").selectOption("0");
  await future().getByRole("heading", { name: "Job etl-load" }).waitFor();
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1280, 400]) {
      await page.setViewportSize({ width, height: 900 });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
      await page.locator("#page").evaluate((frame) => frame.scrollIntoView());
      if (process.env.PICTURES) await page.screenshot({ path: join(process.env.PICTURES, `${colorScheme}-${width}.png`) });
    }
  }
});

test("nothing was asked of anybody else, and nothing went wrong", () => {
  assert.deepEqual(foreign, []);
  assert.deepEqual(errors, []);
});
