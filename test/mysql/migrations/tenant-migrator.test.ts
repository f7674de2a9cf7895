import { fileURLToPath } from "node:url";
import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { FolderTenantMigrator } from "../../../src/migrations/folder-tenant-migrator.ts";
import { readMigrationFolder } from "../../../src/migrations/migration-folder.ts";
import { aFolder, type Hands, TenantDatabases } from "./tenant-databases.ts";

const sample = fileURLToPath(new URL("../../../drizzle/tenant", import.meta.url));
const signal = new AbortController().signal;
let databases: TenantDatabases;

beforeAll(async () => {
  databases = await TenantDatabases.open();
});
afterAll(() => databases.close());

const first = { "0000_a": "CREATE TABLE t (id int PRIMARY KEY);" };
const second = { "0001_b": "ALTER TABLE t ADD COLUMN b int;" };
const third = { "0002_c": "ALTER TABLE t ADD COLUMN c int;" };

describe("FolderTenantMigrator on a real server", () => {
  it("brings a database from version to version and tells what it applied", async () => {
    const target = await databases.make();
    expect(await databases.migrator(aFolder(first)).migrate(target, signal)).toEqual({
      from: undefined,
      to: "0000_a",
      applied: ["0000_a"],
    });
    const all = databases.migrator(aFolder({ ...first, ...second, ...third }));
    expect(await all.migrate(target, signal)).toEqual({ from: "0000_a", to: "0002_c", applied: ["0001_b", "0002_c"] });
    expect(await all.migrate(target, signal)).toEqual({ from: "0002_c", to: "0002_c", applied: [] });
    expect(all.latestVersion()).toBe("0002_c");
    const [whole] = await databases.rows(
      `SELECT from_version FROM ${target.databaseName}.tenantry_journal WHERE migration = '0001_b' AND statement = 0`,
    );
    expect(whole).toEqual({ from_version: "0000_a" });
  });

  it("finds a migration that was merged out of order by its name and applies it", async () => {
    const target = await databases.make();
    await databases.migrator(aFolder({ ...first, ...third })).migrate(target, signal);
    const migrated = await databases.migrator(aFolder({ ...first, ...second, ...third })).migrate(target, signal);
    expect(migrated).toEqual({ from: "0002_c", to: "0002_c", applied: ["0001_b"] });
    expect(await databases.rows(`SHOW COLUMNS FROM ${target.databaseName}.t LIKE 'b'`)).toHaveLength(1);
  });

  it("stops at a file that was edited after it had been applied, and changes nothing", async () => {
    const target = await databases.make();
    await databases.migrator(aFolder(first)).migrate(target, signal);
    const before = await databases.everything(target);
    const edited = aFolder({ "0000_a": "CREATE TABLE t (id bigint PRIMARY KEY);", ...second });
    await expect(databases.migrator(edited).migrate(target, signal)).rejects.toMatchObject({
      code: "MIGRATION_TAMPERED",
      message: "Migration 0000_a was edited after it had been applied.",
    });
    expect(await databases.everything(target)).toEqual(before);
  });

  it("takes CRLF line ends and a byte order mark for the same file", async () => {
    const target = await databases.make();
    const sql = "CREATE TABLE t (\n id int PRIMARY KEY\n);\n";
    await databases.migrator(aFolder({ "0000_a": sql })).migrate(target, signal);
    const other = aFolder({ "0000_a": `\uFEFF${sql.replaceAll("\n", "\r\n")}` });
    expect((await databases.migrator(other).migrate(target, signal)).applied).toEqual([]);
  });

  it("stops at a version that only a newer service knows", async () => {
    const target = await databases.make();
    await databases.migrator(aFolder({ ...first, ...second })).migrate(target, signal);
    await expect(databases.migrator(aFolder(first)).migrate(target, signal)).rejects.toMatchObject({
      code: "SCHEMA_AHEAD",
      tags: ["0001_b"],
    });
  });

  it("names the statement that failed, keeps what was before it, and goes on there once the file is mended", async () => {
    const target = await databases.make();
    await databases.migrator(aFolder(first)).migrate(target, signal);
    const good = "ALTER TABLE t ADD COLUMN x int;\nINSERT INTO t (id) VALUES (1);";
    const broken = aFolder({ ...first, "0001_b": `${good}\nALTER TABLE t ADD COLUMN x int;` });
    await expect(databases.migrator(broken).migrate(target, signal)).rejects.toMatchObject({
      code: "MIGRATION_FAILED",
      migration: "0001_b",
      statement: 3,
      errno: 1060,
      retryable: false,
    });
    const mended = aFolder({ ...first, "0001_b": `${good}\nALTER TABLE t ADD COLUMN y int;` });
    expect((await databases.migrator(mended).migrate(target, signal)).to).toBe("0001_b");
    expect(await databases.rows(`SELECT * FROM ${target.databaseName}.t`)).toEqual([{ id: 1, x: null, y: null }]);
    const edited = aFolder({ ...first, "0001_b": `${good}\nALTER TABLE t ADD COLUMN z int;` });
    await expect(databases.migrator(edited).migrate(target, signal)).rejects.toMatchObject({
      code: "MIGRATION_TAMPERED",
    });
  });

  it("enters nothing as done that was sent with a statement that failed", async () => {
    for (const behind of [
      "INSERT INTO t (id) VALUES (1);",
      "SET foreign_key_checks = 0;",
      "ALTER TABLE t ADD y int;",
    ]) {
      const target = await databases.make();
      await databases.migrator(aFolder(first)).migrate(target, signal);
      const broken = aFolder({ ...first, "0001_b": "ALTER TABLE t ADD id int;", "0002_c": behind });
      const failure = { code: "MIGRATION_FAILED", migration: "0001_b", statement: 1, errno: 1060 };
      await expect(databases.migrator(broken).migrate(target, signal)).rejects.toMatchObject(failure);
      const entries = await databases.rows(
        `SELECT migration, statement, status FROM ${target.databaseName}.tenantry_journal WHERE migration > '0000_a'`,
      );
      expect(entries).toEqual([{ migration: "0001_b", statement: 0, status: "STARTED" }]);
    }
  });

  it("sends what belongs to a statement with it, and reads journals together", async () => {
    const targets = [await databases.make(), await databases.make()];
    for (const target of targets) await databases.migrator(aFolder(first)).migrate(target, signal);
    const packets: (readonly string[])[] = [];
    const counted = databases.schemasThrough((statements, carry) => {
      packets.push(statements);
      return carry(statements);
    });
    const folder = aFolder({ ...first, ...second });
    const migrator = new FolderTenantMigrator(folder, counted, databases.baselines(folder));
    const journals = await migrator.readAhead(databases.serverId, targets, signal);
    for (const target of targets) {
      const migrated = await migrator.migrate(target, signal, journals.get(target.tenantId));
      expect(migrated).toEqual({ from: "0000_a", to: "0001_b", applied: ["0001_b"] });
    }
    // USE, settings, journal, statement, journal, reading back, USE.
    expect(packets.map(({ length }) => length)).toEqual([2, 7, 7]);
  });

  it("reads the journals that it can, and looks at the others by themselves", async () => {
    const [good, bad, fine] = [await databases.make(), await databases.make(), await databases.make()];
    const migrator = databases.migrator(aFolder(first));
    for (const target of [good, bad, fine]) await migrator.migrate(target, signal);
    await databases.admin.query(`DROP TABLE ${bad.databaseName}.tenantry_journal`);
    const read = await migrator.readAhead(databases.serverId, [good, bad, fine], signal);
    expect([...read.keys()]).toEqual([good.tenantId, fine.tenantId]);
    expect((await migrator.migrate(good, signal, read.get(good.tenantId))).applied).toEqual([]);
    await expect(migrator.migrate(bad, signal, read.get(bad.tenantId))).rejects.toMatchObject({ errno: 1146 });
  });

  it("commits what it did, and begins no transaction by itself, whatever the session was left with", async () => {
    const target = await databases.make();
    let begins = true;
    const hands: Hands = async (statements, carry) => {
      if (begins) await carry(["SET SESSION autocommit = 0, completion_type = 'CHAIN'"]);
      begins = false;
      const answer = await carry(statements);
      const [state] = (await carry(["SELECT @@autocommit AS alone, @@completion_type AS chained"])).rows;
      expect(state).toEqual([{ alone: 1, chained: "NO_CHAIN" }]);
      return answer;
    };
    const folder = aFolder({ "0000_a": "INSERT INTO other VALUES (1);" });
    await databases.admin.query(`CREATE TABLE ${target.databaseName}.other (id int)`);
    await databases.stepwise(folder, undefined, databases.schemasThrough(hands)).migrate(target, signal);
    expect(await databases.rows(`SELECT id FROM ${target.databaseName}.other`)).toEqual([{ id: 1 }]);
  });

  it("never takes over a database that holds tables its journal does not know", async () => {
    const target = await databases.make();
    await databases.admin.query(`CREATE TABLE ${target.databaseName}.t (precious int)`);
    await databases.admin.query(`INSERT INTO ${target.databaseName}.t VALUES (42)`);
    await expect(databases.migrator(aFolder(first)).migrate(target, signal)).rejects.toMatchObject({
      code: "MIGRATION_FAILED",
      errno: 1050,
    });
    expect(await databases.rows(`SELECT * FROM ${target.databaseName}.t`)).toEqual([{ precious: 42 }]);
  });

  it("gives up soon where a tenant holds a lock, retryably, and can be repeated when it is gone", async () => {
    const target = await databases.make();
    const folder = aFolder({ ...first, ...second });
    await databases.migrator(aFolder(first)).migrate(target, signal);
    const tenant = await mysql.createConnection({
      uri: inject("serverUrl").replace("tester:tester", `${target.databaseName}:pw`),
      database: target.databaseName,
    });
    await tenant.query("START TRANSACTION");
    await tenant.query("SELECT * FROM t");
    const impatient = new FolderTenantMigrator(folder, databases.schemas(1), databases.baselines(folder));
    await expect(impatient.migrate(target, signal)).rejects.toMatchObject({ code: "LOCK_TIMEOUT", retryable: true });
    await tenant.query("COMMIT");
    await tenant.end();
    expect((await impatient.migrate(target, signal)).applied).toEqual(["0001_b"]);
  });

  it("ends at its deadline as trouble that may pass, and goes on later", async () => {
    const target = await databases.make();
    const folder = aFolder({ ...first, ...second });
    await databases.migrator(aFolder(first)).migrate(target, signal);
    const blocker = await mysql.createConnection({ uri: inject("serverUrl"), database: target.databaseName });
    await blocker.query("LOCK TABLES t READ");
    const hasty = new FolderTenantMigrator(folder, databases.schemas(30), databases.baselines(folder), {
      deadlineMs: 400,
    });
    await expect(hasty.migrate(target, signal)).rejects.toMatchObject({ code: "UNREACHABLE", retryable: true });
    await blocker.end();
    expect((await databases.migrator(folder).migrate(target, signal)).to).toBe("0001_b");
  });

  it("makes the tenant's account the definer of views, in both ways, and also while the account is locked", async () => {
    const folder = aFolder({
      ...first,
      "0001_b":
        "INSERT INTO t VALUES (1);\nCREATE VIEW v AS SELECT id FROM t;\nCREATE OR REPLACE ALGORITHM=MERGE VIEW w AS SELECT id FROM v;\nCREATE SQL SECURITY INVOKER VIEW i AS SELECT id FROM w;\nALTER VIEW v AS SELECT id, id AS twice FROM t;\nINSERT INTO t SELECT id + 1 FROM w;",
    });
    for (const make of [databases.migrator(folder), databases.stepwise(folder)]) {
      const target = await databases.make();
      const db = target.databaseName;
      await databases.admin.query(`ALTER USER '${db}'@'%' ACCOUNT LOCK`);
      await make.migrate(target, signal);
      const views = await databases.rows(
        "SELECT TABLE_NAME n, DEFINER d, SECURITY_TYPE s FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ? ORDER BY 1",
        [db],
      );
      expect(views).toEqual([
        { n: "i", d: `${db}@%`, s: "INVOKER" },
        { n: "v", d: `${db}@%`, s: "DEFINER" },
        { n: "w", d: `${db}@%`, s: "DEFINER" },
      ]);
      expect(await databases.rows(`SELECT id FROM ${db}.i ORDER BY id`)).toEqual([{ id: 1 }, { id: 2 }]);
    }
  });

  it("does nothing with an empty folder", async () => {
    const target = await databases.make();
    const migrator = databases.migrator(aFolder({}));
    expect(await migrator.migrate(target, signal)).toEqual({ from: undefined, to: undefined, applied: [] });
    expect(migrator.latestVersion()).toBeUndefined();
    expect(await migrator.seed(target, signal)).toBe(false);
  });

  it("runs the sample's seed once, whole or not at all, and again after it failed", async () => {
    const folder = await readMigrationFolder(sample);
    const target = await databases.make();
    await databases.migrator(folder).migrate(target, signal);
    const failing = databases.migrator(folder, async () => {
      throw new Error("killed");
    });
    await expect(failing.seed(target, signal)).rejects.toThrow("killed");
    expect(await databases.rows(`SELECT * FROM ${target.databaseName}.users`)).toEqual([]);
    expect(await databases.migrator(folder).seed(target, signal)).toBe(true);
    expect(await databases.migrator(folder).seed(target, signal)).toBe(false);
    expect(await databases.rows(`SELECT name FROM ${target.databaseName}.users`)).toHaveLength(3);
    expect(await databases.rows(`SELECT * FROM ${target.databaseName}.memberships`)).toHaveLength(3);
    expect((await databases.migrator(folder).migrate(target, signal)).applied).toEqual([]);
  });

  it("makes the sample in utf8mb4 from end to end", async () => {
    const target = await databases.make();
    await databases.migrator(await readMigrationFolder(sample)).migrate(target, signal);
    const odd = await databases.rows(
      "SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND CHARACTER_SET_NAME <> 'utf8mb4' AND TABLE_NAME <> 'tenantry_journal'",
      [target.databaseName],
    );
    expect(odd).toEqual([]);
  });

  it("keeps a quote, a backslash and every script of the world in the name of a migration", async () => {
    const tag = "0000_it's_\\_äöü_漢字";
    const target = await databases.make();
    const folder = aFolder({ [tag]: "CREATE TABLE t (id int);" });
    expect((await databases.migrator(folder).migrate(target, signal)).to).toBe(tag);
    const other = await databases.make();
    expect((await databases.stepwise(folder).migrate(other, signal)).to).toBe(tag);
  });
});
