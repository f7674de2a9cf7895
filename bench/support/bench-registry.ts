import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { systemClock } from "../../src/kit/clock.ts";
import { uuidv7Ids } from "../../src/kit/ids.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { Secret } from "../../src/kit/secret.ts";
import type { RegistryDatabase } from "../../src/registry/database.ts";
import { openRegistry } from "../../src/registry/open-registry.ts";
import { createStores, type Stores } from "../../src/wiring/stores.ts";
import type { Bench } from "../bench.ts";

/** A registry that this process serves itself: what the service does with it, without the service around it. */
export interface BenchRegistry {
  readonly stores: Stores;
  readonly db: RegistryDatabase;
  /** Name of its database. */
  readonly name: string;
}

/** Opened for one figure, and dropped after it. */
export async function benchRegistry(bench: Bench): Promise<BenchRegistry> {
  const url = bench.freshRegistryUrl();
  const registry = await openRegistry({
    url: new Secret(url),
    owner: randomUUID(),
    migrations: join(bench.root, "drizzle/registry"),
    clock: systemClock,
    logger: silentLogger,
  });
  const name = new URL(url).pathname.slice(1);
  bench.defer(async () => {
    await registry.close();
    await bench.database.rows(`DROP DATABASE ${name}`);
  });
  return { stores: createStores(registry.db, systemClock, uuidv7Ids), db: registry.db, name };
}
