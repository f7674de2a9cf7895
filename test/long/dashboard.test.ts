import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/chromium.ts";
import { buildService } from "../support/service.ts";
import { accessibilityFaults, overflow, watchedPage } from "./support/browser.ts";
import { DashboardWorld } from "./support/dashboard.ts";

let browser: Browser;
let world: DashboardWorld;

beforeAll(async () => {
  await buildService();
  [browser, world] = await Promise.all([launchBrowser(), DashboardWorld.start()]);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await world?.end();
});

/** A page that was signed in by the link of the first start. */
async function signedIn(options: { colorScheme?: "light" | "dark"; width?: number } = {}) {
  const { colorScheme = "light", width = 1280 } = options;
  const watched = await watchedPage(browser, world.url, { colorScheme, viewport: { width, height: 800 } });
  await watched.page.goto(world.signInLink);
  await watched.page.getByRole("navigation", { name: "Pages" }).waitFor();
  return watched;
}

async function send<Data>(query: string, variables: object = {}): Promise<Data> {
  const { data, errors } = await world.api.send(query, variables);
  expect(errors).toBeUndefined();
  return data as Data;
}

/** Waits for the dialog of a job to show its end, and closes it. */
async function untilSucceeded(page: Page): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByText("That was the last event.").waitFor({ timeout: 120_000 });
  await dialog.getByText("SUCCEEDED", { exact: true }).waitFor();
  await dialog.getByRole("button", { name: "Close" }).last().click();
}

async function aTenant(slug: string): Promise<string> {
  const { createTenant } = await send<{ createTenant: { tenant: { id: string } } }>(
    "mutation($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id } } }",
    { input: { slug, name: `Tenant ${slug}`, domains: [`${slug}.example.com`] } },
  );
  await expect.poll(() => statusOf(createTenant.tenant.id), { timeout: 60_000 }).toBe("ACTIVE");
  return createTenant.tenant.id;
}

async function statusOf(id: string): Promise<string> {
  const found = await send<{ tenant: { status: string } }>("query($id: ID!) { tenant(id: $id) { status } }", { id });
  return found.tenant.status;
}

describe("signing in", () => {
  it("says that a key is not known, and keeps none", async () => {
    const { page } = await watchedPage(browser, world.url);
    await page.goto(world.url);
    await page.getByLabel("API key").fill("a-key-that-nobody-made");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("does not know this key").waitFor();
    expect(await page.evaluate(() => sessionStorage.getItem("tenantry:key"))).toBeNull();
  });

  it("lets in by the link of the first start, takes the key out of the address, and asks nobody else", async () => {
    const { page, strangers, complaints } = await signedIn();
    expect(page.url()).toBe(`${world.url}/`);
    expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2);
    await page.reload();
    await page.getByRole("heading", { name: "Fleet" }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("API key").waitFor();
    expect({ strangers, complaints }).toEqual({ strangers: [], complaints: [] });
  });

  it("sends back to the sign-in page with a sentence when the key is revoked, and offers a VIEWER nothing that changes", async () => {
    const { createApiKey } = await send<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
      'mutation { createApiKey(input: { name: "short-lived", role: VIEWER }) { secret apiKey { id } } }',
    );
    const { page } = await watchedPage(browser, world.url);
    await page.goto(`${world.url}/tenants#key=${createApiKey.secret}`);
    await page.getByRole("heading", { name: "Tenants" }).waitFor();
    expect(await page.getByRole("button", { name: "Create tenant" }).count()).toBe(0);
    expect(await page.getByRole("link", { name: "Keys" }).count()).toBe(0);
    await send("mutation($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { id } } }", {
      id: createApiKey.apiKey.id,
    });
    await page.getByRole("alert").getByText("not accepted any more").waitFor();
  });
});

describe("the first visit", () => {
  it("asks the service for what is shown before anything is drawn, and needs a handful of files until then", async () => {
    await aTenant("first-seen");
    const { page } = await watchedPage(browser, world.url);
    await page.goto(world.signInLink);
    await page.getByRole("link", { name: /^\d+ ACTIVE/ }).waitFor();
    const { files, questions } = await page.evaluate(() => {
      const drawnAt = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
      const loaded = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      const early = loaded.filter(({ startTime }) => startTime < drawnAt);
      const pathOf = ({ name }: PerformanceResourceTiming) => new URL(name).pathname;
      const asked = early.filter((each) => pathOf(each) === "/graphql");
      // What comes later is for what was answered: charts, for example.
      const answeredAt = Math.min(drawnAt, ...asked.map(({ responseEnd }) => responseEnd));
      const needed = early.filter(({ startTime }) => startTime < answeredAt);
      return { files: needed.map(pathOf).filter((path) => path.startsWith("/assets/")), questions: asked.length };
    });
    expect(files.length).toBeGreaterThan(1);
    expect(files.length).toBeLessThanOrEqual(5);
    // Whose key it is, the fleet, and the jobs that run.
    expect(questions).toBeGreaterThanOrEqual(3);
  });
});

