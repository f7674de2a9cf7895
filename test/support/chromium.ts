import { access } from "node:fs/promises";
import { type Browser, chromium } from "playwright-core";

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
