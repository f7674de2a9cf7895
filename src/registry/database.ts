import { DrizzleQueryError, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/mysql2";
import { createPool, type Pool, type PoolConnection, type PoolOptions } from "mysql2/promise";
import type { Clock } from "../kit/clock.ts";
import { withDeadline } from "../kit/deadline.ts";
import { sslOptions, tlsIn } from "../kit/tls.ts";
import { Batch } from "./batch.ts";
import type { Orm, Query } from "./orm.ts";
import { isLockConflict, RegistryUnavailable, translateTrouble } from "./registry-trouble.ts";

export type { Orm };

/** For a statement, the first one including the wait for its connection: below the five seconds within which a caller must hear that the registry is gone. */
const statementDeadlineMs = 4_500;
/** A conflict is over in milliseconds; more attempts than this mean that something holds a lock for long. */
const attempts = 5;

/** How every connection to the registry is opened. @throws TlsInvalid */
export function connectionOptions(url: URL): PoolOptions {
  const ssl = sslOptions(tlsIn(url.searchParams));
  return {
    ...(ssl && { ssl }),
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || "3306"),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    timezone: "Z",
    charset: "utf8mb4_unicode_ci",
    connectTimeout: 3_000,
    enableKeepAlive: true,
    // The default makes mysql2 allocate half a megabyte for each connection.
    maxPreparedStatements: 64,
    supportBigNumbers: true,
    jsonStrings: true,
  };
}

/**
 * What every session is told first. READ COMMITTED: no gap locks, so that bulk inserts do not wait for each other. A process that
 * was stopped in the middle of a transaction must not keep its locks from the one that takes its place; nothing of ours pauses there
 * for as long (MariaDB alone knows this).
 */
export const sessionSettings = [
  "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
  `SET SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
     time_zone = '+00:00', innodb_lock_wait_timeout = 2 /*M!100300 , idle_transaction_timeout = 8 */`,
];

/** The registry's connections. Every statement has a deadline, and trouble is a {@link RegistryUnavailable}. */
export class RegistryDatabase {
  readonly #pool: Pool;
  /** Its connections take several statements in one packet; nothing but {@link batched} sends on them. */
  readonly #batches: Pool;
  readonly #prepared = new WeakSet<object>();
  /** For reads outside of transactions, and for prepared ones. */
  readonly orm: Orm;

