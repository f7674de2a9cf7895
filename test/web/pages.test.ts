import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startedServer } from "../http/support/started-server.ts";

it("answers with the dashboard at the address of every page that it has", async () => {
  const source = await readFile(new URL("../../web/dashboard/shell/pages.ts", import.meta.url), "utf8");
  const paths = [...source.matchAll(/^ {4}path: "([^"]+)",$/gm)].map(([, path = ""]) => path.replaceAll(/:\w+/g, "x"));
  expect(paths.length).toBeGreaterThan(9);
  const pagesDir = await mkdtemp(join(tmpdir(), "pages-"));
  onTestFinished(() => rm(pagesDir, { recursive: true }));
  await mkdir(join(pagesDir, "dashboard"));
  await writeFile(join(pagesDir, "dashboard", "index.html"), "<h1>dashboard</h1>");
  const { url } = await startedServer({}, { pagesDir });
  const answers = paths.map(async (path) => {
    const answer = await fetch(`${url}${path}`, { headers: { accept: "text/html" } });
    return [path, await answer.text()];
  });
  expect(await Promise.all(answers)).toEqual(paths.map((path) => [path, "<h1>dashboard</h1>"]));
});
