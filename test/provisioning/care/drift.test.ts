import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FindingKind } from "../../../src/provisioning/finding.ts";
import type { Tenant } from "../../../src/tenants/tenant.ts";
import { CaredFleet } from "./cared-fleet.ts";

let care: CaredFleet;
beforeAll(async () => {
  care = await CaredFleet.open();
  // Whoever else is there: a server on which nothing is left is suspicious.
  await care.tenant();
});
afterAll(() => care.close());

interface Drift {
  readonly what: string;
  readonly inject: readonly string[];
  readonly found: readonly (readonly [FindingKind, string])[];
  readonly confirm?: boolean;
}

/** `DB` stands for the tenant's name. */
const mended: readonly Drift[] = [
  { what: "a dropped database", inject: ["DROP DATABASE DB"], found: [["MISSING_DATABASE", "DB"]], confirm: true },
  {
    what: "a dropped account",
    inject: ["DROP USER 'DB'@'%'"],
    found: [
      ["MISSING_GRANTS", "DB"],
      ["MISSING_USER", "DB"],
    ],
  },
  {
    what: "another password",
    inject: ["ALTER USER 'DB'@'%' IDENTIFIED BY 'other'"],
    found: [["CREDENTIALS_MISMATCH", "DB"]],
  },
  {
    what: "an expired password",
    inject: ["ALTER USER 'DB'@'%' PASSWORD EXPIRE"],
    found: [["CREDENTIALS_MISMATCH", "DB"]],
  },
  {
    what: "another way to log in",
    inject: ["ALTER USER 'DB'@'%' IDENTIFIED VIA mysql_native_password OR unix_socket"],
    found: [["CREDENTIALS_MISMATCH", "DB"]],
  },
  {
    what: "an account without a password",
    inject: ["ALTER USER 'DB'@'%' IDENTIFIED BY ''"],
    found: [["CREDENTIALS_MISMATCH", "DB"]],
  },
  {
    what: "a limit of statements",
    inject: ["ALTER USER 'DB'@'%' WITH MAX_QUERIES_PER_HOUR 1 MAX_STATEMENT_TIME 0.5"],
    found: [["MISSING_GRANTS", "DB"]],
  },
  { what: "a locked account", inject: ["ALTER USER 'DB'@'%' ACCOUNT LOCK"], found: [["ACCOUNT_LOCKED", "DB"]] },
  { what: "a revoked privilege", inject: ["REVOKE INSERT ON DB.* FROM 'DB'@'%'"], found: [["MISSING_GRANTS", "DB"]] },
  { what: "a global privilege", inject: ["GRANT PROCESS ON *.* TO 'DB'@'%'"], found: [["EXCESS_GRANTS", "DB"]] },
  {
    what: "too much on the own database",
    inject: ["GRANT TRIGGER ON DB.* TO 'DB'@'%'"],
    found: [["EXCESS_GRANTS", "DB"]],
  },
  {
    what: "GRANT OPTION on the own database",
    inject: ["GRANT SELECT ON DB.* TO 'DB'@'%' WITH GRANT OPTION"],
    found: [["EXCESS_GRANTS", "DB"]],
  },
  { what: "rights by a pattern", inject: ["GRANT SELECT ON `tnt%`.* TO 'DB'@'%'"], found: [["EXCESS_GRANTS", "DB"]] },
  {
    what: "rights on a table elsewhere",
    inject: ["GRANT SELECT ON mysql.user TO 'DB'@'%'"],
    found: [["EXCESS_GRANTS", "DB"]],
  },
  {
    what: "rights on a column elsewhere",
    inject: ["GRANT SELECT (Host) ON mysql.db TO 'DB'@'%'"],
    found: [
      ["EXCESS_GRANTS", "DB"],
      ["EXCESS_GRANTS", "DB"],
    ],
  },
  { what: "a role", inject: ["CREATE ROLE roleDB", "GRANT roleDB TO 'DB'@'%'"], found: [["EXCESS_GRANTS", "DB"]] },
  {
    what: "a stranger with rights on the database",
    inject: ["CREATE USER strangerDB@localhost", "GRANT SELECT ON DB.* TO strangerDB@localhost"],
    found: [["EXCESS_GRANTS", "DB"]],
  },
  { what: "rights of everybody", inject: ["GRANT SELECT ON DB.* TO PUBLIC"], found: [["EXCESS_GRANTS", "DB"]] },
  {
    what: "another limit of connections",
    inject: ["ALTER USER 'DB'@'%' WITH MAX_USER_CONNECTIONS 0"],
    found: [["EXCESS_GRANTS", "DB"]],
  },
  { what: "another charset", inject: ["ALTER DATABASE DB CHARACTER SET latin1"], found: [["WRONG_CHARSET", "DB"]] },
  { what: "a dropped table", inject: ["DROP TABLE DB.notes"], found: [["MISSING_TABLE", "notes"]], confirm: true },
  { what: "a dropped view", inject: ["DROP VIEW DB.pinned_notes"], found: [["MISSING_TABLE", "pinned_notes"]] },
  {
    what: "an emptied database",
    inject: ["DROP DATABASE DB", "CREATE DATABASE DB CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"],
    found: [
      ["MISSING_TABLE", "notes"],
      ["MISSING_TABLE", "people"],
      ["MISSING_TABLE", "pinned_notes"],
      ["MISSING_TABLE", "tags"],
    ],
    confirm: true,
  },
  {
    what: "a dropped column",
    inject: ["ALTER TABLE DB.notes DROP COLUMN at"],
    found: [["MISSING_COLUMN", "notes.at"]],
  },
  {
    what: "a dropped column with its index",
    inject: ["ALTER TABLE DB.people DROP COLUMN name"],
    found: [
      ["MISSING_COLUMN", "people.name"],
      ["MISSING_INDEX", "people.people_name"],
    ],
  },
  {
    what: "a dropped primary key",
    inject: ["ALTER TABLE DB.tags DROP PRIMARY KEY"],
    found: [["MISSING_INDEX", "tags.PRIMARY"]],
  },
  {
    what: "a dropped unique index",
    inject: ["ALTER TABLE DB.people DROP INDEX people_email"],
    found: [["MISSING_INDEX", "people.people_email"]],
  },
  {
    what: "a dropped foreign key",
    inject: ["ALTER TABLE DB.notes DROP FOREIGN KEY notes_person_fk"],
    found: [["MISSING_FOREIGN_KEY", "notes.notes_person_fk"]],
  },
  {
    what: "a migration that stopped half-way",
    inject: [
      "DROP VIEW DB.pinned_notes",
      "ALTER TABLE DB.notes DROP COLUMN pinned",
      "DELETE FROM DB.tenantry_journal WHERE migration = '0001_tags' AND statement = 3",
      "UPDATE DB.tenantry_journal SET status = 'STARTED' WHERE migration = '0001_tags' AND statement IN (0, 2)",
    ],
    found: [["HALF_APPLIED_MIGRATION", "0001_tags"]],
  },
  {
    what: "a migration that was not applied",
    inject: [
      "DROP VIEW DB.pinned_notes",
      "ALTER TABLE DB.notes DROP COLUMN pinned",
      "DROP TABLE DB.tags",
      "DELETE FROM DB.tenantry_journal WHERE migration = '0001_tags'",
    ],
    found: [["PENDING_MIGRATIONS", "DB"]],
  },
];

