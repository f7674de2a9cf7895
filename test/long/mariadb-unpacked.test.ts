import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { EmbeddedMariaDb } from "../../src/embedded/embedded-mariadb.ts";
import { silentLogger } from "../../src/kit/logger.ts";

const { ensureMariaDb } = await import(fileURLToPath(new URL("../../scripts/lib/mariadb.mjs", import.meta.url)));

describe.runIf(existsSync("/usr/bin/apt-get"))("Debian's package, unpacked", () => {
  it("is fetched once, changes nothing on the system, and runs a database", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tenantry-unpacked-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const binary = await ensureMariaDb({ cache: join(folder, "cache"), folders: [] });
    expect(binary).toBe(join(folder, "cache/mariadb/usr/sbin/mariadbd"));
    expect(await ensureMariaDb({ cache: join(folder, "cache"), folders: [] })).toBe(binary);
    const server = await EmbeddedMariaDb.start({ dataDir: folder, binary, logger: silentLogger, durable: false });
    onTestFinished(() => server.stop());
    expect(server.port).toBeGreaterThan(0);
    await server.stop();
  });
});
