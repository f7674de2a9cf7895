import { randomBytes } from "node:crypto";
import { type Connection, createConnection, createPool, type Pool, type RowDataPacket } from "mysql2/promise";
import { EmbeddedMariaDb } from "../../src/embedded/embedded-mariadb.ts";
import { silentLogger } from "../../src/kit/logger.ts";

/** The private MariaDB of a run, as durable as the service's own, and an admin's way to it. */
export class BenchDatabase {
  private constructor(
    private readonly server: EmbeddedMariaDb,
    private readonly pool: Pool,
    /** `mysql://user:password@127.0.0.1:port` of an admin. */
    readonly url: string,
  ) {}

  /** @param dataDir an empty folder, kept by the caller until after `stop` */
  static async start(dataDir: string, binary: string): Promise<BenchDatabase> {
    const server = await EmbeddedMariaDb.start({ dataDir, binary, logger: silentLogger });
    const url = server.url.reveal().replace(/\/$/, "");
    const database = new BenchDatabase(server, createPool({ uri: url, connectionLimit: 4 }), url);
    await database.#makeServerAdmin();
    return database;
  }

  /** An admin that services may reach their tenants' server with, so that its statements can be told from the registry's. */
  readonly serverAdmin = { username: "serveradmin", password: randomBytes(12).toString("hex") };

  /** As `url`, with that admin. */
  get serverUrl(): string {
    const url = new URL(this.url);
    return Object.assign(url, this.serverAdmin).href.replace(/\/$/, "");
  }

  get port(): number {
    return this.server.port;
  }

  /** As the admin. */
  async rows<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const [rows] = await this.pool.query<(Row & RowDataPacket)[]>(sql, [...values]);
    return rows;
  }

  /** Statements that the server was sent since its start, by its own count. */
  async statementsSent(): Promise<number> {
    const [row] = await this.rows<{ Value: string }>("SHOW GLOBAL STATUS LIKE 'Questions'");
    return Number(row?.Value);
  }

  /** A connection of one's own, as the admin. */
  connect(options: { readonly database?: string; readonly multipleStatements?: boolean } = {}): Promise<Connection> {
    return createConnection({ uri: this.url, ...options });
  }

  /** Makes an empty database. @returns its name */
  async create(prefix: string): Promise<string> {
    const name = `${prefix}_${randomBytes(5).toString("hex")}`;
    await this.rows(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`);
    return name;
  }

  async #makeServerAdmin(): Promise<void> {
    const { username, password } = this.serverAdmin;
    await this.rows(`CREATE USER '${username}'@'127.0.0.1' IDENTIFIED BY '${password}'`);
    await this.rows(`GRANT ALL PRIVILEGES ON *.* TO '${username}'@'127.0.0.1' WITH GRANT OPTION`);
  }

  async stop(): Promise<void> {
    await this.pool.end();
    await this.server.stop();
  }
}
