// npm run screenshots: docs/images/*.png from a real run: a service of its own, tenants, tests, and a browser without a window.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuilt } from "./build.mjs";
import { prepare } from "./lib/prepare.mjs";
import { main, root, ScriptFailed, say } from "./lib/terminal.mjs";

const images = join(root, "docs/images");

await main(async () => {
  const mariadbd = await prepare({ mariadb: true });
  await ensureBuilt();
  const dataDir = mkdtempSync(join(tmpdir(), "tenantry-screenshots-"));
  const service = await start(dataDir, mariadbd);
  try {
    say("making tenants, and testing them");
    const runId = await live(service);
    mkdirSync(images, { recursive: true });
    await photograph(service, [
      { name: "fleet", path: "/", settled: "canvas" },
      { name: "tenants", path: "/tenants", settled: "text=EXCELLENT >> nth=0" },
      { name: "tenant-dark", path: "/tenants/acme", settled: "canvas", colorScheme: "dark" },
      { name: "test-run", path: `/test-runs/${runId}`, settled: "h1" },
    ]);
  } finally {
    service.child.kill("SIGTERM");
    await service.exited;
    rmSync(dataDir, { recursive: true, force: true });
  }
  return 0;
});

async function start(dataDir, mariadbd) {
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), TENANTRY_DATA_DIR: dataDir, TENANTRY_MARIADBD: mariadbd };
  const child = spawn(process.execPath, ["dist/main.js", "serve"], { cwd: root, stdio: "ignore", env });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new ScriptFailed(`The service ended with ${child.exitCode}.`);
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) break;
    await pause(100);
  }
  return { child, exited, url, key: readFileSync(join(dataDir, "admin.key"), "utf8").trim() };
}

/** A fleet that has lived for a while. @returns the id of a performance test */
async function live(service) {
  const tenants = ["acme", "borealis", "cumulus", "delta-works"].map((slug) => ({
    slug,
    name: slug.replace(/(^|-)./g, (letter) => letter.toUpperCase()).replace("-", " "),
    domains: [`${slug}.example.com`, `www.${slug}.example.com`],
    labels: [{ key: "plan", value: slug < "c" ? "gold" : "silver" }],
  }));
  await ended(service, await send(service, "mutation { createTestTenants(input: { count: 60 }) { job { id } } }"));
  const create = "mutation($input: CreateTenantsInput!) { createTenants(input: $input) { job { id } } }";
  await ended(service, await send(service, create, { input: { tenants } }));
  for (let round = 0; round < 5; round += 1)
    await ended(
      service,
      await send(service, "mutation { startConnectionTest(input: {}) { testRun { id job { id } } } }"),
    );
  await ended(service, await send(service, "mutation { validateTenants(input: {}) { job { id } } }"));
  const load =
    "mutation { startPerformanceTest(input: { maxTenants: 4, durationSeconds: 5 }) { testRun { id job { id } } } }";
  const started = await send(service, load);
  await ended(service, started);
  return started.testRun.id;
}

/** @returns the payload of the document's only field */
async function send({ url, key }, query, variables = {}) {
  const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
  const answer = await fetch(`${url}/graphql`, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await answer.json();
  if (errors) throw new ScriptFailed(`${query}\n${errors[0].message}`);
  return Object.values(data)[0];
}

async function ended(service, { job, testRun }) {
  const { id } = job ?? testRun.job;
  for (;;) {
    const { status } = await send(service, "query($id: ID!) { job(id: $id) { status } }", { id });
    if (!["QUEUED", "RUNNING", "CANCELLING"].includes(status)) return;
    await pause(200);
  }
}

async function photograph({ url, key }, pictures) {
  const { chromium } = await import("playwright-core");
  const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  for (const { name, path, settled, colorScheme = "light" } of pictures) {
    say(`taking ${name}.png`);
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme });
    await page.goto(`${url}${path}#key=${encodeURIComponent(key)}`);
    await page.waitForSelector(settled);
    // Charts that grow have something to show.
    await page.waitForTimeout(path === "/" ? 20_000 : 1_500);
    await page.screenshot({ path: join(images, `${name}.png`) });
    await page.close();
  }
  await browser.close();
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
