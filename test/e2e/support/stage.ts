import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiClient } from "../../support/client.ts";
import { ServiceProcess } from "../../support/service.ts";
import { type Row, sqlAt } from "./private-server.ts";

type Environment = Readonly<Record<string, string>>;

/** A service in a process of its own, its registry on a given server beside its tenants; it can be killed and started again. */
export class Stage implements AsyncDisposable {
  readonly adminKey = `key-${randomBytes(16).toString("hex")}`;
  readonly registry = `registry_${randomBytes(6).toString("hex")}`;
  readonly #encryptionKey = randomBytes(32).toString("base64");
  #service: ServiceProcess | undefined;
  #api: ApiClient | undefined;
  /** What earlier processes said. */
  #said = "";

  private constructor(
    readonly serverUrl: string,
    readonly dataDir: string,
    private readonly env: Environment,
  ) {}

  /** Makes the place; nothing is started. @param env for every start */
  static async set(serverUrl: string, env: Environment = {}): Promise<Stage> {
    return new Stage(serverUrl, await mkdtemp(join(tmpdir(), "tenantry-stage-")), env);
  }

  /** Makes the place and starts the service. */
  static async started(serverUrl: string, env: Environment = {}): Promise<Stage> {
    const stage = await Stage.set(serverUrl, env);
    await stage.start();
    return stage;
  }

  /** Starts the service and waits until it is ready. @param env for this start alone */
  async start(env: Environment = {}): Promise<void> {
    await this.spawn(env);
    await this.service.ready();
  }

  /** Starts the service and waits for nothing. */
  async spawn(env: Environment = {}): Promise<void> {
    this.#service = await ServiceProcess.spawn({ dataDir: this.dataDir, env: { ...this.environment(), ...env } });
    this.#api = new ApiClient(this.#service.url, this.adminKey);
  }

  /** What the service is started with. */
  environment(): Environment {
    return {
      TENANTRY_REGISTRY_URL: `${this.serverUrl}/${this.registry}`,
      TENANTRY_ENCRYPTION_KEY: this.#encryptionKey,
      TENANTRY_ADMIN_KEY: this.adminKey,
      TENANTRY_RATE_LIMIT: "0",
      ...this.env,
    };
  }

  get service(): ServiceProcess {
    if (!this.#service) throw new TypeError("The service was not started.");
    return this.#service;
  }

  /** A client with the first admin's key. */
  get api(): ApiClient {
    if (!this.#api) throw new TypeError("The service was not started.");
    return this.#api;
  }

  /** What all processes so far have written to their outputs. */
  get said(): string {
    return this.#said + (this.#service?.output ?? "");
  }

  /** SIGTERM. @returns its exit code */
  async stop(): Promise<number | NodeJS.Signals> {
    await this.#api?.close();
    const code = await this.service.stop();
    this.#forget();
    return code;
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.service.kill();
    await this.gone();
  }

  /** Waits for a process that ends by itself. */
  async gone(): Promise<number | NodeJS.Signals> {
    const how = await this.service.exited;
    await this.#api?.close();
    this.#forget();
    return how;
  }

  /** Asks the registry. */
  rows<Result extends Row = Row>(sql: string, values: readonly unknown[] = []): Promise<Result[]> {
    return sqlAt<Result>(`${this.serverUrl}/${this.registry}`, sql, values);
  }

  /** Asks the server as its admin. */
  sql<Result extends Row = Row>(sql: string, values: readonly unknown[] = []): Promise<Result[]> {
    return sqlAt<Result>(this.serverUrl, sql, values);
  }

  /** Ends the service and removes all that it made. */
  async close(): Promise<void> {
    if (this.#service) await this.kill();
    for (const name of await this.#made()) {
      await this.sql(`DROP DATABASE IF EXISTS ${name}`);
      await this.sql(`DROP USER IF EXISTS '${name}'@'%'`);
    }
    await this.sql(`DROP DATABASE IF EXISTS ${this.registry}`);
    await rm(this.dataDir, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Names of the tenants' databases, and of those for the service's own use. */
  async #made(): Promise<string[]> {
    const tables = await this.sql("SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?", [this.registry]);
    if (tables.length === 0) return [];
    const rows = await this.rows<{ name: string }>(
      `SELECT database_name AS name FROM tenants UNION ALL SELECT database_name FROM warm_databases
        UNION ALL SELECT name FROM scratch_objects WHERE name NOT LIKE '%.%'`,
    );
    return rows.map(({ name }) => name);
  }

  #forget(): void {
    this.#said += this.#service?.output ?? "";
    this.#service = undefined;
    this.#api = undefined;
  }
}
