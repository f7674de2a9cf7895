import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { statementRow } from "../../../src/migrations/journal.ts";
import type { MigrationFolder } from "../../../src/migrations/migration-folder.ts";
import type { FailpointName } from "../../../src/migrations/migration-run.ts";
import type { MigrationTarget } from "../../../src/migrations/tenant-migrator.ts";
import { baselineStatements } from "../../../src/mysql/migrations/baseline-batch.ts";
import { aFolder, TenantDatabases } from "./tenant-databases.ts";

const signal = new AbortController().signal;
let databases: TenantDatabases;

beforeAll(async () => {
  databases = await TenantDatabases.open();
});
afterAll(() => databases.close());

const folder = aFolder({
  "0000_a":
    "CREATE TABLE a (id int PRIMARY KEY, n int, old int NOT NULL DEFAULT 3);\nINSERT INTO a (id, n) VALUES (1, 1), (2, 2); SELECT MAX(id) INTO @last FROM a; INSERT INTO a (id, n) VALUES (@last + 1, @last);\nCREATE TABLE b (id int PRIMARY KEY, a_id int, g int, KEY gone (g));",
  "0001_b":
    "SET FOREIGN_KEY_CHECKS=0;\nINSERT INTO b (id, a_id) VALUES (1, 99);\nALTER TABLE b ADD CONSTRAINT b_a FOREIGN KEY (a_id) REFERENCES a (id);\nSET FOREIGN_KEY_CHECKS=1;\nALTER TABLE b ADD COLUMN note varchar(20) DEFAULT 'x', ADD COLUMN (p int, q int);\nCREATE UNIQUE INDEX a_n ON a (n, id);\nUPDATE b SET note = CONCAT(note, 'y');",
  "0002_c":
    "ALTER TABLE a CHANGE old older bigint;\nALTER TABLE a MODIFY older int NOT NULL DEFAULT 7;\nALTER TABLE b RENAME TO c;\nRENAME TABLE a TO d;\nCREATE VIEW v AS SELECT id FROM d;\nCREATE OR REPLACE VIEW v AS SELECT id, n FROM d;\nDROP INDEX gone ON c;\nALTER TABLE c DROP COLUMN p, DROP COLUMN q;\nDROP TABLE IF EXISTS nothing;\nCREATE TABLE e (id int);\nDROP TABLE e;",
});

/** What a process leaves that dies at the n-th failpoint: its connection breaks, and nothing more is done. */
async function dieAt(target: MigrationTarget, folder: MigrationFolder, at: number): Promise<FailpointName | undefined> {
  const death = new AbortController();
  let passed = 0;
  let where: FailpointName | undefined;
  const failpoint = async (name: FailpointName) => {
    passed += 1;
    if (passed < at) return;
    where ??= name;
    death.abort(new Error("killed"));
    death.signal.throwIfAborted();
  };
  await databases
    .stepwise(folder, failpoint)
    .migrate(target, death.signal)
    .catch((error: unknown) => {
      if (!death.signal.aborted) throw error;
    });
  return where;
}

