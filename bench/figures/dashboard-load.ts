import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../../test/support/chromium.ts";

import type { Bench } from "../bench.ts";
import type { Figure, Row } from "../figure.ts";
import type { BenchService } from "../support/bench-service.ts";
import { cpuMsOf } from "../support/process-facts.ts";
import { inTurns, quantile, Series, timed } from "../support/series.ts";
import { streamingFleet } from "../support/streaming-fleet.ts";

const tenants = 10_000;
/** How far a frame scrolls, in pixels: two rows and a bit, faster than anybody reads. */
const scrolledPerFrame = 90;
const scrolledMs = 4_000;

/** Whose run is watched, and at what rate of its events the browser's work is told. */
const watchedTenants = 500;
const eventsPerSecond = 10;
const watchedSeconds = 10;
const allTold = "Every event was told.";

/** How much the dashboard loads, how soon it can be used, how smoothly a long table scrolls, and what a live page costs. */
export const figure: Figure = {
  title: "The dashboard in a browser",
  lengthy: true,
  async measure(bench) {
    const registryUrl = bench.freshRegistryUrl();
    const service = await bench.start({ registryUrl });
    await fill(bench, new URL(registryUrl).pathname.slice(1));
    const browser = await launchBrowser();
    bench.defer(() => browser.close());
    const row = await firstLoad(browser, service);
    const opening = await interactive(bench, browser, service);
    return [row, opening, ...(await scrolling(browser, service)), await watching(bench, browser)];
  },
};

async function firstLoad(browser: Browser, service: BenchService): Promise<Row> {
  const page = await browser.newPage();
  const sizes: Promise<number>[] = [];
  page.on("response", (response) => {
    const path = new URL(response.url()).pathname;
    if (path === "/" || path.startsWith("/assets/")) sizes.push(response.body().then((body) => gzipSync(body).length));
  });
  await visit(page, service);
  await page.waitForLoadState("networkidle");
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  await page.context().close();
  return { what: "first load, compressed", unit: "KB", ours: bytes / 1_000, goal: { atMost: 350, floor: 350 } };
}

async function interactive(bench: Bench, browser: Browser, service: BenchService): Promise<Row> {
  const ours = new Series(async () => {
    // A context of its own: nothing is kept from the visit before.
    const context = await browser.newContext();
    const page = await context.newPage();
    const ms = await timed(() => visit(page, service));
    await context.close();
    return ms;
  });
  await inTurns(bench.pick(5, 15), ours);
  const what = "opened by a link to showing the fleet, nothing cached";
  return { what, unit: "ms", ours: ours.median, goal: { atMost: 1_500, floor: 4_000 } };
}

async function visit(page: Page, service: BenchService): Promise<void> {
  await page.goto(`${service.url}/#key=${encodeURIComponent(service.key)}`);
  await page.getByRole("link", { name: "10,000 ACTIVE" }).waitFor();
}

async function scrolling(browser: Browser, service: BenchService): Promise<readonly Row[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await visit(page, service);
  await page.goto(`${service.url}/tenants`);
  await page.getByText("10,000 tenants").waitFor();
  const first = await framesWhileScrolling(page);
  await page.evaluate(() => document.querySelector("section[aria-label=Tenants]")?.scrollTo(0, 0));
  const again = await framesWhileScrolling(page);
  await page.context().close();
  const row = (what: string, gaps: readonly number[]): Row => ({
    what,
    unit: "frames/s",
    ours: 1_000 / (gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length),
    goal: { atLeast: 50, floor: 20 },
    note: `the slowest 1 % of frames took ${quantile(gaps, 0.99).toFixed(0)} ms.`,
  });
  return [
    row(`scrolling ${tenants.toLocaleString("en")} rows as they are loaded`, first),
    row("the same rows again", again),
  ];
}

/**
 * The page of an isolation test under way: its grid, its events, what was found so far. Each run tells of itself at most every
 * 150 ms, so the events are put into the page's socket, each as the service sends it; all the page asks the service answers.
 */