describe("tenants", () => {
  it("shows the service's own complaint at the field, then makes the tenant before one's eyes", async () => {
    const { page, complaints } = await signedIn();
    await page.getByRole("link", { name: "Tenants", exact: true }).click();
    await page.getByRole("button", { name: "Create tenant" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Slug").fill("Not A Slug");
    await dialog.getByLabel("Name").fill("Before one's eyes");
    await dialog.getByRole("button", { name: "Create" }).click();
    await dialog.getByText("A slug has 2 to 63 characters").waitFor();
    await dialog.getByLabel("Slug").fill("seen-made");
    await dialog.getByRole("button", { name: "Create" }).click();
    await untilSucceeded(page);
    const row = page.getByRole("row").filter({ hasText: "seen-made" });
    await row.getByText("ACTIVE", { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("keeps search and filters in the address, where a reload and the way back find them", async () => {
    await Promise.all([aTenant("found-one"), aTenant("other-one")]);
    const { page } = await signedIn();
    await page.goto(`${world.url}/tenants?status=ACTIVE`);
    await page.getByRole("link", { name: "other-one" }).waitFor();
    await page.getByRole("searchbox").fill("found");
    await page.getByRole("link", { name: "other-one" }).waitFor({ state: "detached" });
    await page.waitForURL(/search=found/);
    await page.reload();
    await page.getByRole("link", { name: "found-one" }).click();
    await page.getByRole("heading", { name: "found-one" }).waitFor();
    await page.goBack();
    await page.waitForURL(/status=ACTIVE/);
    expect(await page.getByRole("searchbox").inputValue()).toBe("found");
    await page.getByText("1 tenant", { exact: true }).waitFor();
  });

  it("looks whom an action touches before it begins", async () => {
    await aTenant("to-validate");
    const { page } = await signedIn();
    await page.goto(`${world.url}/tenants?search=to-validate`);
    await page.getByRole("button", { name: "Act on the filtered" }).click();
    await page.getByRole("menuitem", { name: "Validate" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Touches 1 tenant.").waitFor();
    await dialog.getByRole("cell", { name: "to-validate", exact: true }).waitFor();
    await dialog.getByRole("button", { name: "Validate" }).click();
    await untilSucceeded(page);
  });
});

describe("a tenant", () => {
  it("reveals its connection for a reason, which the audit log then holds", async () => {
    const id = await aTenant("revealed");
    const { page } = await signedIn();
    await page.goto(`${world.url}/tenants/revealed`);
    await page.getByLabel("Reason").fill("to look at a customer's complaint");
    await page.getByRole("button", { name: "Reveal", exact: true }).click();
    await page.getByText(/^mysql:\/\//).waitFor();
    const { auditLog } = await send<{ auditLog: { nodes: { note: string; result: string }[] } }>(
      'query($id: String) { auditLog(filter: { subject: $id, action: "revealTenantConnection" }) { nodes { note result } } }',
      { id },
    );
    expect(auditLog.nodes).toEqual([{ note: "to look at a customer's complaint", result: "OK" }]);
    await page.getByRole("button", { name: "Hide" }).click();
    await page.getByText(/^mysql:\/\//).waitFor({ state: "detached" });
  });

  it("is deleted only by writing its slug", async () => {
    const id = await aTenant("to-delete");
    const { page } = await signedIn();
    await page.goto(`${world.url}/tenants/to-delete`);
    await page.getByRole("button", { name: "Change" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    const confirm = page.getByRole("button", { name: "Delete for good" });
    await page.getByLabel("Write to-delete to confirm").fill("to-delet");
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByLabel("Write to-delete to confirm").fill("to-delete");
    await confirm.click();
    await page.getByText("There is no tenant with this slug").waitFor({ timeout: 60_000 });
    await expect.poll(() => statusOf(id), { timeout: 60_000 }).toBe("DELETED");
  });
});

describe.each(["light", "dark"] as const)("in %s colours", (colorScheme) => {
  it.each(["/", "/tenants", "/tenants/looked-at"])("%s can be used by everybody, at every width", async (path) => {
    if (path.endsWith("looked-at")) await aTenant(`looked-at-${colorScheme}`);
    const { page } = await signedIn({ colorScheme });
    await page.goto(`${world.url}${path.replace("looked-at", `looked-at-${colorScheme}`)}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForLoadState("networkidle");
    expect(await accessibilityFaults(page)).toEqual([]);
    for (const width of [1280, 900]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await overflow(page), `${width}`).toBe(0);
    }
  });
});
