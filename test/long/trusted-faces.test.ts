import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "../support/chromium.ts";
import { buildService } from "../support/service.ts";
import { watchedPage } from "./support/browser.ts";
import { DashboardWorld } from "./support/dashboard.ts";

const faces = ["dashboard", "cli", "playground"].map((face) => `dist/persisted-documents/${face}.json`);
let browser: Browser;
let world: DashboardWorld;

beforeAll(async () => {
  await buildService();
  const env = { TENANTRY_TRUSTED_DOCUMENTS: faces.join(), TENANTRY_TRUSTED_DOCUMENTS_ONLY: "true" };
  [browser, world] = await Promise.all([launchBrowser(), DashboardWorld.start(env)]);
  const example = (name: string) => readFile(`examples/${name}.graphql`, "utf8");
  const made = await world.api.data<{ createTestTenants: { job: { id: string } } }>(
    await example("create-test-tenants"),
    { count: 3 },
  );
  const events = world.api.stream(await example("follow-job"), { id: made.createTestTenants.job.id });
  for await (const { errors } of events) expect(errors).toBeUndefined();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await world?.end();
});

/** Refusals that the page is answered with, over either transport. */
function refusalsTo(page: Page): string[] {
  const refusals: string[] = [];
  const note = (text: string) => text.includes("DOCUMENT_NOT_TRUSTED") && refusals.push(text);
  page.on("response", async (response) => {
    if (response.url().endsWith("/graphql")) note(await response.text().catch(() => ""));
  });
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => note(String(payload))));
  return refusals;
}

it("runs nothing else", async () => {
  const { errors } = await world.api.send("{ viewer { id name role } jobs { totalCount } }");
  expect(errors?.[0]?.extensions?.code).toBe("DOCUMENT_NOT_TRUSTED");
});

it("lets the dashboard show each of its pages, and follow a run over its socket", async () => {
  const { page } = await watchedPage(browser, world.url);
  const refusals = refusalsTo(page);
  await page.goto(world.signInLink);
  await page.getByRole("heading", { level: 1, name: "Fleet" }).waitFor();
  const names = await page.getByRole("navigation", { name: "Pages" }).getByRole("listitem").allInnerTexts();
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) {
    await page.getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await page.waitForLoadState("networkidle");
  }
  await page.getByRole("link", { name: "Test runs" }).click();
  await page.getByRole("button", { name: "Start a test" }).first().click();
  await page.getByRole("button", { name: "Start connection test" }).click();
  await page.getByText("That was the last event.").waitFor();
  expect(refusals).toEqual([]);
});

it("lets the playground read the schema and run its examples", async () => {
  const { page } = await watchedPage(browser, world.url);
  const refusals = refusalsTo(page);
  await page.goto(`${world.url}/graphql`);
  await page.waitForSelector(".graphiql-container .monaco-editor .view-lines");
  const introspected = page.waitForResponse((response) => response.url().endsWith("/graphql") && response.ok());
  await page.fill("#key", world.key);
  await page.click("text=Use key");
  await introspected;
  await page.click(".graphiql-execute-button");
  await expect.poll(() => page.textContent(".result-window")).toContain("QUEUED");
  expect(refusals).toEqual([]);
});