const reported: readonly Drift[] = [
  {
    what: "an edited column",
    inject: ["ALTER TABLE DB.notes MODIFY text varchar(200)"],
    found: [["COLUMN_MISMATCH", "notes.text"]],
  },
  { what: "a table of its own", inject: ["CREATE TABLE DB.extra (a int)"], found: [["EXTRA_TABLE", "extra"]] },
  {
    what: "a column of its own",
    inject: ["ALTER TABLE DB.tags ADD COLUMN mood int"],
    found: [["EXTRA_COLUMN", "tags.mood"]],
  },
  {
    what: "an index of its own",
    inject: ["CREATE INDEX odd ON DB.notes (text)"],
    found: [["EXTRA_INDEX", "notes.odd"]],
  },
  { what: "another engine", inject: ["ALTER TABLE DB.tags ENGINE=MyISAM"], found: [["WRONG_ENGINE", "tags"]] },
  {
    what: "another collation of a table",
    inject: ["ALTER TABLE DB.tags DEFAULT CHARACTER SET latin1"],
    found: [["WRONG_CHARSET", "tags"]],
  },
  {
    what: "an index of another shape",
    inject: ["ALTER TABLE DB.people DROP INDEX people_name, ADD INDEX people_name (email)"],
    found: [["MISSING_INDEX", "people.people_name"]],
  },
  {
    what: "an edited migration",
    inject: [
      "UPDATE DB.tenantry_journal SET checksum = REPEAT('0', 64) WHERE migration = '0000_init' AND statement = 0",
    ],
    found: [["MIGRATION_TAMPERED", "DB"]],
  },
  {
    what: "a migration of the future",
    inject: [
      "INSERT INTO DB.tenantry_journal (tenant_id, migration, statement, checksum) SELECT tenant_id, '0009_future', 0, REPEAT('1', 64) FROM DB.tenantry_journal WHERE migration = ''",
    ],
    found: [["SCHEMA_AHEAD", "0009_future"]],
  },
  {
    what: "somebody else's marker",
    inject: ["UPDATE DB.tenantry_journal SET tenant_id = '00000000-0000-7000-8000-000000000000' WHERE migration = ''"],
    found: [["OWNERSHIP_MISMATCH", "DB"]],
  },
  { what: "no marker", inject: ["DROP TABLE DB.tenantry_journal"], found: [["OWNERSHIP_MISMATCH", "DB"]] },
  {
    what: "TLS that an account asks for",
    inject: ["ALTER USER 'DB'@'%' REQUIRE SSL"],
    found: [["CREDENTIALS_MISMATCH", "DB"]],
  },
  {
    what: "a prefix of an index",
    inject: ["ALTER TABLE DB.people DROP INDEX people_name, ADD INDEX people_name (name(5))"],
    found: [["MISSING_INDEX", "people.people_name"]],
  },
  {
    what: "an index that is not unique any more",
    inject: ["ALTER TABLE DB.people DROP INDEX people_email, ADD INDEX people_email (email)"],
    found: [["MISSING_INDEX", "people.people_email"]],
  },
  {
    what: "an index that is a full-text index now",
    inject: ["ALTER TABLE DB.people DROP INDEX people_email, ADD FULLTEXT INDEX people_email (email)"],
    found: [["MISSING_INDEX", "people.people_email"]],
  },
  {
    what: "a column that counts no more",
    inject: ["ALTER TABLE DB.notes MODIFY id int NOT NULL"],
    found: [["COLUMN_MISMATCH", "notes.id"]],
  },
  {
    what: "a foreign key with another action",
    inject: [
      "ALTER TABLE DB.notes DROP FOREIGN KEY notes_person_fk",
      "ALTER TABLE DB.notes ADD CONSTRAINT notes_person_fk FOREIGN KEY (person_id) REFERENCES DB.people (id)",
    ],
    found: [["MISSING_FOREIGN_KEY", "notes.notes_person_fk"]],
  },
  {
    what: "a journal that knows of nothing",
    inject: ["DELETE FROM DB.tenantry_journal WHERE migration <> ''"],
    found: [["MIGRATION_TAMPERED", "DB"]],
  },
  {
    what: "a routine with the rights of another account",
    inject: ["CREATE PROCEDURE DB.reach() SELECT 1", "CREATE DEFINER='DB'@'%' FUNCTION DB.own() RETURNS int RETURN 1"],
    found: [["EXCESS_GRANTS", "reach"]],
  },
  {
    what: "a trigger with the rights of another account",
    inject: ["CREATE TRIGGER DB.`push/all/on` AFTER INSERT ON DB.tags FOR EACH ROW SET @a = 1"],
    found: [["EXCESS_GRANTS", "push/all/on"]],
  },
  {
    what: "an event with the rights of another account",
    inject: ["CREATE EVENT DB.later ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT 1"],
    found: [["EXCESS_GRANTS", "later"]],
  },
  {
    what: "a view with the rights of another account",
    inject: [
      "ALTER DEFINER=CURRENT_USER VIEW DB.pinned_notes AS SELECT id, text FROM DB.notes WHERE pinned = 1",
      "CREATE SQL SECURITY INVOKER VIEW DB.mine AS SELECT 1 AS one",
    ],
    found: [
      ["EXCESS_GRANTS", "pinned_notes"],
      ["EXTRA_TABLE", "mine"],
    ],
  },
  {
    what: "a second account of the name",
    inject: ["CREATE USER 'DB'@'localhost' IDENTIFIED BY 'x'"],
    found: [["ORPHAN_USER", "DB@localhost"]],
  },
];

