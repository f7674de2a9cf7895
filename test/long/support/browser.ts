import { access, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { onTestFinished } from "vitest";

/** Where Debian and others put it. `CHROMIUM_PATH` names another one. */
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A browser without a window. @throws when there is none on this machine */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await firstThatExists([process.env.CHROMIUM_PATH ?? "", ...places]),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
}

async function firstThatExists(paths: readonly string[]): Promise<string> {
  for (const path of paths.filter((each) => each !== "")) {
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  throw new Error(`This suite needs Chromium at one of ${places.join(", ")}, or where CHROMIUM_PATH says.`);
}

export interface WatchedPage {
  readonly page: Page;
  /** Requests that went to somebody else than the service. */
  readonly strangers: string[];
  /** Errors that nobody caught, and what the browser complained about, e.g. that a policy forbids something. */
  readonly complaints: string[];
}

/** A page with a session of its own, closed when the test ends. @param origin of the service */
export async function watchedPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const strangers: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url())) strangers.push(request.url());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) complaints.push(message.text());
  });
  return { page, strangers, complaints };
}

/** What axe finds that matters: each as `rule: selector`. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  const script = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(script);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
  });
}

interface Axe {
  run(): Promise<{ violations: readonly { id: string; impact: string; nodes: readonly { target: string[] }[] }[] }>;
}

/** How far the page is wider than its window, in pixels. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));
}
