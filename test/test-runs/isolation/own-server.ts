import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { DataDirLock } from "../../../src/embedded/data-dir-lock.ts";
import { EmbeddedMariaDb } from "../../../src/embedded/embedded-mariadb.ts";
import { silentLogger } from "../../../src/kit/logger.ts";

/** A MariaDB for one file: what is planted for everybody must not be met by other files' tests. */
export interface OwnServer extends AsyncDisposable {
  /** Admin URL without a database. */
  readonly url: string;
}

export async function ownServer(): Promise<OwnServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "tenantry-test-"));
  const lock = await DataDirLock.take(dataDir);
  const options = { dataDir, binary: inject("mariadbd"), logger: silentLogger, durable: false, symbolicLinks: true };
  const server = await EmbeddedMariaDb.start(options);
  return {
    url: server.url.reveal().replace(/\/$/, ""),
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      await lock.release();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
