import { randomUUID } from "node:crypto";
import { inject } from "vitest";
import { type Failpoints, noFailpoints } from "../../src/kit/failpoints.ts";
import { type TenantId, uuidv7Ids } from "../../src/kit/ids.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { Secret } from "../../src/kit/secret.ts";
import type { JournalRow } from "../../src/migrations/journal.ts";
import type { Migrated, MigrationTarget, TenantMigrator } from "../../src/migrations/tenant-migrator.ts";
import { MysqlServerSessions } from "../../src/mysql/pools/mysql-server-sessions.ts";
import type { ServerSessions } from "../../src/mysql/pools/server-sessions.ts";
import { MysqlTenantServers } from "../../src/mysql/provisioning/mysql-tenant-servers.ts";
import { TenantProvisioner } from "../../src/provisioning/tenant-provisioner.ts";
import { newCredentials } from "../../src/tenants/credentials.ts";
import type { Tenant } from "../../src/tenants/tenant.ts";
import { countingSessions } from "../support/counting-sessions.ts";

/** One migration that makes one table; it may be repeated. */
export class OneTableMigrator implements TenantMigrator {
  readonly seeded: TenantId[] = [];
  constructor(private readonly sessions: ServerSessions) {}

  latestVersion(): string {
    return "0000_init";
  }

  folderChecksum(): string {
    return "0".repeat(64);
  }

  async readAhead() {
    return new Map<TenantId, readonly JournalRow[]>();
  }

  async migrate(target: MigrationTarget, signal: AbortSignal): Promise<Migrated> {
    const wish = { serverId: target.serverId, database: target.databaseName, deadlineMs: 5_000, signal };
    await this.sessions.withAdminOn(wish, (session) =>
      session.run("CREATE TABLE IF NOT EXISTS notes (id int PRIMARY KEY, text varchar(100))"),
    );
    return { to: "0000_init", applied: ["0000_init"] };
  }

  async versionOf(): Promise<string> {
    return this.latestVersion();
  }

  async seed(target: MigrationTarget): Promise<boolean> {
    this.seeded.push(target.tenantId);
    return true;
  }
}

/** A real server, a provisioner on it, and what is needed to look behind its back. */
export class ProvisioningBench {
  readonly sessions = new MysqlServerSessions();
  readonly serverId = uuidv7Ids.next<"DatabaseServer">();
  /** Every statement that a session was asked for, values apart. */
  readonly statements: string[] = [];
  readonly counted: ServerSessions = countingSessions(this.sessions, this.statements);
  readonly servers = new MysqlTenantServers(this.counted);
  readonly migrator = new OneTableMigrator(this.sessions);
  readonly #made: string[] = [];
  /** Roles that a test made; dropped with the rest. */
  readonly roles: string[] = [];

  constructor() {
    this.sessions.attach(this.serverId, new Secret(inject("serverUrl")));
  }

  provisioner(failpoints: Failpoints = noFailpoints): TenantProvisioner {
    return new TenantProvisioner({ servers: this.servers, migrator: this.migrator, failpoints, logger: silentLogger });
  }

  /** A tenant of its own, with a password that nobody knows yet. */
  tenant(over: Partial<Tenant> = {}): { readonly tenant: Tenant; readonly password: Secret } {
    const { databaseName, password } = newCredentials();
    this.#made.push(databaseName);
    const now = new Date();
    const id = uuidv7Ids.next<"Tenant">();
    const tenant: Tenant = {
      id,
      slug: `t-${randomUUID()}`,
      name: "A tenant",
      status: "PROVISIONING",
      serverId: this.serverId,
      databaseName,
      seed: false,
      generation: 1,
      createdAt: now,
      updatedAt: now,
      ...over,
    };
    return { tenant, password };
  }

  /** As the admin, with any SQL. */
  sql<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.sessions.withAdmin({ serverId: this.serverId, deadlineMs: 10_000 }, (s) => s.query<Row>(sql, values));
  }

  /** All that the server shows of a tenant: what must be the same after every kind of crash. */
  async stateOf({ databaseName: name, id }: Tenant): Promise<unknown> {
    const [database] = await this.sql<Record<string, string>>(`SHOW CREATE DATABASE ${name}`);
    const tables = await this.sql<Record<string, string>>(`SHOW TABLES IN ${name}`);
    const grants = await this.sql<Record<string, string>>(`SHOW GRANTS FOR '${name}'@'%'`);
    const marker = await this.sql<{ owner: string }>(
      `SELECT tenant_id AS owner, migration, statement FROM ${name}.tenantry_journal`,
    );
    const hosts = await this.sql("SELECT Host FROM mysql.global_priv WHERE User = ?", [name]);
    const text = JSON.stringify([
      database,
      tables.map((row) => Object.values(row)),
      grants.map((row) => Object.values(row)),
      marker,
      hosts,
    ]);
    return JSON.parse(
      text
        .replaceAll(name, "<name>")
        .replaceAll(id, "<id>")
        .replace(/\*[0-9A-F]{40}/g, "<hash>"),
    );
  }

  async cleanUp(): Promise<void> {
    for (const name of this.#made) {
      await this.sql(`DROP DATABASE IF EXISTS ${name}`);
      for (const { Host } of await this.sql<{ Host: string }>("SELECT Host FROM mysql.global_priv WHERE User = ?", [
        name,
      ])) {
        await this.sql(`DROP USER IF EXISTS '${name}'@'${Host}'`);
      }
    }
    for (const role of this.roles) await this.sql(`DROP ROLE IF EXISTS ${role}`);
    await this.sessions.close();
  }
}
