import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "../support/chromium.ts";
import { buildService } from "../support/service.ts";
import { watchedPage } from "./support/browser.ts";
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

/** What the page asked to follow, one entry per question: the sequence that it said it had seen last. */
function followings(page: Page): number[] {
  const asked: number[] = [];
  page.on("websocket", (socket) =>
    socket.on("framesent", ({ payload }) => {
      const message = JSON.parse(String(payload)) as {
        payload?: { query?: string; variables?: { after?: number } };
      };
      if (message.payload?.query?.includes("jobProgress")) asked.push(message.payload.variables?.after ?? 0);
    }),
  );
  return asked;
}

async function sequencesShown(page: Page): Promise<readonly number[]> {
  const texts = await page.getByRole("list", { name: "Events" }).getByRole("listitem").locator("span:first-child");
  return (await texts.allTextContents()).map(Number);
}

it("says that the connection is lost, and shows every event once when the service is killed in the middle of a job", async () => {
  const { page } = await watchedPage(browser, world.url);
  const asked = followings(page);
  await page.goto(world.signInLink);
  await page.getByRole("link", { name: "Tenants", exact: true }).click();
  await page.getByRole("button", { name: "Test tenants" }).click();
  await page.getByLabel("How many").fill("150");
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await expect.poll(async () => (await sequencesShown(page)).length, { timeout: 60_000 }).toBeGreaterThan(2);
  await world.kill();
  await page.getByText("Connection lost.").waitFor();
  await world.comeBack();
  await page.getByText("Connection lost.").waitFor({ state: "detached", timeout: 60_000 });
  await page.getByText("That was the last event.").waitFor({ timeout: 120_000 });
  const shown = await sequencesShown(page);
  const { data } = await world.api.send("{ jobs(first: 1) { nodes { status lastSequence progress { done } } } }");
  const job = { status: "SUCCEEDED", lastSequence: shown.length, progress: { done: 150 } };
  expect(data).toEqual({ jobs: { nodes: [job] } });
  expect(shown).toEqual(shown.map((_, index) => index + 1));
  // The question that followed the loss went on from what had been seen.
  expect(asked.length).toBeGreaterThan(1);
  expect(asked[0]).toBe(0);
  expect(asked.at(-1)).toBeGreaterThan(0);
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  // What happened while nobody could hear is there without a reload.
  await page.getByText("150 tenants", { exact: true }).waitFor();
});