async function watching(bench: Bench, browser: Browser): Promise<Row> {
  const fleet = await streamingFleet(bench, 4);
  await fleet.grow(watchedTenants - (await fleet.tenants()).length);
  const { service } = fleet;
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const socket = await LiveSocket.of(page);
  await page.goto(`${service.url}/test-runs#key=${encodeURIComponent(service.key)}`);
  await page.getByText("No test runs.").waitFor();
  const { startIsolationTest } = await service.client.data<{ startIsolationTest: { testRun: { id: string } } }>(
    "mutation ($input: IsolationTestInput!) { startIsolationTest(input: $input) { testRun { id } } }",
    { input: { maxTenants: watchedTenants } },
  );
  await page.goto(`${service.url}/test-runs/${startIsolationTest.testRun.id}`);
  await page.getByText("Started.").waitFor();
  const [cpuBefore, begunAt] = [await cpuMsOfBrowser(browser), performance.now()];
  const events = eventsPerSecond * watchedSeconds;
  for (let told = 1; told <= events; told += 1) {
    const waitMs = begunAt + (told * 1_000) / eventsPerSecond - performance.now();
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    socket.tell(Math.floor((watchedTenants * told) / events), watchedTenants);
  }
  const cpuMs = (await cpuMsOfBrowser(browser)) - cpuBefore;
  const seconds = (performance.now() - begunAt) / 1_000;
  await page.getByText(allTold).waitFor();
  await page.context().close();
  return {
    what: `a run on ${watchedTenants} tenants watched, ${eventsPerSecond} events/s, of a core`,
    unit: "%",
    ours: cpuMs / seconds / 10,
    goal: { atMost: 20, floor: 60 },
    note: `All processes of the browser together, over ${seconds.toFixed(0)} s.`,
  };
}

interface RunEvent {
  readonly sequence: number;
  readonly message: string;
  readonly progress: object;
}

interface RunMessage {
  readonly id: string;
  readonly payload?: { readonly data?: { readonly testRunProgress?: RunEvent } };
}

/** The socket of a page, between it and the service: what the service says goes through until events are told here. */
class LiveSocket {
  #told = false;
  #newest: RunMessage | undefined;
  #toPage: (text: string) => void = () => undefined;

  static async of(page: Page): Promise<LiveSocket> {
    const live = new LiveSocket();
    await page.routeWebSocket(/\/graphql$/, (socket) => {
      const server = socket.connectToServer();
      live.#toPage = (text) => socket.send(text);
      server.onMessage((text) => live.#pass(String(text)));
    });
    return live;
  }

  /** The next event of the run that was heard of last. */
  tell(done: number, total: number): void {
    const before = this.#newest?.payload?.data?.testRunProgress;
    if (!before) throw new Error("The page has heard of no run.");
    this.#told = true;
    const next = {
      ...before,
      sequence: before.sequence + 1,
      message: done < total ? `${done} of ${total} tenants done.` : allTold,
      progress: { ...before.progress, done, total, percent: Math.floor((100 * done) / total) },
    };
    this.#newest = { ...this.#newest, id: this.#newest?.id ?? "", payload: { data: { testRunProgress: next } } };
    this.#toPage(JSON.stringify(this.#newest));
  }

  #pass(text: string): void {
    const message: RunMessage = JSON.parse(text);
    const isOfRun = message.payload?.data?.testRunProgress !== undefined || message.id === this.#newest?.id;
    if (isOfRun && this.#told) return;
    if (message.payload?.data?.testRunProgress) this.#newest = message;
    this.#toPage(text);
  }
}

/** Milliseconds of CPU that all processes of the browser have used so far. */
async function cpuMsOfBrowser(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.reduce((sum, { id }) => sum + cpuMsOf(id), 0);
}

/** @returns milliseconds between frames */
function framesWhileScrolling(page: Page): Promise<readonly number[]> {
  return page.evaluate(
    ({ step, ms }) =>
      new Promise<number[]>((resolve) => {
        const box = document.querySelector("section[aria-label=Tenants]");
        const gaps: number[] = [];
        const begun = performance.now();
        let last = begun;
        const frame = (now: number) => {
          gaps.push(now - last);
          last = now;
          box?.scrollBy(0, step);
          if (now - begun < ms) requestAnimationFrame(frame);
          else resolve(gaps.slice(1));
        };
        requestAnimationFrame(frame);
      }),
    { step: scrolledPerFrame, ms: scrolledMs },
  );
}

/** Tenants as the registry knows them; the browser asks for no database of theirs. */
async function fill(bench: Bench, registry: string): Promise<void> {
  const connection = await bench.database.connect({ database: registry });
  const id = "CONCAT('01900000-0000-7000-8000-', LPAD(seq, 12, '0'))";
  const at = "TIMESTAMPADD(SECOND, seq, '2026-01-01 00:00:00')";
  await connection.query("SET unique_checks = 0, foreign_key_checks = 0");
  await connection.query(
    `INSERT INTO tenants (id, slug, name, status, server_id, database_name, password, schema_version, seed, generation, created_at, updated_at)
     SELECT ${id}, CONCAT('customer-', seq), CONCAT('Customer ', seq), 'ACTIVE', (SELECT id FROM servers LIMIT 1),
       CONCAT('tnt', LPAD(seq, 20, 'x')), REPEAT('p', 90), '0003_add_invoices', 0, 2, ${at}, ${at} FROM seq_1_to_${tenants}`,
  );
  await connection.end();
}
