import { type Connection, createConnection, type QueryValues, type RowDataPacket } from "mysql2/promise";
import type { Clock } from "../kit/clock.ts";
import { withDeadline } from "../kit/deadline.ts";
import type { Logger } from "../kit/logger.ts";
import { connectionOptions } from "./database.ts";
import { RegistryInUse, RegistryUnavailable, translateTrouble } from "./registry-trouble.ts";

/** How long the lease lives without being renewed, and how often a newcomer looks. Milliseconds. */
export interface LeaseTimes {
  readonly ttlMs: number;
  readonly lookEveryMs: number;
}

interface Seen {
  readonly owner: string;
  readonly renewals: number;
  readonly free: boolean;
}

const statementDeadlineMs = 4_500;

/** One process serves a registry: a row with the database's clock, and the connection that stands for the process that holds it. */
export class InstanceLease {
  readonly #lost = new AbortController();
  #connection: Connection | undefined;

  constructor(
    private readonly url: URL,
    private readonly database: string,
    /** The process: unique, at most 64 ASCII characters. */
    private readonly owner: string,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly times: LeaseTimes,
  ) {}

  /** Aborts with {@link RegistryInUse} when another process has taken the registry over: stop everything at once. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Takes the lease: at once where it is free or the connection of its holder is gone (the process was killed), else when
   * it runs out. @throws RegistryInUse when the holder renews it meanwhile, RegistryUnavailable
   */
  async acquire(): Promise<void> {
    await this.#ensureRow();
    const first = await this.#look();
    for (let seen = first; ; seen = await this.#look()) {
      if (seen.free && (await this.#take(seen))) return;
      if (seen.owner !== first.owner || seen.renewals !== first.renewals) {
        throw new RegistryInUse(
          "Another process already serves this registry. Stop it first, or use another registry.",
        );
      }
      if (!seen.free) await this.clock.sleep(this.times.lookEveryMs);
    }
  }

  /** Extends the lease. While the registry is out of reach nobody else can take it, so that is no loss yet. @returns whether it answered */
  async renewOnce(): Promise<boolean> {
    try {
      const held = await this.#change(
        "UPDATE registry_lease SET renewals = renewals + 1, connection_id = CONNECTION_ID(), expires_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND WHERE id = 1 AND owner = ?",
        [this.times.ttlMs * 1_000, this.owner],
      );
      if (!held) this.#lost.abort(new RegistryInUse("Another process has taken this registry over."));
      return true;
    } catch (error) {
      if (!(error instanceof RegistryUnavailable)) throw error;
      this.logger.warn({ err: error }, "registry lease not renewed");
      return false;
    }
  }

  /** Gives the lease back, if it is still held, and closes its connection. */
  async release(): Promise<void> {
    try {
      await this.#change(
        "UPDATE registry_lease SET owner = '', expires_at = UTC_TIMESTAMP(3) WHERE id = 1 AND owner = ?",
        [this.owner],
      );
    } catch (error) {
      if (!(error instanceof RegistryUnavailable)) throw error;
      this.logger.warn({ err: error }, "registry lease not given back");
    } finally {
      this.#connection?.destroy();
      this.#connection = undefined;
    }
  }

  async #ensureRow(): Promise<void> {
    await this.#change(
      `CREATE TABLE IF NOT EXISTS registry_lease (
        id tinyint PRIMARY KEY,
        owner varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        account varchar(384) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        place varchar(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        connection_id bigint unsigned NOT NULL,
        renewals bigint NOT NULL,
        expires_at datetime(3) NOT NULL)`,
      [],
    );
    await this.#change("INSERT IGNORE INTO registry_lease VALUES (1, '', '', '', 0, 0, '2000-01-01')", []);
  }

  async #look(): Promise<Seen> {
    const [row] = await this.#rows(
      `SELECT owner, renewals, connection_id AS connectionId, expires_at <= UTC_TIMESTAMP(3) AS expired,
              account = CURRENT_USER() AND place = CONCAT(@@hostname, ':', @@port) AS comparable
         FROM registry_lease WHERE id = 1`,
      [],
    );
    if (!row) throw new RegistryUnavailable("The registry's lease was removed.");
    const { owner, renewals, connectionId, expired, comparable } = row;
    // Without the PROCESS privilege only connections of the own account can be seen, and only those of this very server.
    const gone = comparable === 1 && !(await this.#isConnected(Number(connectionId)));
    return { owner: String(owner), renewals: Number(renewals), free: expired === 1 || gone };
  }

  async #isConnected(connectionId: number): Promise<boolean> {
    const rows = await this.#rows("SELECT id FROM information_schema.processlist WHERE id = ?", [connectionId]);
    return rows.length > 0;
  }

  #take(seen: Seen): Promise<boolean> {
    return this.#change(
      `UPDATE registry_lease SET owner = ?, account = CURRENT_USER(), place = CONCAT(@@hostname, ':', @@port),
              connection_id = CONNECTION_ID(), renewals = renewals + 1, expires_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND
        WHERE id = 1 AND owner = ? AND renewals = ?`,
      [this.owner, this.times.ttlMs * 1_000, seen.owner, seen.renewals],
    );
  }

  /** @returns whether a row was met */
  async #change(sql: string, values: QueryValues): Promise<boolean> {
    const [result] = await this.#ask((connection) => connection.query(sql, values));
    return "affectedRows" in result && result.affectedRows > 0;
  }

  async #rows(sql: string, values: QueryValues): Promise<readonly RowDataPacket[]> {
    const [rows] = await this.#ask((connection) => connection.query<RowDataPacket[]>(sql, values));
    return rows;
  }

  async #ask<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      return await withDeadline("The registry's lease", statementDeadlineMs, undefined, async () => {
        this.#connection ??= await this.#connect();
        return work(this.#connection);
      });
    } catch (error) {
      // A fresh connection next time; the holder is known by it.
      this.#connection?.destroy();
      this.#connection = undefined;
      throw translateTrouble(error);
    }
  }

  async #connect(): Promise<Connection> {
    const connection = await createConnection({ ...connectionOptions(this.url), database: this.database });
    connection.on("error", (error) => {
      this.logger.debug({ err: error }, "registry lease connection lost");
      if (this.#connection === connection) this.#connection = undefined;
    });
    return connection;
  }
}