/** What a migration would make stands there, and its journal does not say so: it would be refused. */
const forgotten: readonly Drift[] = [
  {
    what: "a journal that has forgotten a migration",
    inject: ["DELETE FROM DB.tenantry_journal WHERE migration = '0001_tags'"],
    found: [
      ["EXTRA_COLUMN", "notes.pinned"],
      ["EXTRA_TABLE", "pinned_notes"],
      ["EXTRA_TABLE", "tags"],
      ["MIGRATION_TAMPERED", "DB"],
      ["PENDING_MIGRATIONS", "DB"],
    ],
  },
  {
    what: "a journal that has forgotten the end of a migration",
    inject: [
      "DELETE FROM DB.tenantry_journal WHERE migration = '0001_tags' AND statement >= 2",
      "UPDATE DB.tenantry_journal SET status = 'STARTED' WHERE migration = '0001_tags' AND statement = 0",
    ],
    found: [
      ["HALF_APPLIED_MIGRATION", "0001_tags"],
      ["MIGRATION_TAMPERED", "DB"],
    ],
  },
  {
    what: "a journal that has forgotten the middle of a migration",
    inject: [
      "DELETE FROM DB.tenantry_journal WHERE migration = '0001_tags' AND statement = 2",
      "UPDATE DB.tenantry_journal SET status = 'STARTED' WHERE migration = '0001_tags' AND statement = 0",
    ],
    found: [
      ["HALF_APPLIED_MIGRATION", "0001_tags"],
      ["MIGRATION_TAMPERED", "DB"],
    ],
  },
];

