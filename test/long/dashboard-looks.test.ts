import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { followJob } from "../e2e/support/steps.ts";
import { launchBrowser } from "../support/chromium.ts";
import { buildService } from "../support/service.ts";
import { overflow, watchedPage } from "./support/browser.ts";
import { DashboardWorld } from "./support/dashboard.ts";

let browser: Browser;
let world: DashboardWorld;

beforeAll(async () => {
  await buildService();
  [browser, world] = await Promise.all([launchBrowser(), DashboardWorld.start()]);
  const { createTestTenants } = await send<{ createTestTenants: { job: { id: string } } }>(
    "mutation { createTestTenants(input: { count: 3 }) { job { id } } }",
  );
  await followJob(world.api, createTestTenants.job.id);
  await validated();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await world?.end();
});

async function send<Data>(query: string, variables: object = {}): Promise<Data> {
  const { data, errors } = await world.api.send(query, variables);
  expect(errors).toBeUndefined();
  return data as Data;
}

async function validated(): Promise<void> {
  const { validateTenants } = await send<{ validateTenants: { job: { id: string } } }>(
    "mutation { validateTenants(input: {}) { job { id } } }",
  );
  await followJob(world.api, validateTenants.job.id);
}

async function pageAt(path: string, width = 1280, key = world.key): Promise<Page> {
  const { page } = await watchedPage(browser, world.url, { viewport: { width, height: 800 } });
  await page.goto(`${world.url}${path}#key=${encodeURIComponent(key)}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

async function keyOf(role: string): Promise<string> {
  const { createApiKey } = await send<{ createApiKey: { secret: string } }>(
    "mutation($role: Role!, $name: String!) { createApiKey(input: { name: $name, role: $role }) { secret } }",
    { role, name: `looks ${role}` },
  );
  return createApiKey.secret;
}

/** How far what lies in a list is wider than the list, in pixels. */
function sideways(page: Page): Promise<number> {
  return page
    .locator("table")
    .first()
    .evaluate((table) => table.scrollWidth - (table.parentElement?.clientWidth ?? 0));
}

it("shows how many databases a server has ready, and lets an ADMIN say how many it keeps", async () => {
  const page = await pageAt("/");
  const row = page.getByRole("row").filter({ hasText: "default" });
  await row.getByText("none kept").waitFor();
  await row.getByRole("button", { name: "How many ready-made databases default keeps" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("How many are to be kept").fill("");
  await dialog.getByRole("button", { name: "Keep so many" }).click();
  await dialog.getByText("Say how many.").waitFor();
  await dialog.getByLabel("How many are to be kept").fill("2");
  await dialog.getByRole("button", { name: "Keep so many" }).click();
  await row.getByText("2 of 2").waitFor({ timeout: 60_000 });
  const operator = await pageAt("/", 1280, await keyOf("OPERATOR"));
  await operator.getByRole("row").filter({ hasText: "default" }).getByText("2 of 2").waitFor();
  expect(await operator.getByRole("button", { name: /ready-made/ }).count()).toBe(0);
});

it("brings the keyboard back to where a dialog was asked for, also from a menu", async () => {
  const page = await pageAt("/tenants/test-0001");
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "Edit" }).focus();
  await page.keyboard.press("Enter");
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(focused).toBe("Edit");
  await page.getByRole("button", { name: "Change" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Delete" }).focus();
  await page.keyboard.press("Enter");
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(focused).toBe("Change");
});

it("shows what is open of a tenant beside its rating, and leads there", async () => {
  const { tenantBySlug } = await send<{ tenantBySlug: { databaseName: string } }>(
    '{ tenantBySlug(slug: "test-0002") { databaseName } }',
  );
  await world.sql(`DROP DATABASE \`${tenantBySlug.databaseName}\``);
  await validated();
  const page = await pageAt("/tenants");
  const broken = page.getByRole("row").filter({ hasText: "test-0002" });
  await broken.getByText("ACTIVE", { exact: true }).waitFor();
  await broken.getByRole("link", { name: "1 open finding, the worst CRITICAL" }).click();
  await page.getByRole("heading", { name: "Findings" }).waitFor();
  await page.getByRole("row").filter({ hasText: "MISSING_DATABASE" }).getByText("test-0002").waitFor();
  await page.goto(`${world.url}/tenants/test-0002`);
  await page.getByRole("link", { name: "1 open finding, the worst CRITICAL" }).waitFor();
  await page.goto(`${world.url}/tenants/test-0001`);
  await page.getByRole("heading", { name: "test-0001" }).waitFor();
  expect(await page.getByRole("link", { name: /open finding/ }).count()).toBe(0);
});

it("keeps a tenant's slug in sight where the list scrolls sideways, also beside what tenants are chosen with", async () => {
  const page = await pageAt("/tenants", 800);
  const slug = page
    .getByRole("cell")
    .filter({ hasText: /^test-0001$/ })
    .first();
  await slug.waitFor();
  expect(await sideways(page)).toBeGreaterThanOrEqual(50);
  const before = (await slug.boundingBox())?.x ?? 0;
  const table = await page
    .locator("table")
    .first()
    .evaluate((shown) => {
      const box = shown.parentElement;
      box?.scrollTo({ left: 50 });
      return { left: box?.getBoundingClientRect().x ?? 0, scrolled: box?.scrollLeft };
    });
  expect(table.scrolled).toBe(50);
  expect(before - table.left).toBeGreaterThan(30);
  await expect.poll(async () => Math.round(((await slug.boundingBox())?.x ?? 0) - table.left)).toBeLessThanOrEqual(1);
  expect((await slug.boundingBox())?.x).toBeGreaterThanOrEqual(table.left);
});

it("says so where a part of the dashboard is missing, and loads it anew", async () => {
  const { page } = await watchedPage(browser, world.url);
  const drawn = /\/assets\/app-[^/]*\.js$/;
  await page.route(drawn, (route) => route.fulfill({ status: 404 }));
  await page.goto(`${world.url}/#key=${encodeURIComponent(world.key)}`);
  await page.getByRole("alert").getByText("could not be loaded").waitFor();
  await page.unroute(drawn);
  await page.getByRole("button", { name: "Load it anew" }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
});

it.each([
  "/tenants",
  "/test-runs",
  "/jobs",
  "/findings",
  "/audit",
  "/keys",
  "/",
])("shows %s without scrolling sideways on a small window, and whom its rows are about on a telephone", async (path) => {
  const page = await pageAt(path, 900);
  await page.locator("table").first().waitFor();
  for (const width of [900, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await expect.poll(() => sideways(page), { message: `${width}` }).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await overflow(page)).toBe(0);
  const first = page.locator("thead th").filter({ visible: true }).first();
  expect((await first.boundingBox())?.width).toBeGreaterThan(60);
});
