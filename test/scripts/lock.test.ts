import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";

const module = fileURLToPath(new URL("../../scripts/lib/lock.mjs", import.meta.url));

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tenantry-lock-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A process of its own that counts up in a file, under the lock. */
function count(folder: string): Promise<unknown> {
  const script = `
    import { readFileSync, writeFileSync } from "node:fs";
    import { withLock } from ${JSON.stringify(module)};
    const file = ${JSON.stringify(join(folder, "count"))};
    await withLock(${JSON.stringify(folder)}, async () => {
      const seen = Number(readFileSync(file, "utf8"));
      await new Promise((resolve) => setImmediate(resolve));
      writeFileSync(file, String(seen + 1));
    });`;
  return promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
}

describe("the lock of the set-up", () => {
  it("lets processes in one after the other, the first past the lock of a dead one", async () => {
    const folder = await aFolder();
    await writeFile(join(folder, "count"), "0");
    await writeFile(join(folder, "lock.7"), JSON.stringify({ pid: process.pid, startedAt: "long ago" }));
    await Promise.all(Array.from({ length: 6 }, () => count(folder)));
    expect(await readFile(join(folder, "count"), "utf8")).toBe("6");
  });
});
