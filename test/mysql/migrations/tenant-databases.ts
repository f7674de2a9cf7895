import { randomUUID } from "node:crypto";
import mysql from "mysql2/promise";
import { inject } from "vitest";
import { systemClock } from "../../../src/kit/clock.ts";
import { type ServerId, type TenantId, uuidv7Ids } from "../../../src/kit/ids.ts";
import { type Logger, silentLogger } from "../../../src/kit/logger.ts";
import { Secret } from "../../../src/kit/secret.ts";
import { Baselines } from "../../../src/migrations/baselines.ts";
import { FolderTenantMigrator } from "../../../src/migrations/folder-tenant-migrator.ts";
import { readMigration } from "../../../src/migrations/migration.ts";
import { folderOf, type MigrationFolder } from "../../../src/migrations/migration-folder.ts";
import type { Failpoint } from "../../../src/migrations/migration-run.ts";
import type { MigrationTarget } from "../../../src/migrations/tenant-migrator.ts";
import { createJournalSql } from "../../../src/mysql/migrations/journal-table.ts";
import { MysqlBaselineSource } from "../../../src/mysql/migrations/mysql-baseline-source.ts";
import { MysqlTenantSchemas } from "../../../src/mysql/migrations/mysql-tenant-schemas.ts";
import { ScratchDatabases } from "../../../src/mysql/migrations/scratch-databases.ts";
import { MysqlServerSessions } from "../../../src/mysql/pools/mysql-server-sessions.ts";
import type {
  PacketAnswer,
  PacketSession,
  PacketSessions,
  ServerSessions,
} from "../../../src/mysql/pools/server-sessions.ts";

/** Carries a packet to the server, and may do something before and after. */
export type Hands = (statements: readonly string[], carry: PacketSession["send"]) => Promise<PacketAnswer>;

/** Files by name, as a folder would have them. */
export function aFolder(files: Readonly<Record<string, string>>, seed?: string): MigrationFolder {
  const read = Object.entries(files).map(([tag, sql]) => readMigration(tag, sql));
  const complaints = read.flatMap((each) => each.complaints);
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
  return folderOf(
    read.map(({ migration }) => migration),
    seed === undefined ? undefined : readMigration("seed", seed).migration,
  );
}

/** Tenant databases of one test file, on the run's server. */
export class TenantDatabases {
  readonly serverId: ServerId = uuidv7Ids.next<"DatabaseServer">();
  readonly sessions = new MysqlServerSessions({ connectionsPerServer: 20 });
  readonly scratchNames = new Map<string, string>();
  readonly scratchSeen: string[] = [];
  readonly scratch: ScratchDatabases;
  readonly #made: string[] = [];

  private constructor(readonly admin: mysql.Connection) {
    this.sessions.attach(this.serverId, new Secret(inject("serverUrl")));
    const names = {
      remember: async (name: string, _server: ServerId, purpose: string) => {
        this.scratchNames.set(name, purpose);
        this.scratchSeen.push(name);
      },
      forget: async (name: string) => {
        this.scratchNames.delete(name);
      },
    };
    this.scratch = new ScratchDatabases(this.sessions, names, uuidv7Ids);
  }

  static async open(): Promise<TenantDatabases> {
    return new TenantDatabases(await mysql.createConnection({ uri: inject("serverUrl"), timezone: "Z" }));
  }

  async close(): Promise<void> {
    for (const name of this.#made) {
      await this.admin.query(`DROP DATABASE IF EXISTS ${name}`);
      await this.admin.query(`DROP USER IF EXISTS '${name}'@'%'`);
    }
    await this.admin.end();
    await this.sessions.close();
  }

  /** A database with charset, account, grants, journal and marker, as provisioning leaves it to the migrator. */
  async make(): Promise<MigrationTarget> {
    const databaseName = `tnt${randomUUID().replaceAll("-", "").slice(0, 20)}`;
    const tenantId: TenantId = uuidv7Ids.next<"Tenant">();
    this.#made.push(databaseName);
    await this.admin.query(`CREATE DATABASE ${databaseName} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`);
    await this.admin.query(`CREATE USER '${databaseName}'@'%' IDENTIFIED BY 'pw'`);
    await this.admin.query(
      `GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW ON ${databaseName}.* TO '${databaseName}'@'%'`,
    );
    await this.admin.query(createJournalSql.replace("tenantry_journal", `${databaseName}.tenantry_journal`));
    await this.admin.query(
      `INSERT INTO ${databaseName}.tenantry_journal (tenant_id, migration, statement) VALUES (?, '', 0)`,
      [tenantId],
    );
    return { tenantId, serverId: this.serverId, databaseName };
  }

