import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { DataDirInUse, DataDirLock } from "../../src/embedded/data-dir-lock.ts";
import { EmbeddedMariaDb } from "../../src/embedded/embedded-mariadb.ts";
import { silentLogger } from "../../src/kit/logger.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Admin URL of the run's private MariaDB, without a database: `mysql://user:password@127.0.0.1:port`. */
    serverUrl: string;
    /** Path of the `mariadbd` that runs it. */
    mariadbd: string;
  }
}

const prefix = "tenantry-test-";

/** A private MariaDB for the whole run, in a folder of its own. `npm test` says which program; without it, Debian's. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const binary = process.env.TENANTRY_MARIADBD ?? "/usr/sbin/mariadbd";
  await clearLeftovers();
  const dataDir = await mkdtemp(join(tmpdir(), prefix));
  const lock = await DataDirLock.take(dataDir);
  const server = await EmbeddedMariaDb.start({
    dataDir,
    binary,
    logger: silentLogger,
    durable: false,
  });
  project.provide("serverUrl", server.url.reveal().replace(/\/$/, ""));
  project.provide("mariadbd", binary);
  return async () => {
    await server.stop();
    await lock.release();
    await rm(dataDir, { recursive: true, force: true });
  };
}

/** A run that was killed leaves its server and its folder. */
async function clearLeftovers(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  for (const folder of names.map((name) => join(tmpdir(), name))) {
    // A young one may not have its lock yet; one that vanishes now is being cleared by another run.
    const made = await stat(folder).catch(() => undefined);
    if (!made || Date.now() - made.ctimeMs < 60_000) continue;
    await clear(folder).catch((error: unknown) => {
      if (!(error instanceof DataDirInUse)) throw error;
    });
  }
}

async function clear(folder: string): Promise<void> {
  await DataDirLock.take(folder);
  await EmbeddedMariaDb.stopLeftover(folder);
  await rm(folder, { recursive: true, force: true });
}
