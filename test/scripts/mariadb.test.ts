import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it, onTestFinished } from "vitest";

const { ensureMariaDb } = await import(fileURLToPath(new URL("../../scripts/lib/mariadb.mjs", import.meta.url)));

async function aCache(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tenantry-cache-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe("finding MariaDB", () => {
  it("takes the one of the machine", async () => {
    const folders = ["/nowhere", dirname(inject("mariadbd"))];
    expect(await ensureMariaDb({ cache: await aCache(), folders })).toBe(inject("mariadbd"));
  });

  it("takes the one that was named, and none beside it", async () => {
    expect(await ensureMariaDb({ cache: await aCache(), given: inject("mariadbd"), folders: [] })).toBe(
      inject("mariadbd"),
    );
    const wrong = ensureMariaDb({ cache: await aCache(), given: "/nowhere/mariadbd" });
    await expect(wrong).rejects.toThrow("TENANTRY_MARIADBD: /nowhere/mariadbd does not run");
  });

  it("refuses another program under that name", async () => {
    const wrong = ensureMariaDb({ cache: await aCache(), given: "/bin/echo" });
    await expect(wrong).rejects.toThrow("MariaDB 10.6 or later is needed");
  });
});
