import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ExpectedSchemas } from "../../../src/migrations/expected-schemas.ts";
import type { FolderTenantMigrator } from "../../../src/migrations/folder-tenant-migrator.ts";
import { type MigrationFolder, readMigrationFolder } from "../../../src/migrations/migration-folder.ts";
import { diffSchema } from "../../../src/migrations/schema-diff.ts";
import type { MigrationTarget } from "../../../src/migrations/tenant-migrator.ts";
import { MysqlSchemaSource } from "../../../src/mysql/migrations/mysql-schema-source.ts";
import { countingSessions } from "../../support/counting-sessions.ts";
import { aFolder, TenantDatabases } from "./tenant-databases.ts";

const sample = fileURLToPath(new URL("../../../drizzle/tenant", import.meta.url));
const signal = new AbortController().signal;
const patience = { signal, deadlineMs: 30_000 };
let databases: TenantDatabases;
let source: MysqlSchemaSource;
let folder: MigrationFolder;
let schemas: ExpectedSchemas;
let migrator: FolderTenantMigrator;

beforeAll(async () => {
  databases = await TenantDatabases.open();
  source = new MysqlSchemaSource(databases.sessions, databases.scratch);
  folder = await readMigrationFolder(sample);
  schemas = new ExpectedSchemas(folder, source);
  migrator = databases.migrator(folder);
});
afterAll(() => databases.close());

const tags = () => folder.migrations.map(({ tag }) => tag);

async function migrated(): Promise<MigrationTarget> {
  const target = await databases.make();
  await migrator.migrate(target, signal);
  return target;
}

async function differences(target: MigrationTarget) {
  return diffSchema(await schemas.of(databases.serverId, tags(), signal), await source.describe(target, patience));
}