async function drifted({ inject }: Drift): Promise<Tenant> {
  const tenant = await care.tenant();
  await care.sql(`INSERT INTO ${tenant.databaseName}.people (email) VALUES ('a@example.com')`);
  await care.sql(`INSERT INTO ${tenant.databaseName}.notes (person_id, text) VALUES (1, 'kept')`);
  for (const sql of inject) await care.sql(sql.replaceAll("DB", tenant.databaseName));
  return tenant;
}

function expected({ found }: Drift, { databaseName }: Tenant, outcome: string) {
  return found.map(([kind, object]) => ({ kind, object: object.replaceAll("DB", databaseName), outcome }));
}

async function cleanUp({ databaseName }: Tenant): Promise<void> {
  await care.sql(`DROP ROLE IF EXISTS role${databaseName}`);
  await care.sql(`DROP USER IF EXISTS stranger${databaseName}@localhost`);
}

it("says nothing of the tables that a test run has in a tenant's database", async () => {
  const { id, databaseName } = await care.tenant();
  for (const table of ["tenantry_canary", `scratch${"a1".repeat(13)}`]) {
    await care.sql(`CREATE TABLE ${databaseName}.${table} (a int)`);
  }
  expect(await care.shown(await care.validate({ ids: [id] }))).toEqual([]);
});