  constructor(
    url: URL,
    database: string,
    private readonly clock: Clock,
    connectionLimit = 10,
  ) {
    const options = { ...connectionOptions(url), database };
    const forBatches = Math.max(1, Math.floor(connectionLimit / 3));
    this.#pool = createPool({ ...options, connectionLimit: Math.max(1, connectionLimit - forBatches) });
    this.#batches = createPool({ ...options, connectionLimit: forBatches, multipleStatements: true });
    this.orm = drizzle({ client: this.#withDeadlines() });
  }

  /** A read of one or several statements, each on whatever connection is free. @throws RegistryUnavailable */
  async read<T>(work: (orm: Orm) => Promise<T>): Promise<T> {
    try {
      return await work(this.orm);
    } catch (error) {
      throw withoutWrapping(error);
    }
  }

  /**
   * Runs `work` in a transaction, again when it was the victim of a deadlock: it must not have effects elsewhere.
   * @throws RegistryUnavailable
   */
  transaction<T>(work: (tx: Orm) => Promise<T>): Promise<T> {
    return this.#untilFree(() =>
      this.#attempt(this.#pool, async (query, connection) => {
        await query("START TRANSACTION");
        const result = await work(drizzle({ client: guarded(connection, query) }));
        await query("COMMIT");
        return result;
      }),
    );
  }

  /**
   * The same for a path whose callers wait: what `work` sends at once goes in one packet, the beginning and the end of the
   * transaction with it. @throws RegistryUnavailable
   */
  batched<T>(work: (batch: Batch) => Promise<T>): Promise<T> {
    return this.#untilFree(() =>
      this.#attempt(this.#batches, async (query, connection) => {
        const batch = new Batch(query, () => drizzle({ client: guarded(connection, query) }));
        const result = await work(batch);
        await batch.commit([]);
        return result;
      }),
    );
  }

  async #untilFree<T>(attempt: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (tries >= attempts || !isLockConflict(error)) throw withoutWrapping(error);
        // Different pauses, so that the same two do not meet again.
        await this.clock.sleep(tries * 5 * Math.random());
      }
    }
  }

  /** Whether the registry answers. @throws RegistryUnavailable when it does not */
  async ping(): Promise<true> {
    await this.read((orm) => orm.execute(sql`SELECT 1`));
    return true;
  }

  /** Waits for the statements under way and closes every connection. */
  async close(): Promise<void> {
    await Promise.all([this.#pool.end(), this.#batches.end()]);
  }

  async #attempt<T>(pool: Pool, work: (query: Query, connection: PoolConnection) => Promise<T>): Promise<T> {
    const askedAtMs = this.clock.monotonicMs();
    const connection = await this.#acquire(pool);
    let first: Query | undefined = this.#first(connection, askedAtMs);
    const query: Query = (options, values) => {
      const next = first ?? withinDeadline(connection);
      first = undefined;
      return next(options, values);
    };
    try {
      return await work(query, connection);
    } catch (error) {
      await rollBack(connection, query);
      throw error;
    } finally {
      connection.release();
    }
  }

  async #acquire(pool = this.#pool): Promise<PoolConnection> {
    let late = false;
    const opening = pool.getConnection().then(async (connection) => {
      if (late) connection.release();
      else await this.#prepare(connection);
      return connection;
    });
    try {
      return await withDeadline("Connecting to the registry", statementDeadlineMs, undefined, () => opening);
    } catch (error) {
      late = true;
      throw translateTrouble(error);
    }
  }

  /** Once per connection; here and not in the pool's event, because here somebody waits for the answer. */
  async #prepare(connection: PoolConnection): Promise<void> {
    if (this.#prepared.has(connection.connection)) return;
    try {
      for (const setting of sessionSettings) await connection.query(setting);
    } catch (error) {
      connection.destroy();
      throw error;
    }
    this.#prepared.add(connection.connection);
  }

  /** The first statement has what the wait for its connection has left: whoever asks a silent registry hears so in time. */
  #first(connection: PoolConnection, askedAtMs: number): Query {
    return withinDeadline(connection, Math.max(1, statementDeadlineMs - (this.clock.monotonicMs() - askedAtMs)));
  }

  /** The pool as drizzle sees it: `query` takes a connection, keeps the deadline and gives it back. */
  #withDeadlines(): Pool {
    const query: Query = async (options, values) => {
      const askedAtMs = this.clock.monotonicMs();
      const connection = await this.#acquire();
      try {
        return await this.#first(connection, askedAtMs)(options, values);
      } finally {
        connection.release();
      }
    };
    return guarded(this.#pool, query);
  }
}

/** Statements on one connection. Trouble other than a lock conflict, and silence, destroy it. */
function withinDeadline(connection: PoolConnection, deadlineMs = statementDeadlineMs): Query {
  return async (options, values) => {
    const statement = typeof options === "string" ? { sql: options } : options;
    try {
      return await withDeadline("A statement of the registry", deadlineMs, undefined, () =>
        connection.query(statement, values),
      );
    } catch (error) {
      const meaning = translateTrouble(error);
      if (meaning instanceof RegistryUnavailable && !isLockConflict(error)) connection.destroy();
      throw meaning;
    }
  };
}

async function rollBack(connection: PoolConnection, query: Query): Promise<void> {
  try {
    await query("ROLLBACK");
  } catch {
    // A connection that is gone took its transaction with it. What went wrong first is what the caller hears.
    connection.destroy();
  }
}

function guarded<Client extends object>(client: Client, query: Query): Client {
  return new Proxy(client, {
    get: (target, property) => (property === "query" ? query : Reflect.get(target, property, target)),
  });
}

/** Drizzle wraps what a statement threw into an error that holds the statement and its values. */
function withoutWrapping(error: unknown): unknown {
  return error instanceof DrizzleQueryError ? error.cause : error;
}
