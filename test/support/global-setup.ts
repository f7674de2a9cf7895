import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { DataDirLock } from "../../src/embedded/data-dir-lock.ts";
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

/** A private MariaDB for the whole run, in a folder of its own. `npm test` says which program; without it, Debian's. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const binary = process.env.TENANTRY_MARIADBD ?? "/usr/sbin/mariadbd";
  const dataDir = await mkdtemp(join(tmpdir(), "tenantry-test-"));
  const lock = await DataDirLock.take(dataDir);
  const server = await EmbeddedMariaDb.start({ dataDir, binary, logger: silentLogger, durable: false });
  project.provide("serverUrl", server.url.reveal().replace(/\/$/, ""));
  project.provide("mariadbd", binary);
  return async () => {
    await server.stop();
    await lock.release();
    await rm(dataDir, { recursive: true, force: true });
  };
}