it("reads a journal also where somebody has given it another engine", async () => {
  const { id, databaseName } = await care.tenant();
  await care.sql(`ALTER TABLE ${databaseName}.tenantry_journal ENGINE=Aria`);
  expect(await care.shown(await care.validate({ ids: [id] }))).toEqual([]);
});

describe("what is mended", () => {
  it.each(mended)("$what is found, planned, mended, and gone", async (drift) => {
    const tenant = await drifted(drift);
    const filter = { ids: [tenant.id] };
    const manner = { confirmDataLoss: drift.confirm ?? false };

    const validated = await care.validate(filter);
    expect(validated.status).toBe("SUCCEEDED");
    expect(await care.shown(validated)).toEqual(expected(drift, tenant, "REPORTED"));
    expect((await care.fleet.now(tenant.id)).validatedAt).toBeInstanceOf(Date);

    const dry = await care.repair(filter, { ...manner, dryRun: true });
    expect(await care.shown(dry)).toEqual(expected(drift, tenant, "PLANNED"));
    expect(await care.shown(await care.validate(filter))).toEqual(expected(drift, tenant, "REPORTED"));

    const repaired = await care.repair(filter, manner);
    expect(await care.found(repaired)).toMatchObject(expected(drift, tenant, "REPAIRED"));
    expect(repaired.status).toBe("SUCCEEDED");
    expect(await care.openOf(tenant.id)).toEqual([]);

    expect(await care.shown(await care.repair(filter, manner))).toEqual([]);
    expect(await care.shown(await care.validate(filter))).toEqual([]);
    const session = await care.fleet.sessions.withTenant(
      {
        serverId: tenant.serverId,
        databaseName: tenant.databaseName,
        password: (
          await care.fleet.tenants.reveal(
            { id: tenant.id },
            { actor: { id: "k", name: "k", role: "ADMIN" }, requestId: "r" },
          )
        ).password,
        deadlineMs: 5_000,
      },
      (own) => own.query("SELECT * FROM notes, tags, pinned_notes"),
    );
    expect(session).toEqual([]);
    await cleanUp(tenant);
  });

  it.each(mended.filter(({ confirm }) => confirm))("$what stays lost until that is confirmed", async (drift) => {
    const tenant = await drifted(drift);
    const job = await care.repair({ ids: [tenant.id] });
    const lost = (await care.found(job)).filter(({ outcome }) => outcome === "NEEDS_CONFIRMATION");
    expect(lost.length).toBeGreaterThan(0);
    expect((await care.found(job)).filter(({ outcome }) => outcome === "REPAIRED")).toEqual([]);
    expect(await care.shown(await care.validate({ ids: [tenant.id] }))).toEqual(expected(drift, tenant, "REPORTED"));
  });

  it("keeps the rows of the tables that were not lost", async () => {
    const tenant = await drifted({ what: "", inject: ["ALTER TABLE DB.notes DROP COLUMN at"], found: [] });
    await care.repair({ ids: [tenant.id] });
    expect(await care.sql(`SELECT text FROM ${tenant.databaseName}.notes`)).toEqual([{ text: "kept" }]);
  });
});

