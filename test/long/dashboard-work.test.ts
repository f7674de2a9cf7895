import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { followJob, followRun } from "../e2e/support/steps.ts";
import { launchBrowser } from "../support/chromium.ts";
import { ApiClient } from "../support/client.ts";
import { buildService } from "../support/service.ts";
import { accessibilityFaults, overflow, watchedPage } from "./support/browser.ts";
import { DashboardWorld } from "./support/dashboard.ts";

const tenantCount = 30;
let browser: Browser;
let world: DashboardWorld;

beforeAll(async () => {
  await buildService();
  [browser, world] = await Promise.all([launchBrowser(), DashboardWorld.start()]);
  const { createTestTenants } = await send<{ createTestTenants: { job: { id: string } } }>(
    "mutation($count: Int!) { createTestTenants(input: { count: $count }) { job { id } } }",
    { count: tenantCount },
  );
  await followJob(world.api, createTestTenants.job.id);
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

/** A page of somebody who is signed in as ADMIN. */
async function pageAt(path: string, colorScheme: "light" | "dark" = "light") {
  const watched = await watchedPage(browser, world.url, { colorScheme });
  await watched.page.goto(`${world.url}${path}#key=${encodeURIComponent(world.key)}`);
  await watched.page.getByRole("heading", { level: 1 }).waitFor();
  return watched;
}

/** Fills the dialog and starts a test. @returns the id of its run, whose page is shown */
async function startTest(page: Page, kind: string, numbers: Readonly<Record<string, number>> = {}): Promise<string> {
  await page.getByRole("button", { name: "Start a test" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(kind, { exact: true }).first().click();
  for (const [label, value] of Object.entries(numbers)) await dialog.getByLabel(label).fill(String(value));
  await dialog.getByRole("button", { name: `Start ${kind.toLowerCase()}` }).click();
  await page.waitForURL(/\/test-runs\/run_/);
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

async function untilReported(page: Page): Promise<void> {
  await page.getByText("That was the last event.").waitFor({ timeout: 120_000 });
  await page.getByText("They come when the run has ended.").waitFor({ state: "detached" });
}

async function endedRun(kind: "Connection" | "Isolation", maxTenants = tenantCount): Promise<string> {
  const query = `mutation($input: ${kind}TestInput!) { started: start${kind}Test(input: $input) { testRun { id } } }`;
  const { started } = await send<{ started: { testRun: { id: string } } }>(query, { input: { maxTenants } });
  await followRun(world.api, started.testRun.id);
  return started.testRun.id;
}

describe("a connection test", () => {
  it("is started with a look at what it touches, is watched, and is reported with every tenant", async () => {
    const { page, complaints, strangers } = await pageAt("/test-runs");
    await page.getByRole("button", { name: "Start a test" }).first().click();
    await page.getByRole("dialog").getByText(`It looks at ${tenantCount} tenants.`).waitFor();
    await page.keyboard.press("Escape");
    await startTest(page, "Connection test", { "Tenants at once": 4 });
    await page.getByRole("img", { name: `of ${tenantCount} tenants` }).waitFor();
    await untilReported(page);
    await page.getByRole("img", { name: `${tenantCount} of ${tenantCount} tenants: ${tenantCount} passed` }).waitFor();
    await page.getByText("PASS", { exact: true }).first().waitFor();
    const results = page.getByRole("region", { name: "Results" }).getByRole("table");
    await results
      .getByRole("link", { name: /^test-/ })
      .first()
      .waitFor();
    expect(await results.getAttribute("aria-rowcount")).toBe(String(tenantCount));
    expect({ complaints, strangers }).toEqual({ complaints: [], strangers: [] });
  });

  it("is handed over as JSON with every result, and as CSV with a line for each tenant", async () => {
    const id = await endedRun("Connection");
    const { page } = await pageAt(`/test-runs/${id}`);
    const json = JSON.parse(await downloaded(page, "JSON, with every result"));
    expect(json).toMatchObject({ id, kind: "CONNECTION", verdict: "PASS", summary: { passed: tenantCount } });
    expect(json.results).toHaveLength(tenantCount);
    expect(json.results[0]).toMatchObject({ verdict: "PASS", attempts: 1, tenant: { slug: expect.any(String) } });
    const lines = (await downloaded(page, "CSV, a line for each tenant")).trimEnd().split("\r\n");
    expect(lines[0]).toContain("tenant,tenantId,verdict");
    const slugs = json.results.map((result: { tenant: { slug: string } }) => result.tenant.slug);
    expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(slugs);
  });

  it("is held against another one, and accepted as what later ones are held against", async () => {
    const [first, second] = [await endedRun("Connection"), await endedRun("Connection")];
    const { page } = await pageAt(`/test-runs/${first}`);
    await page.getByRole("button", { name: "Accept as baseline" }).click();
    await page.getByText("later runs of this kind are held against it").waitFor();
    await page.goto(`${world.url}/test-runs/${second}`);
    await page.getByRole("heading", { name: "Against the baseline" }).waitFor();
    await page.getByRole("button", { name: "Compare" }).click();
    await page.locator(`a[href="/test-runs/${second}/compare/${first}"]`).first().click();
    await page.getByRole("heading", { name: "Connection tests compared" }).waitFor();
    const row = page.getByRole("row").filter({ hasText: "P95" });
    await row.getByText(/^(BETTER|SAME|WORSE)$/).waitFor();
  });
});

async function downloaded(page: Page, item: string): Promise<string> {
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: item }).click(),
  ]);
  return readFile(await download.path(), "utf8");
}

describe("an isolation test", () => {
  it("is a matrix of tenants and checks, in which a leak stands out with its evidence", async () => {
    const [attacker, victim] = await world.sql<{ name: string; slug: string }>(
      "SELECT database_name AS name, slug FROM tenantry.tenants WHERE status = 'ACTIVE' ORDER BY slug LIMIT 2",
    );
    await world.sql(`GRANT SELECT ON ${victim?.name}.* TO '${attacker?.name}'@'%'`);
    try {
      const { page } = await pageAt("/test-runs");
      await startTest(page, "Isolation test");
      await untilReported(page);
      const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: attacker?.slug ?? "" }) });
      await row.getByRole("button", { name: `${attacker?.slug}: GRANTS FAIL, evidence` }).click();
      await page.getByRole("dialog").getByText(`has SELECT on ${victim?.name}.*`).waitFor();
      await page.keyboard.press("Escape");
      await row.getByRole("button", { name: `${attacker?.slug}: DATA PASS, evidence` }).waitFor();
      await page.getByLabel("Any verdict", { exact: true }).first().click();
      await page.getByRole("option", { name: "FAIL" }).click();
      await page.waitForURL(/verdict=FAIL/);
      await expect.poll(() => page.getByRole("table").last().getAttribute("aria-rowcount")).toBe("1");
    } finally {
      await world.sql(`REVOKE SELECT ON ${victim?.name}.* FROM '${attacker?.name}'@'%'`);
    }
  });

  it("is watched through a crash of the service: each event once and in order, to the last one", async () => {
    const { page } = await pageAt("/test-runs");
    const id = await startTest(page, "Isolation test");
    await page.getByText("Started.", { exact: true }).waitFor();
    await world.kill();
    await page.getByText("Connection lost.").waitFor();
    await world.comeBack();
    await page.getByText("Connection lost.").waitFor({ state: "detached" });
    await untilReported(page);
    const numbers = await page.getByRole("list", { name: "Events" }).locator("li > span:first-child").allInnerTexts();
    expect(numbers.map(Number)).toEqual(numbers.map((_, index) => index + 1));
    const events = await followRun(world.api, id);
    expect(numbers).toHaveLength(events.length);
    await page.getByText("PASS", { exact: true }).first().waitFor();
  });
});

