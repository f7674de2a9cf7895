import { randomBytes, randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import mysql from "mysql2/promise";
import { inject } from "vitest";
import { type Clock, systemClock } from "../../src/kit/clock.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { Secret } from "../../src/kit/secret.ts";
import type { RegistryDatabase } from "../../src/registry/database.ts";
import { openRegistry } from "../../src/registry/open-registry.ts";

export const registryMigrations = fileURLToPath(new URL("../../drizzle/registry", import.meta.url));

/** A registry in a database of its own on the run's private server. */
export interface FreshRegistry extends AsyncDisposable {
  readonly db: RegistryDatabase;
  /** With the database's name; for processes and connections of the test's own. */
  readonly url: string;
  readonly database: string;
  /** Closes it and drops its database. */
  close(): Promise<void>;
}

/** Opens a registry that is empty but for its tables. */
export async function freshRegistry(
  options: { readonly clock?: Clock; readonly connections?: number } = {},
): Promise<FreshRegistry> {
  const database = `registry_${randomBytes(6).toString("hex")}`;
  const url = `${inject("serverUrl")}/${database}`;
  const registry = await openRegistry({
    url: new Secret(url),
    owner: randomUUID(),
    migrations: registryMigrations,
    clock: options.clock ?? systemClock,
    logger: silentLogger,
    connections: options.connections ?? 5,
  });
  const close = async () => {
    await registry.close();
    await dropDatabase(database);
  };
  return { db: registry.db, url, database, close, [Symbol.asyncDispose]: close };
}

/** Drops a database of the private server. */
export async function dropDatabase(database: string): Promise<void> {
  const connection = await mysql.createConnection(inject("serverUrl"));
  await connection.query(`DROP DATABASE IF EXISTS \`${database}\``);
  await connection.end();
}
