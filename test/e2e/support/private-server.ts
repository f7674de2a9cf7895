import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql, { type Connection, type RowDataPacket } from "mysql2/promise";
import { inject } from "vitest";
import { DataDirLock } from "../../../src/embedded/data-dir-lock.ts";
import { EmbeddedMariaDb } from "../../../src/embedded/embedded-mariadb.ts";
import { silentLogger } from "../../../src/kit/logger.ts";

/** A MariaDB of a test file's own: everything that is found on it was made by the service under test. */
export class PrivateServer {
  private constructor(
    private readonly dataDir: string,
    private readonly lock: DataDirLock,
    private readonly database: EmbeddedMariaDb,
  ) {}

  static async start(): Promise<PrivateServer> {
    // Named and locked like the run's own, so that what a killed run leaves is cleared away by the next.
    const dataDir = await mkdtemp(join(tmpdir(), "tenantry-test-"));
    const lock = await DataDirLock.take(dataDir);
    const options = { dataDir, binary: inject("mariadbd"), logger: silentLogger, durable: false };
    return new PrivateServer(dataDir, lock, await EmbeddedMariaDb.start(options));
  }

  /** Of an admin, without a database and without a slash at its end. */
  get url(): string {
    return this.database.url.reveal().replace(/\/$/, "");
  }

  async pid(): Promise<number> {
    return Number(await readFile(join(this.dataDir, "mariadb/mariadbd.pid"), "utf8"));
  }

  /** Holds it still: connections stay open and nothing answers. @returns what lets it go on */
  async freeze(): Promise<() => void> {
    const pid = await this.pid();
    process.kill(pid, "SIGSTOP");
    return () => process.kill(pid, "SIGCONT");
  }

  /** kill -9; it is started again by itself within two seconds. */
  async crash(): Promise<void> {
    process.kill(await this.pid(), "SIGKILL");
  }

  async stop(): Promise<void> {
    await this.database.stop();
    await this.lock.release();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** Rows as SQL gives them. */
export type Row = Readonly<Record<string, unknown>>;

/** Asks a server on a connection that lasts as long as the question. Times are UTC. */
export async function sqlAt<Result extends Row>(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Result[]> {
  return connectedTo(url, (connection) => ask<Result>(connection, sql, values));
}

/** Does something on one connection. */
export async function connectedTo<Result>(
  url: string,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await mysql.createConnection({ uri: url, timezone: "Z", multipleStatements: false });
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}

/** Asks on a connection. */
export async function ask<Result extends Row>(
  connection: Connection,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Result[]> {
  const [rows] = await connection.query<(Result & RowDataPacket)[]>(sql, [...values]);
  return rows;
}