describe("a performance test", () => {
  it("shows what fits into its budget before it starts, its plan afterwards, and stops when it is told to", async () => {
    const { page } = await pageAt("/test-runs");
    await page.getByRole("button", { name: "Start a test" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Performance test", { exact: true }).click();
    await dialog.getByLabel("Users").fill("480");
    await dialog.getByLabel("Operations each").fill("100");
    const preview = dialog.locator("dl");
    await preview.getByText("48,000").waitFor();
    await preview.getByText("1,500", { exact: true }).waitFor();
    await preview.getByText("MAX_OPERATIONS, MAX_USERS").waitFor();
    await page.keyboard.press("Escape");
    await startTest(page, "Performance test", { Users: 4, "Operations each": 200, "Over so long": 60 });
    const budget = page.getByRole("region", { name: "Budget" });
    await budget.getByText("800").first().waitFor();
    await page
      .getByText(/^\d+ of 800 operations done\.$/)
      .first()
      .waitFor();
    await page.getByRole("figure", { name: /Latency of operations so far: p50 \d/ }).waitFor();
    await budget.getByText(/^Governor: \d+ at once$/).waitFor();
    await page.getByRole("button", { name: "Cancel job" }).click();
    await page.getByText("CANCELLED", { exact: true }).first().waitFor();
    await untilReported(page);
  });
});

describe("jobs and findings", () => {
  it("looks for drift, says exactly what a repair would do, asks again where data are lost, and mends it", async () => {
    const [locked, robbed] = await world.sql<{ name: string; slug: string }>(
      "SELECT database_name AS name, slug FROM tenantry.tenants WHERE status = 'ACTIVE' ORDER BY slug DESC LIMIT 2",
    );
    await world.sql(`ALTER USER '${locked?.name}'@'%' ACCOUNT LOCK`);
    await world.sql(`DROP TABLE ${robbed?.name}.invoice_items`);
    const { page, complaints } = await pageAt("/findings");
    await page.getByText("No open findings.").waitFor();
    await page.getByRole("button", { name: "Validate" }).click();
    await page.getByRole("dialog").getByText("That was the last event.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await page.getByRole("row").filter({ hasText: "ACCOUNT_LOCKED" }).getByText("CRITICAL").waitFor();
    await page.getByRole("button", { name: "Repair…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Show what would be done" }).click();
    await dialog.getByRole("row").filter({ hasText: "MISSING_TABLE" }).getByText("NEEDS_CONFIRMATION").waitFor();
    await dialog.getByRole("row").filter({ hasText: "ACCOUNT_LOCKED" }).getByText("PLANNED").waitFor();
    await dialog.getByRole("button", { name: "Repair 1 finding", exact: true }).waitFor();
    await dialog.getByLabel("Make it anew, empty").check();
    await dialog.getByRole("button", { name: "Repair 2 findings" }).click();
    await dialog.getByRole("row").filter({ hasText: "MISSING_TABLE" }).getByText("REPAIRED").waitFor();
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await page.getByText("No open findings.").waitFor();
    const there = await world.sql(`SHOW TABLES FROM ${robbed?.name} LIKE 'invoice_items'`);
    expect({ tables: there.length, complaints }).toEqual({ tables: 1, complaints: [] });
  });

  it("lists jobs by what the address says, and each with its events and its tenants", async () => {
    const { page } = await pageAt("/jobs?kind=PROVISION_TENANTS");
    await page.getByRole("link", { name: "PROVISION_TENANTS" }).click();
    await page.getByText(`${tenantCount} of ${tenantCount} tenants are ready.`).waitFor();
    const tenants = page.getByRole("region", { name: "Tenants", exact: true }).getByRole("table");
    await tenants.getByText("SUCCEEDED").first().waitFor();
    await expect.poll(() => tenants.getAttribute("aria-rowcount")).toBe(String(tenantCount));
    await page.goBack();
    expect(page.url()).toContain("kind=PROVISION_TENANTS");
  });
});

describe("keys and audit", () => {
  it("makes a key whose secret is shown once and opens the API, and ends it", async () => {
    const { page } = await pageAt("/keys");
    await page.getByRole("button", { name: "Create a key" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("a program of ours");
    await dialog.getByRole("button", { name: "Create", exact: true }).click();
    const secret = await dialog.getByLabel("Key", { exact: true }).inputValue();
    const role = async () =>
      (await new ApiClient(world.url, secret).send<{ viewer: { role: string } }>("{ viewer { role } }")).data?.viewer
        .role;
    expect(await role()).toBe("VIEWER");
    await dialog.getByRole("button", { name: "Done" }).click();
    const row = page.getByRole("row").filter({ hasText: "a program of ours" });
    await row.getByText("VALID").waitFor();
    expect(await page.content()).not.toContain(secret);
    await row.getByRole("button", { name: "Revoke a program of ours" }).click();
    await page.getByRole("button", { name: "Revoke for good" }).click();
    await row.getByText("REVOKED").waitFor();
    expect(await role()).toBeUndefined();
    await page.goto(`${world.url}/audit?action=revokeApiKey`);
    await page.getByRole("cell", { name: "revokeApiKey" }).waitFor();
    expect(await page.getByRole("cell", { name: "createApiKey" }).count()).toBe(0);
  });

  it("shows the service's own complaint at the field of a key without a name", async () => {
    const { page } = await pageAt("/keys");
    await page.getByRole("button", { name: "Create a key" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Create", exact: true }).click();
    await expect.poll(() => page.getByLabel("Name").getAttribute("aria-invalid")).toBe("true");
  });
});

it("adds a schedule, disables it, and deletes it", async () => {
  const { page } = await pageAt("/schedules");
  await page.getByText("No schedules.").waitFor();
  await page.getByRole("button", { name: "Add a schedule" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("nightly");
  await dialog.getByLabel("When").fill("every night");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => dialog.getByLabel("When").getAttribute("aria-invalid")).toBe("true");
  await dialog.getByLabel("When").fill("0 3 * * *");
  await dialog.getByRole("button", { name: "Save" }).click();
  const row = page.getByRole("row").filter({ hasText: "nightly" });
  await row.getByText("0 3 * * *").waitFor();
  await row.getByLabel("nightly is enabled").click();
  await expect
    .poll(async () => (await send<{ schedules: { enabled: boolean }[] }>("{ schedules { enabled } }")).schedules)
    .toEqual([{ enabled: false }]);
  await row.getByRole("button", { name: "Delete nightly" }).click();
  await page.getByRole("button", { name: "Delete the schedule" }).click();
  await page.getByText("No schedules.").waitFor();
});

describe.each(["light", "dark"] as const)("in %s colours", (colorScheme) => {
  it("every page can be used by everybody, at every width", async () => {
    const run = await endedRun("Isolation", 3);
    const [connection, other] = [await endedRun("Connection", 3), await endedRun("Connection", 3)];
    const job = run.replace("run_", "job_");
    const paths = [
      "/test-runs",
      `/test-runs/${run}`,
      `/test-runs/${connection}`,
      `/test-runs/${other}/compare/${connection}`,
      "/jobs",
      `/jobs/${job}`,
      "/findings",
      "/schedules",
      "/audit",
      "/keys",
    ];
    const { page } = await pageAt("/", colorScheme);
    for (const path of paths) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(`${world.url}${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
      expect(await accessibilityFaults(page), path).toEqual([]);
      for (const width of [1280, 900]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await overflow(page), `${path} at ${width}`).toBe(0);
      }
    }
  });

  it("the dialogs can be used by everybody", async () => {
    const { page } = await pageAt("/test-runs", colorScheme);
    const dialogs = [
      ["/test-runs", "Start a test"],
      ["/keys", "Create a key"],
      ["/schedules", "Add a schedule"],
      ["/findings", "Repair…"],
    ] as const;
    for (const [path, name] of dialogs) {
      await page.goto(`${world.url}${path}`);
      await page.getByRole("button", { name }).first().click();
      await page.getByRole("dialog").waitFor();
      await page.waitForLoadState("networkidle");
      expect(await accessibilityFaults(page), name).toEqual([]);
    }
  });
});