describe("what the server does not let us mend", () => {
  it("is FAILED with the reason, the rest is mended, and a retry takes the tenant", async () => {
    const tenant = await care.tenant();
    const { databaseName: db } = tenant;
    await care.sql(
      "INSERT INTO mysql.proxies_priv (Host, User, Proxied_host, Proxied_user, With_grant, Grantor) VALUES ('%', ?, '%', 'root', 0, '')",
      [db],
    );
    await care.sql("FLUSH PRIVILEGES");
    await care.sql(`ALTER TABLE ${db}.notes DROP COLUMN at`);
    const job = await care.repair({ ids: [tenant.id] });
    expect(job).toMatchObject({ status: "FAILED", error: { code: "PARTIAL_FAILURE" } });
    expect(await care.shown(job)).toEqual([
      { kind: "EXCESS_GRANTS", object: db, outcome: "FAILED" },
      { kind: "MISSING_COLUMN", object: "notes.at", outcome: "REPAIRED" },
    ]);
    expect(await care.openOf(tenant.id)).toEqual([{ kind: "EXCESS_GRANTS", object: db, outcome: "FAILED" }]);
    await care.sql("DELETE FROM mysql.proxies_priv WHERE User = ?", [db]);
    await care.sql("FLUSH PRIVILEGES");
    const retried = await care.fleet.finish((await care.retry(job)).id, care.runner());
    expect(retried).toMatchObject({ status: "SUCCEEDED", progress: { total: 1, done: 1 } });
    expect(await care.openOf(tenant.id)).toEqual([]);
  });

  it("tells how many values stand in the way of a unique index", async () => {
    const tenant = await care.tenant();
    const { databaseName: db } = tenant;
    await care.sql(`ALTER TABLE ${db}.people DROP INDEX people_email`);
    await care.sql(`INSERT INTO ${db}.people (email) VALUES ('a'), ('a'), ('b'), ('b'), ('b'), ('c')`);
    const [finding] = await care.found(await care.repair({ ids: [tenant.id] }));
    expect(finding).toMatchObject({ kind: "MISSING_INDEX", outcome: "FAILED" });
    expect(finding?.message).toContain("2 values stand there more than once");
    expect(await care.sql(`SELECT COUNT(*) AS n FROM ${db}.people`)).toEqual([{ n: 6 }]);
  });
});

describe("what is only reported", () => {
  it.each(reported)("$what is found, and left as it is", async (drift) => {
    const tenant = await drifted(drift);
    const filter = { ids: [tenant.id] };
    expect(await care.shown(await care.validate(filter))).toEqual(expected(drift, tenant, "REPORTED"));

    const before = await everything(tenant);
    const repaired = await care.repair(filter, { confirmDataLoss: true });
    expect(await care.shown(repaired)).toEqual(expected(drift, tenant, "REPORTED"));
    expect(repaired.status).toBe("SUCCEEDED");
    expect(await everything(tenant)).toEqual(before);
    expect(await care.openOf(tenant.id)).toHaveLength(drift.found.length);
  });
});

describe("what a journal has forgotten", () => {
  it.each(forgotten)("$what is found, and a dry run says just what the real one does", async (drift) => {
    const tenant = await drifted(drift);
    const filter = { ids: [tenant.id] };
    expect(await care.shown(await care.validate(filter))).toEqual(expected(drift, tenant, "REPORTED"));
    const skipped = new Set(["HALF_APPLIED_MIGRATION", "PENDING_MIGRATIONS"]);
    const outcomes = expected(drift, tenant, "REPORTED").map((one) =>
      skipped.has(one.kind) ? { ...one, outcome: "SKIPPED" } : one,
    );
    const before = await everything(tenant);
    expect(await care.shown(await care.repair(filter, { dryRun: true }))).toEqual(outcomes);
    expect(await care.shown(await care.repair(filter))).toEqual(outcomes);
    expect(await everything(tenant)).toEqual(before);
  });
});

/** All definitions, rows, accounts and grants of a tenant. */
async function everything({ databaseName: db }: Tenant): Promise<unknown> {
  const tables = await care.sql("SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?", [
    db,
  ]);
  const shown = [];
  for (const { name } of tables) {
    shown.push(await care.sql(`SHOW CREATE TABLE ${db}.${name}`), await care.sql(`SELECT * FROM ${db}.${name}`));
  }
  const accounts = await care.sql("SELECT * FROM mysql.global_priv WHERE User = ?", [db]);
  const grants = await care.sql("SELECT * FROM mysql.db WHERE User = ? OR Db = ?", [db, db]);
  return [await care.sql(`SHOW CREATE DATABASE ${db}`), shown, accounts, grants];
}
