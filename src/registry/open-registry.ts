import { type Connection, createConnection } from "mysql2/promise";
import type { Clock } from "../kit/clock.ts";
import { InvalidInput } from "../kit/domain-error.ts";
import type { Logger } from "../kit/logger.ts";
import { Loop } from "../kit/loop.ts";
import type { Secret } from "../kit/secret.ts";
import { connectionOptions, RegistryDatabase, sessionSettings } from "./database.ts";
import { InstanceLease, type LeaseTimes } from "./instance-lease.ts";
import { type LockPatience, RegistryMigrator } from "./registry-migrator.ts";
import { errnoOf, translateTrouble } from "./registry-trouble.ts";

/** What opening the registry needs. */
export interface RegistryOptions {
  /** `mysql://user:password@host:port/database`; the database is made when it is missing. */
  readonly url: Secret;
  /** This process: unique among all that ever serve the registry, at most 64 ASCII characters. */
  readonly owner: string;
  /** Folder of the registry's migrations. */
  readonly migrations: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called in regular turns, each time that the registry answers. */
  readonly answered?: () => void;
  /** Connections of the pool. Default 10. */
  readonly connections?: number;
  /** Default: 10 s to live, renewed after 3 s, a newcomer looks each 250 ms. */
  readonly lease?: LeaseTimes & { readonly renewEveryMs: number };
  /** Of a migration. Default: ten times 30 s. */
  readonly patience?: LockPatience;
}

/** The registry, open, migrated and served by this process alone. */
export interface Registry {
  readonly db: RegistryDatabase;
  /** Aborts when another process has taken the registry over: stop everything at once. */
  readonly lost: AbortSignal;
  /** Gives the lease back and closes every connection. */
  close(): Promise<void>;
}

const unknownDatabase = 1049;
const defaultPatience: LockPatience = { waitSeconds: 30, tries: 10 };
const defaultLease = { ttlMs: 10_000, renewEveryMs: 3_000, lookEveryMs: 250 };

/**
 * Opens the registry: makes its database, takes the instance lease, applies migrations.
 * @throws RegistryInUse, RegistryAhead, RegistryUnavailable, InvalidInput for a URL without a usable database name
 */
export async function openRegistry(options: RegistryOptions): Promise<Registry> {
  const { clock, logger, lease: times = defaultLease } = options;
  const url = new URL(options.url.reveal());
  const database = databaseName(url);
  await createDatabase(url, database);
  const lease = new InstanceLease(url, database, options.owner, clock, logger, times);
  const renewal = new Loop(
    "registry lease",
    async () => {
      if (await lease.renewOnce()) options.answered?.();
    },
    () => times.renewEveryMs,
    clock,
    logger,
  );
  const letGo = async () => {
    await renewal.stop();
    await lease.release();
  };
  try {
    await lease.acquire();
    renewal.start();
    const applied = await migrate(url, database, lease.lost, options);
    if (applied > 0) logger.info({ applied }, "registry migrated");
  } catch (error) {
    await letGo();
    throw translateTrouble(error);
  }
  const db = new RegistryDatabase(url, database, clock, options.connections);
  return {
    db,
    lost: lease.lost,
    close: async () => {
      await letGo();
      await db.close();
    },
  };
}

/** Letters, digits, `_`, `$` and `-`: nothing that would need an escape inside backticks. */
function databaseName(url: URL): string {
  const name = decodeURIComponent(url.pathname.slice(1));
  if (!/^[\w$-]{1,64}$/.test(name)) {
    throw new InvalidInput("The registry's URL must end in the name of a database: letters, digits, _, $ and -.");
  }
  return name;
}

async function createDatabase(url: URL, database: string): Promise<void> {
  try {
    await withConnection(url, database, () => Promise.resolve());
  } catch (error) {
    if (errnoOf(error) !== unknownDatabase) throw translateTrouble(error);
    await withConnection(url, undefined, (connection) =>
      connection.query(
        `CREATE DATABASE IF NOT EXISTS \`${database}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`,
      ),
    );
  }
}

function migrate(
  url: URL,
  database: string,
  lost: AbortSignal,
  { migrations: folder, logger, patience = defaultPatience }: RegistryOptions,
): Promise<number> {
  return withConnection(url, database, async (connection) => {
    for (const setting of sessionSettings) await connection.query(setting);
    return new RegistryMigrator({ connection, folder, patience, lost, logger }).migrate();
  });
}

/** A connection of its own: a long migration must not keep the pool or the lease waiting. */
async function withConnection<T>(
  url: URL,
  database: string | undefined,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await createConnection({
    ...connectionOptions(url),
    ...(database === undefined ? {} : { database }),
  });
  try {
    return await work(connection);
  } finally {
    connection.destroy();
  }
}