describe("the expected schema", () => {
  it("is what a healthy tenant has, folded or not", async () => {
    const stepwise = await databases.make();
    await databases.stepwise(folder).migrate(stepwise, signal);
    expect(await differences(stepwise)).toEqual([]);
    expect(await differences(await migrated())).toEqual([]);
  });

  it("is compared without a look at any other database", async () => {
    const target = await migrated();
    const statements: string[] = [];
    const counted = countingSessions(databases.sessions, statements);
    await new MysqlSchemaSource(counted, databases.scratch).describe(target, patience);
    expect(statements.length).toBeGreaterThan(3);
    for (const statement of statements) {
      const named = statement.replaceAll("?", `'${target.databaseName}'`);
      const plan = await databases.rows(`EXPLAIN ${named}`);
      expect(JSON.stringify(plan)).not.toContain("all databases");
    }
  });

  it("is that of the tenant's own migrations, not of the newest", async () => {
    const old = await databases.make();
    await databases.stepwise({ ...folder, migrations: folder.migrations.slice(0, 2) }).migrate(old, signal);
    const actual = await source.describe(old, patience);
    expect(diffSchema(await schemas.of(databases.serverId, tags().slice(0, 2), signal), actual)).toEqual([]);
    const newest = diffSchema(await schemas.of(databases.serverId, tags(), signal), actual);
    expect(newest.map(({ kind, object }) => `${kind} ${object}`).sort()).toEqual([
      "MISSING_COLUMN users.last_seen_at",
      "MISSING_TABLE invoice_items",
      "MISSING_TABLE invoices",
    ]);
  });

  for (const [sql, ...found] of [
    ["DROP TABLE task_tags", "MISSING_TABLE task_tags"],
    ["CREATE TABLE extra (id int)", "EXTRA_TABLE extra"],
    ["CREATE VIEW extra AS SELECT 1 AS one", "EXTRA_TABLE extra"],
    ["ALTER TABLE users DROP COLUMN locale", "MISSING_COLUMN users.locale"],
    ["ALTER TABLE users ADD COLUMN extra int", "EXTRA_COLUMN users.extra"],
    ["ALTER TABLE users MODIFY locale varchar(17) NOT NULL DEFAULT 'en'", "COLUMN_MISMATCH users.locale"],
    ["ALTER TABLE users MODIFY locale varchar(16) DEFAULT 'en'", "COLUMN_MISMATCH users.locale"],
    ["ALTER TABLE users ALTER locale SET DEFAULT 'de'", "COLUMN_MISMATCH users.locale"],
    ["ALTER TABLE users ALTER locale DROP DEFAULT", "COLUMN_MISMATCH users.locale"],
    [
      "ALTER TABLE users MODIFY locale varchar(16) CHARACTER SET latin1 NOT NULL DEFAULT 'en'",
      "COLUMN_MISMATCH users.locale",
    ],
    ["ALTER TABLE users DROP INDEX users_name_index", "MISSING_INDEX users.users_name_index"],
    ["ALTER TABLE users ADD INDEX extra (name)", "EXTRA_INDEX users.extra"],
    [
      "ALTER TABLE users DROP INDEX users_email_unique, ADD INDEX users_email_unique (email)",
      "MISSING_INDEX users.users_email_unique",
    ],
    [
      "ALTER TABLE users DROP INDEX users_name_index, ADD INDEX users_name_index (name(10))",
      "MISSING_INDEX users.users_name_index",
    ],
    ["ALTER TABLE tasks DROP FOREIGN KEY tasks_parent_fk", "MISSING_FOREIGN_KEY tasks.tasks_parent_fk"],
    [
      "ALTER TABLE activity DROP FOREIGN KEY activity_actor_id_users_id_fk; ALTER TABLE activity ENGINE=Aria",
      "WRONG_ENGINE activity",
      "MISSING_FOREIGN_KEY activity.activity_actor_id_users_id_fk",
    ],
    ["ALTER TABLE users DEFAULT CHARSET=latin1", "WRONG_CHARSET users"],
    ["ALTER DATABASE CHARACTER SET latin1", "WRONG_CHARSET "],
    ["ALTER TABLE users MODIFY locale varchar(16) NOT NULL DEFAULT 'en' FIRST"],
  ] as const) {
    it(`differs in ${found.join(" and ") || "nothing"} after ${sql}`, async () => {
      const target = await migrated();
      await databases.sessions.withAdminPackets({ serverId: target.serverId, deadlineMs: 30_000 }, (session) =>
        session.run(`USE ${target.databaseName}; ${sql}`),
      );
      const all = await differences(target);
      expect(all.map(({ kind, object }) => `${kind} ${object}`).sort()).toEqual([...found].sort());
    });
  }

  it("does not care for the name of a foreign key", async () => {
    const target = await migrated();
    await databases.admin.query(
      `ALTER TABLE ${target.databaseName}.tasks DROP FOREIGN KEY tasks_parent_fk, ADD CONSTRAINT other FOREIGN KEY (parent_id) REFERENCES ${target.databaseName}.tasks (id) ON DELETE CASCADE ON UPDATE RESTRICT`,
    );
    const kinds = (await differences(target)).map(({ kind }) => kind);
    expect(kinds).toEqual(["MISSING_INDEX", "EXTRA_INDEX"]); // the server names its index after the key
  });

  it("is found out once for all who ask, and its scratch database is gone", async () => {
    const own = new ExpectedSchemas(aFolder({ "0000_a": "CREATE TABLE t (a int)" }), source);
    const before = databases.scratchSeen.length;
    const [one, two] = await Promise.all([
      own.of(databases.serverId, ["0000_a"], signal),
      own.of(databases.serverId, ["0000_a", "9999_unknown"], signal),
    ]);
    expect(two).toBe(one);
    const seen = databases.scratchSeen.slice(before);
    expect(seen).toHaveLength(1);
    expect(await databases.rows("SHOW DATABASES LIKE ?", [seen[0]])).toEqual([]);
  });

  it("tells a database that is missing from one that is empty", async () => {
    const target = await databases.make();
    await databases.admin.query(`DROP DATABASE ${target.databaseName}`);
    await expect(source.describe(target, patience)).rejects.toMatchObject({ code: "UNKNOWN_DATABASE" });
  });
});
