import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { JobEvent } from "../../src/jobs/job.ts";
import type { JobId } from "../../src/kit/ids.ts";
import { keys, startedServer } from "../http/support/started-server.ts";
import { aJob } from "../support/builders.ts";
import { launchBrowser } from "../support/chromium.ts";
import { type WatchedPage, watchedPage } from "./support/browser.ts";

const jobId = "job_01920000-0000-7000-8000-00000000000a";
let browser: Browser;
let pagesDir: string;

beforeAll(async () => {
  pagesDir = await mkdtemp(join(tmpdir(), "playground-"));
  const configFile = fileURLToPath(new URL("../../web/playground/vite.config.ts", import.meta.url));
  await build({ configFile, logLevel: "error", build: { outDir: join(pagesDir, "playground"), emptyOutDir: true } });
  browser = await launchBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await rm(pagesDir, { recursive: true, force: true });
});

/** A page that asks nobody but the service. */
async function openPage(url: string): Promise<WatchedPage> {
  const watched = await watchedPage(browser, url, { viewport: { width: 1400, height: 900 } });
  await watched.page.goto(url);
  await watched.page.waitForSelector(".graphiql-container .monaco-editor .view-lines");
  return watched;
}

async function useKey(page: Page): Promise<void> {
  const introspected = page.waitForResponse(
    (response) => response.url().endsWith("/graphql") && response.status() === 200,
  );
  await page.fill("#key", keys.OPERATOR);
  await page.click("text=Use key");
  await introspected;
}

function events(): AsyncIterable<JobEvent> {
  const progress = { phase: "provision", total: 2, done: 2, failed: 0, skipped: 0, percent: 100 };
  return (async function* () {
    for (const sequence of [1, 2]) {
      yield {
        jobId: jobId.slice(4) as JobId,
        sequence,
        at: new Date(0),
        status: "SUCCEEDED",
        progress,
        message: `step ${sequence}`,
      };
    }
  })();
}

it("runs a query with the key of the bar, and asks nobody but the service", async () => {
  const { url } = await startedServer(
    {
      servers: { list: async () => [] },
      jobs: { count: async () => 3 },
      fleet: {
        statusCounts: async () => new Map(),
        schemaVersionCounts: async () => [],
        latestVersion: () => "0003_last",
      },
    },
    { pagesDir },
  );
  const { page, strangers, complaints } = await openPage(`${url}/graphql`);
  expect(await page.textContent("[role=status]")).toContain("first admin key");
  await useKey(page);
  await chooseTab(page, "LookAtFleet");
  await page.click(".graphiql-execute-button");
  await untilShown(page, "0003_last");
  expect({ strangers, complaints }).toEqual({ strangers: [], complaints: [] });
});

it("makes 32 tenants with a first visitor's first click, and remembers what it was left at", async () => {
  const wished: number[] = [];
  const { url } = await startedServer(
    {
      tenants: {
        createTest: async ({ count }) => {
          wished.push(count);
          return { tenants: [], job: aJob(), repeated: false };
        },
      },
    },
    { pagesDir },
  );
  const { page, complaints } = await openPage(`${url}/graphql`);
  await useKey(page);
  await page.click(".graphiql-execute-button");
  await untilShown(page, "QUEUED");
  expect(wished).toEqual([32]);
  await chooseTab(page, "FollowJob");
  // The editors are written down half a second after their last change.
  const kept = (what: string) => page.evaluate((name) => localStorage.getItem(`graphiql:${name}`) ?? "", what);
  await expect.poll(() => kept("query"), { timeout: 20_000 }).toContain("FollowJob");
  await expect.poll(() => kept("variables"), { timeout: 20_000 }).toContain("the job's id");
  await expect.poll(() => kept("tabState"), { timeout: 20_000 }).toContain('"activeTabIndex":1');
  await page.reload();
  await page.waitForSelector(".graphiql-container .monaco-editor .view-lines");
  expect(await page.locator(".graphiql-tab").count()).toBe(6);
  expect(complaints).toEqual([]);
});

it("follows a subscription with the key of the headers editor", async () => {
  const followed: string[] = [];
  const { url } = await startedServer(
    {
      jobEvents: {
        follow: (id) => {
          followed.push(id);
          return events();
        },
      },
    },
    { pagesDir },
  );
  const { page, complaints } = await openPage(`${url}/graphql`);
  await chooseTab(page, "FollowJob");
  await write(page, `{"id": "${jobId}"}`);
  await page.click("button:has-text('Headers')");
  await write(page, `{"Authorization": "Bearer ${keys.VIEWER}"}`);
  await page.click(".graphiql-execute-button");
  await untilShown(page, "step 2");
  expect({ followed, complaints }).toEqual({ followed: [jobId.slice(4)], complaints: [] });
});

/**
 * Replaces what stands in the visible one of the editors below the operation. The page may still be filling it from the tab
 * that was just chosen, so it is written until it holds the text.
 */
async function write(page: Page, text: string): Promise<void> {
  const editor = page.locator(".graphiql-editor-tool .monaco-editor").locator("visible=true");
  await expect
    .poll(
      async () => {
        await editor.click();
        await page.keyboard.press("Control+A");
        await page.keyboard.press("Delete");
        await page.keyboard.insertText(text);
        return (await editor.locator(".view-lines").innerText()).replaceAll("\u00a0", " ").trim();
      },
      { timeout: 20_000 },
    )
    .toBe(text);
}

async function chooseTab(page: Page, name: string): Promise<void> {
  await page.click(`button:has-text('${name}')`);
  await untilShown(page, name, ".graphiql-query-editor");
}

/** Waits until a part of the page holds the text; the editors write spaces as unbreakable ones. */
async function untilShown(page: Page, text: string, selector = ".result-window"): Promise<void> {
  const shown = async () => ((await page.textContent(selector)) ?? "").replaceAll("\u00a0", " ");
  await expect.poll(shown, { timeout: 20_000 }).toContain(text);
}