describe("a migration that died", () => {
  it("at any point is resumed to the same end as an undisturbed one", async () => {
    const undisturbed = await databases.make();
    await databases.stepwise(folder).migrate(undisturbed, signal);
    const expected = await databases.everything(undisturbed);
    const seen = new Set<FailpointName>();
    for (let at = 1; ; at += 1) {
      const target = await databases.make();
      const where = await dieAt(target, folder, at);
      if (!where) break;
      seen.add(where);
      const resumed = await databases.stepwise(folder).migrate(target, signal);
      expect(resumed.to, `died at point ${at}, ${where}`).toBe("0002_c");
      expect(await databases.everything(target), `died at point ${at}, ${where}`).toEqual(expected);
    }
    expect([...seen].sort()).toEqual([
      "migration.before-journal",
      "migration.rows-committed",
      "migration.rows-run",
      "migration.statement-run",
      "migration.statement-started",
    ]);
  });

  it("twice in a row at any two points still comes to the same end", async () => {
    const undisturbed = await databases.make();
    await databases.stepwise(folder).migrate(undisturbed, signal);
    const expected = await databases.everything(undisturbed);
    for (let at = 2; at < 40; at += 5) {
      const target = await databases.make();
      await dieAt(target, folder, at);
      await dieAt(target, folder, 2);
      await dieAt(target, folder, 1);
      await databases.migrator(folder).migrate(target, signal);
      expect(await databases.everything(target), `died at point ${at}`).toEqual(expected);
    }
  });

  it("in the middle of the folded batch is taken up by the same batch, after any of its statements", async () => {
    const folding = await databases.baselines(folder).of(databases.serverId, signal);
    if (folding.kind !== "FOLDED") throw new Error(folding.reason);
    const undisturbed = await databases.make();
    await databases.migrator(folder).migrate(undisturbed, signal);
    const expected = await databases.everything(undisturbed);
    const count = baselineStatements(folding.baseline, undisturbed.tenantId, options(undisturbed)).length;
    for (let ran = 1; ran < count; ran += 1) {
      const target = await databases.make();
      await runBatch(target, baselineStatements(folding.baseline, target.tenantId, options(target)).slice(0, ran));
      await databases.migrator(folder).migrate(target, signal);
      expect(await databases.everything(target), `after statement ${ran}`).toEqual(expected);
    }
  });

  it("in the middle of another folder's batch is begun anew, unless rows have come since", async () => {
    const other = aFolder({ "0000_a": "CREATE TABLE a (id int PRIMARY KEY); CREATE VIEW v AS SELECT id FROM a;" });
    const folding = await databases.baselines(other).of(databases.serverId, signal);
    if (folding.kind !== "FOLDED") throw new Error(folding.reason);
    const [empty, used] = [await databases.make(), await databases.make()];
    for (const target of [empty, used]) {
      const batch = baselineStatements(folding.baseline, target.tenantId, options(target));
      await runBatch(target, batch.slice(0, batch.indexOf("START TRANSACTION")));
    }
    await databases.admin.query(`INSERT INTO ${used.databaseName}.a VALUES (1)`);

    expect((await databases.migrator(folder).migrate(empty, signal)).to).toBe("0002_c");
    await expect(databases.migrator(folder).migrate(used, signal)).rejects.toMatchObject({
      code: "MIGRATION_IN_DOUBT",
    });
    expect(await databases.rows(`SELECT * FROM ${used.databaseName}.a`)).toHaveLength(1);
  });

  it("and whose statement is still at work on the server is ended before anything is looked at", async () => {
    const target = await databases.make();
    const folder = aFolder({
      "0000_a": "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT seq FROM numbers;",
      "0001_b": "ALTER TABLE t ADD COLUMN x int;",
    });
    const db = target.databaseName;
    await databases.admin.query(`CREATE TABLE ${db}.numbers AS SELECT 1 AS seq`);
    await dieAt(target, folder, 7); // before 0001_b's statement ran
    // The dead process's session: it still holds the table's lock and is known by its current database.
    const session = await databases.sessions.withAdminOn(
      { serverId: databases.serverId, database: db, deadlineMs: 60_000 },
      async (abandoned) => {
        await abandoned.run("LOCK TABLES t WRITE");
        const migrated = await databases.stepwise(folder).migrate(target, signal);
        await expect(abandoned.query("SELECT 1")).rejects.toMatchObject({ code: "UNREACHABLE" });
        return migrated;
      },
    );
    expect(session.applied).toEqual(["0001_b"]);
    expect(await databases.rows(`SHOW COLUMNS FROM ${db}.t LIKE 'x'`)).toHaveLength(1);
  });

  it("with its server's session, while its statement waited, has said that it had begun and is resumed", async () => {
    const target = await databases.make();
    const db = target.databaseName;
    const before = { "0000_a": "CREATE TABLE t (a int);" };
    const folder = aFolder({ ...before, "0001_b": "ALTER TABLE t ADD COLUMN b int;" });
    await databases.stepwise(aFolder(before)).migrate(target, signal);
    const blocker = await mysql.createConnection({ uri: inject("serverUrl"), database: db });
    await blocker.query("LOCK TABLES t READ");
    const migrating = databases.stepwise(folder).migrate(target, signal);
    const ended = expect(migrating).rejects.toMatchObject({ code: "UNREACHABLE" });
    const waiting = () =>
      databases.rows(
        "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = ? AND INFO LIKE 'ALTER TABLE t%'",
        [db],
      );
    await expect.poll(waiting).toHaveLength(1);
    await databases.admin.query(`KILL ${Number((await waiting())[0]?.id)}`);
    await ended;
    expect(await entriesOf(target, "0001_b")).toEqual(["0 STARTED", "1 STARTED"]);
    await blocker.end();
    expect((await databases.stepwise(folder).migrate(target, signal)).applied).toEqual(["0001_b"]);
    expect(await entriesOf(target, "0001_b")).toEqual(["0 DONE", "1 DONE"]);
  });

  it("and whose packet comes late does not run what the next one has begun", async () => {
    const target = await databases.make();
    const before = { "0000_a": "CREATE TABLE t (a int);" };
    const folder = aFolder({ ...before, "0001_b": "ALTER TABLE t ADD COLUMN b int;" });
    await databases.stepwise(aFolder(before)).migrate(target, signal);
    const read = await databases.schemas().journals(databases.serverId, [target], { signal, deadlineMs: 5_000 });
    await databases.admin.query(
      `INSERT INTO ${target.databaseName}.tenantry_journal (tenant_id, migration, statement, checksum, status)
       VALUES (?, '0001_b', 0, ?, 'STARTED')`,
      [target.tenantId, folder.migrations[1]?.checksum],
    );
    const late = databases.stepwise(folder).migrate(target, signal, read.get(target.tenantId));
    await expect(late).rejects.toMatchObject({ code: "DEADLOCK", retryable: true });
    expect(await entriesOf(target, "0001_b")).toEqual(["0 STARTED"]);
    expect(await databases.rows(`SHOW COLUMNS FROM ${target.databaseName}.t`)).toHaveLength(1);
    expect((await databases.stepwise(folder).migrate(target, signal)).applied).toEqual(["0001_b"]);
  });

  it("and comes back once more before the next one ends it has done what it did: an older look does not count", async () => {
    const before = { "0000_a": "CREATE TABLE t (a int);" };
    const file = "ALTER TABLE t ADD b int;\nALTER TABLE t ADD c int;\nALTER TABLE t ADD d int;";
    const folder = aFolder({ ...before, "0001_b": file });
    // Dies with the first statement in doubt, and again behind the second, or not at all.
    for (const at of [6, 99]) {
      const target = await databases.make();
      await databases.stepwise(aFolder(before)).migrate(target, signal);
      expect(await dieAt(target, folder, 2)).toBe("migration.statement-started");
      const read = await databases.schemas().journals(databases.serverId, [target], { signal, deadlineMs: 5_000 });
      const where = await dieAt(target, folder, at);
      expect(where).toBe(at === 99 ? undefined : "migration.statement-started");
      const { applied } = await databases.stepwise(folder).migrate(target, signal, read.get(target.tenantId));
      expect(applied).toEqual(where ? ["0001_b"] : []);
      expect(await entriesOf(target, "0001_b")).toEqual(["0 DONE", "1 DONE", "2 DONE", "3 DONE"]);
    }
  });

  it("never makes begun again what is done, nor takes it out of the journal", async () => {
    const target = await databases.make();
    const { migrations } = aFolder({ "0000_a": "CREATE TABLE t (a int);" });
    const [done] = migrations.flatMap((each) => each.statements.map((one) => statementRow(each, one, "DONE")));
    if (!done) throw new TypeError("The file holds no statement.");
    const begun = { ...done, status: "STARTED" } as const;
    await databases.schemas().work(target, { signal, deadlineMs: 5_000 }, async (session) => {
      for (const row of [begun, done, begun]) await session.send([{ what: "WRITE", rows: [row] }]);
      await session.retract(begun);
    });
    expect(await entriesOf(target, "0000_a")).toEqual(["1 DONE"]);
    const [row] = await databases.rows(
      `SELECT finished_at FROM ${target.databaseName}.tenantry_journal WHERE migration = '0000_a'`,
    );
    expect(row?.finished_at).toBeInstanceOf(Date);
  });

  it("in a statement that leaves no trace is refused with a code of its own, and changes nothing", async () => {
    const target = await databases.make();
    const before = { "0000_a": "CREATE TABLE t (a int);" };
    const folder = aFolder({ ...before, "0001_b": "ALTER TABLE t ADD INDEX (a);" });
    await databases.stepwise(aFolder(before)).migrate(target, signal);
    expect(await dieAt(target, folder, 3)).toBe("migration.statement-run");
    await expect(databases.stepwise(folder).migrate(target, signal)).rejects.toMatchObject({
      code: "MIGRATION_IN_DOUBT",
      migration: "0001_b",
      statement: 1,
    });
  });
});

async function entriesOf({ databaseName }: MigrationTarget, tag: string): Promise<readonly string[]> {
  const rows = await databases.rows(
    `SELECT statement, status FROM ${databaseName}.tenantry_journal WHERE migration = ? ORDER BY statement`,
    [tag],
  );
  return rows.map(({ statement, status }) => `${Number(statement)} ${String(status)}`);
}

function options(target: MigrationTarget) {
  return { definer: `'${target.databaseName}'@'%'`, lockWaitSeconds: 5 };
}

async function runBatch(target: MigrationTarget, statements: readonly string[]): Promise<void> {
  await databases.sessions.withAdminPackets({ serverId: target.serverId, deadlineMs: 30_000 }, (session) =>
    session.send([`USE ${target.databaseName}`, ...statements]),
  );
}