  schemas(lockWaitSeconds?: number): MysqlTenantSchemas {
    return new MysqlTenantSchemas(this.sessions, systemClock, lockWaitSeconds);
  }

  /** As `schemas`, each packet through these hands. */
  schemasThrough(send: Hands, lockWaitSeconds?: number): MysqlTenantSchemas {
    const { sessions } = this;
    const parts: ServerSessions & PacketSessions = {
      withAdmin: (wish, work) => sessions.withAdmin(wish, work),
      withAdminOn: (wish, work) => sessions.withAdminOn(wish, work),
      withTenant: (wish, work) => sessions.withTenant(wish, work),
      withAdminPackets: (wish, work) =>
        sessions.withAdminPackets(wish, (session) =>
          work({ ...session, send: (statements) => send(statements, session.send) }),
        ),
    };
    return new MysqlTenantSchemas(parts, systemClock, lockWaitSeconds);
  }

  baselines(folder: MigrationFolder, logger: Logger = silentLogger): Baselines {
    return new Baselines(folder, new MysqlBaselineSource(this.scratch, uuidv7Ids), logger);
  }

  /** A migrator that folds, as the service's does. */
  migrator(folder: MigrationFolder, failpoint?: Failpoint): FolderTenantMigrator {
    return new FolderTenantMigrator(folder, this.schemas(), this.baselines(folder), failpoint ? { failpoint } : {});
  }

  /** A migrator that never folds. */
  stepwise(folder: MigrationFolder, failpoint?: Failpoint, schemas = this.schemas()): FolderTenantMigrator {
    const never = new Baselines(
      folder,
      { fold: async () => ({ kind: "STEPWISE", reason: "asked for" }) },
      silentLogger,
    );
    return new FolderTenantMigrator(folder, schemas, never, failpoint ? { failpoint } : {});
  }

  async rows(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    const [rows] = await this.admin.query<mysql.RowDataPacket[]>(sql, values);
    return rows;
  }

  /**
   * Everything that is in a database, as text that compares: SHOW CREATE of all, rows, journal. The database's and tenant's
   * names are replaced, times of the journal left out, and so are the values of `volatile` columns.
   */
  async everything(target: MigrationTarget, volatile: readonly string[] = []): Promise<Record<string, string>> {
    const db = target.databaseName;
    const all: Record<string, string> = {};
    const anonymous = (text: string) => text.replaceAll(db, "DB").replaceAll(target.tenantId, "TENANT");
    const names = await this.rows(
      "SELECT TABLE_NAME n, TABLE_TYPE t FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? ORDER BY 1",
      [db],
    );
    for (const { n, t } of names) {
      const name = `\`${db}\`.\`${String(n).replaceAll("`", "``")}\``;
      const [shown] = await this.rows(`SHOW CREATE ${t === "VIEW" ? "VIEW" : "TABLE"} ${name}`);
      all[`${String(t)} ${String(n)}`] = anonymous(JSON.stringify(shown, null, 1));
      if (t === "VIEW" || n === "tenantry_journal") continue;
      const rows = await this.rows(`SELECT * FROM ${name}`);
      const stable = rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([key, value]) => [key, volatile.includes(key) ? "…" : value])),
      );
      all[`rows of ${String(n)}`] = anonymous(JSON.stringify(stable, null, 1));
    }
    const journal = await this.rows(
      `SELECT tenant_id, migration, statement, checksum, status, from_version, migration = '' OR finished_at IS NOT NULL AS finished
       FROM ${db}.tenantry_journal ORDER BY migration, statement`,
    );
    all.journal = anonymous(journal.map((row) => JSON.stringify(row)).join("\n"));
    return all;
  }
}
