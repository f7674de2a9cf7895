import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Secret } from "../../../src/kit/secret.ts";
import { nativePasswordHash } from "../../../src/tenants/credentials.ts";
import { checkOf, failures, IsolationWorld } from "./isolation-world.ts";
import { type OwnServer, ownServer } from "./own-server.ts";

// A server of its own: some leaks are everybody's.
let server: OwnServer;
let world: IsolationWorld;
let folder: string;
let names: { readonly A: string; readonly B: string; readonly hashOfA: string };

beforeAll(async () => {
  server = await ownServer();
  world = await IsolationWorld.open(server.url);
  folder = await mkdtemp(join(tmpdir(), "tenantry-shared-"));
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  const [ada, bob] = await world.addTenants("ada", "bob", "cyd");
  if (!ada || !bob) throw new Error("Three were added.");
  names = { A: ada.databaseName, B: bob.databaseName, hashOfA: nativePasswordHash(new Secret(ada.password)) };
});

afterEach(async () => {
  await world.clear();
});

/** `{A}` and `{B}` stand for the databases of ada and bob, `{first}` and `{second}` for the same in alphabetical order, `{dir}` for a folder of nobody's. */
function filled(sql: string): string {
  const [first, second] = [names.A, names.B].sort();
  const replaced = sql.replaceAll("{A}", names.A).replaceAll("{B}", names.B);
  return replaced
    .replaceAll("{hashOfA}", names.hashOfA)
    .replaceAll("{dir}", folder)
    .replaceAll("{first}", first ?? "")
    .replaceAll("{second}", second ?? "");
}

interface Planted {
  readonly what: string;
  readonly sql: string;
  readonly undo?: string;
  /** Kinds of checks that fail, by tenant; who is not named passes. */
  readonly found: Readonly<Record<string, readonly string[]>>;
  /** Words that the evidence of one of these checks holds. */
  readonly says: readonly [tenant: string, kind: Parameters<typeof checkOf>[2], words: string];
  /** All that the run recommends: one cause, one sentence of what it is, and one of what mends it. */
  readonly advice: readonly string[];
}

const leaks: readonly Planted[] = [
  {
    what: "SELECT on another tenant's database",
    sql: "GRANT SELECT ON {B}.* TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "CROSS_READ", "STORED_CODE", "VISIBILITY"] },
    advice: [
      "ada reaches bob because '{A}'@'%' has SELECT on {B}.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE SELECT ON `{B}`.* FROM `{A}`@`%`; Treat what could be read as seen.",
    ],
    says: [
      "ada",
      "CROSS_READ",
      "ada ({A}) reached bob ({B}) by reading a row: SELECT token FROM `{B}`.`tenantry_canary`",
    ],
  },
  {
    what: "INSERT on another tenant's database",
    sql: "GRANT INSERT ON {B}.* TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "CROSS_WRITE", "STORED_CODE", "VISIBILITY"] },
    advice: [
      "ada reaches bob because '{A}'@'%' has INSERT on {B}.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE INSERT ON `{B}`.* FROM `{A}`@`%`; Look for changes that were made.",
    ],
    says: ["ada", "CROSS_WRITE", "by adding a row: INSERT INTO `{B}`.`tenantry_canary`"],
  },
  {
    what: "UPDATE on another tenant's database",
    sql: "GRANT UPDATE ON {B}.* TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "CROSS_WRITE", "STORED_CODE", "VISIBILITY"] },
    advice: [
      "ada reaches bob because '{A}'@'%' has UPDATE on {B}.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE UPDATE ON `{B}`.* FROM `{A}`@`%`; Look for changes that were made.",
    ],
    says: ["ada", "CROSS_WRITE", "by changing a row: UPDATE `{B}`.`tenantry_canary`"],
  },
  {
    what: "DELETE on another tenant's database",
    sql: "GRANT DELETE ON {B}.* TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "CROSS_WRITE", "STORED_CODE", "VISIBILITY"] },
    advice: [
      "ada reaches bob because '{A}'@'%' has DELETE on {B}.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE DELETE ON `{B}`.* FROM `{A}`@`%`; Look for changes that were made.",
    ],
    says: ["ada", "CROSS_WRITE", "by deleting a row: DELETE FROM `{B}`.`tenantry_canary`"],
  },
  {
    what: "DROP on another tenant's database",
    sql: "GRANT DROP ON {B}.* TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "CROSS_WRITE", "VISIBILITY"] },
    advice: [
      "ada reaches bob because '{A}'@'%' has DROP on {B}.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE DROP ON `{B}`.* FROM `{A}`@`%`; Look for changes that were made.",
    ],
    says: [
      "ada",
      "CROSS_WRITE",
      "by dropping a table: DROP TABLE `{B}`.`tenantry_canary_none` (it passed the check of rights)",
    ],
  },
  {
    what: "ALTER on another tenant's database",
    sql: "GRANT ALTER ON {B}.* TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "CROSS_WRITE", "VISIBILITY"] },
    advice: [
      "ada reaches bob because '{A}'@'%' has ALTER on {B}.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE ALTER ON `{B}`.* FROM `{A}`@`%`; Look for changes that were made.",
    ],
    says: ["ada", "CROSS_WRITE", "by altering the table: ALTER TABLE `{B}`.`tenantry_canary`"],
  },
  {
    what: "CREATE on another tenant's database",
    sql: "GRANT CREATE ON {B}.* TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "CROSS_WRITE", "VISIBILITY"] },
    advice: [
      "ada reaches bob because '{A}'@'%' has CREATE on {B}.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE CREATE ON `{B}`.* FROM `{A}`@`%`; Look for changes that were made.",
    ],
    says: ["ada", "CROSS_WRITE", "by creating a table: CREATE TABLE IF NOT EXISTS `{B}`.`tenantry_canary`"],
  },
  {
    what: "TRIGGER and EVENT on another tenant's database",
    sql: "GRANT TRIGGER, EVENT, CREATE ROUTINE ON {B}.* TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "STORED_CODE", "VISIBILITY"] },
    advice: [
      "ada reaches bob because '{A}'@'%' has CREATE ROUTINE, EVENT, TRIGGER on {B}.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE CREATE ROUTINE, EVENT, TRIGGER ON `{B}`.* FROM `{A}`@`%`;",
    ],
    says: ["ada", "STORED_CODE", "by a trigger on the table: CREATE TRIGGER `{B}`.`tenantry_canary_made`"],
  },
  {
    what: "everything on another tenant's database",
    sql: "GRANT ALL ON {B}.* TO '{A}'@'%' WITH GRANT OPTION",
    found: { ada: ["SCHEMA", "GRANTS", "CROSS_READ", "CROSS_WRITE", "STORED_CODE", "VISIBILITY"] },
    advice: [
      "ada reaches bob because '{A}'@'%' has SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, GRANT OPTION, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EXECUTE, EVENT, TRIGGER, DELETE HISTORY on {B}.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, GRANT OPTION, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EXECUTE, EVENT, TRIGGER, DELETE HISTORY ON `{B}`.* FROM `{A}`@`%`; Treat what could be read as seen. Look for changes that were made.",
    ],
    says: ["ada", "GRANTS", "granting a right on the other's table: GRANT SELECT ON `{B}`.`tenantry_canary`"],
  },
  {
    what: "a pattern that means every tenant",
    sql: "GRANT SELECT ON `tnt%`.* TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "CROSS_READ", "STORED_CODE", "VISIBILITY"] },
    advice: [
      "ada reaches bob, cyd because '{A}'@'%' has SELECT on tnt%.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE SELECT ON `tnt%`.* FROM `{A}`@`%`; Treat what could be read as seen.",
    ],
    says: ["ada", "GRANTS", "has SELECT on tnt%.*"],
  },
  {
    what: "a right on one table",
    sql: "GRANT SELECT ON {B}.invoices TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "CROSS_READ", "VISIBILITY"] },
    advice: [
      "ada reaches bob because '{A}'@'%' has SELECT on {B}.invoices. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE ALL PRIVILEGES ON `{B}`.`invoices` FROM `{A}`@`%`; Treat what could be read as seen.",
    ],
    says: ["ada", "CROSS_READ", "by reading a table that it was given: SELECT 1 FROM `{B}`.`invoices` LIMIT 0"],
  },
  {
    what: "a right on one column",
    sql: "GRANT SELECT (total) ON {B}.invoices TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "CROSS_READ", "VISIBILITY"] },
    advice: [
      "ada reaches bob because '{A}'@'%' has SELECT on {B}.invoices. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE ALL PRIVILEGES ON `{B}`.`invoices` FROM `{A}`@`%`; Treat what could be read as seen.",
    ],
    says: ["ada", "GRANTS", "has SELECT on {B}.invoices"],
  },
  {
    what: "a right on one routine",
    sql: "CREATE DEFINER='{B}'@'%' PROCEDURE {B}.total() SELECT * FROM {B}.invoices; GRANT EXECUTE ON PROCEDURE {B}.total TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "VISIBILITY"] },
    advice: [
      "ada reaches bob because '{A}'@'%' has EXECUTE on procedure {B}.total. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE ALL PRIVILEGES ON PROCEDURE `{B}`.`total` FROM `{A}`@`%`;",
    ],
    says: ["ada", "GRANTS", "has EXECUTE on procedure {B}.total"],
  },
  {
    what: "a proxy for another tenant",
    sql: "INSERT INTO mysql.proxies_priv (Host, User, Proxied_host, Proxied_user) VALUES ('%', '{A}', '%', '{B}'); FLUSH PRIVILEGES",
    undo: "DELETE FROM mysql.proxies_priv WHERE User = '{A}'; FLUSH PRIVILEGES",
    found: { ada: ["GRANTS"] },
    advice: [
      "ada reaches bob because '{A}'@'%' has PROXY for {B}@%. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE PROXY ON `{B}`@`%` FROM `{A}`@`%`;",
    ],
    says: ["ada", "GRANTS", "has PROXY for {B}@%"],
  },
  {
    what: "a role that it may take",
    sql: "CREATE ROLE reader; GRANT SELECT ON {B}.* TO reader; GRANT reader TO '{A}'@'%'",
    undo: "DROP ROLE reader",
    found: { ada: ["ROLES"] },
    advice: [
      "ada reaches bob because '{A}'@'%' may take the role reader, which has SELECT on {B}.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE `reader` FROM `{A}`@`%`;",
    ],
    says: ["ada", "ROLES", "its account may take the role reader"],
  },
  {
    what: "a role that it has by default",
    sql: "CREATE ROLE writer; GRANT SELECT, INSERT ON {B}.* TO writer; GRANT writer TO '{A}'@'%'; SET DEFAULT ROLE writer FOR '{A}'@'%'",
    undo: "DROP ROLE writer",
    found: { ada: ["SCHEMA", "ROLES", "CROSS_READ", "CROSS_WRITE", "STORED_CODE", "VISIBILITY"] },
    advice: [
      "ada reaches bob because '{A}'@'%' may take the role writer, which has SELECT, INSERT on {B}.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE `writer` FROM `{A}`@`%`; Treat what could be read as seen. Look for changes that were made.",
    ],
    says: ["ada", "CROSS_READ", "by reading a row"],
  },
  {
    what: "a right of PUBLIC",
    sql: "GRANT SELECT ON {B}.* TO PUBLIC",
    undo: "GRANT SELECT ON {B}.* TO PUBLIC; REVOKE SELECT ON {B}.* FROM PUBLIC",
    found: {
      ada: ["SCHEMA", "GRANTS", "ROLES", "CROSS_READ", "STORED_CODE", "VISIBILITY"],
      cyd: ["SCHEMA", "GRANTS", "ROLES", "CROSS_READ", "VISIBILITY"],
    },
    advice: [
      "2 tenants (ada, cyd) reach bob because PUBLIC, and with it every account, has SELECT on {B}.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE SELECT ON `{B}`.* FROM PUBLIC; Treat what could be read as seen.",
    ],
    says: ["cyd", "ROLES", "the role PUBLIC has SELECT on {B}.*"],
  },
  {
    what: "a right of the account without a name",
    sql: "CREATE USER ''@'%' IDENTIFIED BY 'a password'; GRANT SELECT ON {B}.* TO ''@'%'",
    undo: "DROP USER IF EXISTS ''@'%'",
    found: {
      ada: ["SCHEMA", "GRANTS", "CROSS_READ", "STORED_CODE", "VISIBILITY"],
      cyd: ["SCHEMA", "GRANTS", "CROSS_READ", "VISIBILITY"],
    },
    advice: [
      "2 tenants (ada, cyd) reach bob because the account without a name, and with it every account, has SELECT on {B}.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE SELECT ON `{B}`.* FROM ''@`%`; Treat what could be read as seen.",
    ],
    says: ["ada", "GRANTS", "the account without a name has SELECT on {B}.*, and with it every tenant"],
  },
  {
    what: "an account without a name and password",
    sql: "CREATE USER ''@'%'; GRANT SELECT ON {B}.* TO ''@'%'",
    undo: "DROP USER IF EXISTS ''@'%'",
    found: {
      ada: ["SCHEMA", "GRANTS", "CROSS_READ", "STORED_CODE", "VISIBILITY"],
      bob: ["ACCOUNT"],
      cyd: ["SCHEMA", "GRANTS", "CROSS_READ", "VISIBILITY"],
    },
    advice: [
      "2 tenants (ada, cyd) reach bob because the account without a name, and with it every account, has SELECT on {B}.*, and takes no password. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE SELECT ON `{B}`.* FROM ''@`%`; Treat what could be read as seen.",
    ],
    says: ["bob", "ACCOUNT", "whoever logs in without a name reaches its database"],
  },
  {
    what: "a second account row that wins",
    sql: "CREATE USER '{A}'@'127.0.0.1' IDENTIFIED BY PASSWORD '{hashOfA}'; GRANT SELECT, INSERT ON {A}.* TO '{A}'@'127.0.0.1'",
    undo: "DROP USER IF EXISTS '{A}'@'127.0.0.1'",
    found: { ada: ["ACCOUNT"] },
    advice: [
      "ada is open to others because '{A}'@'127.0.0.1' answers in the tenant's place. Repair reports it (ORPHAN_USER) and leaves it alone. Mend it by: DROP USER `{A}`@`127.0.0.1`;",
    ],
    says: ["ada", "ACCOUNT", "the server took it for {A}@127.0.0.1"],
  },
  {
    what: "a second account row with an empty password",
    sql: "CREATE USER '{A}'@'10.0.0.1'",
    undo: "DROP USER IF EXISTS '{A}'@'10.0.0.1'",
    found: { ada: ["ACCOUNT"] },
    advice: [
      "ada is open to others because '{A}'@'10.0.0.1' answers in the tenant's place and takes an empty password. Repair reports it (ORPHAN_USER) and leaves it alone. Mend it by: DROP USER `{A}`@`10.0.0.1`;",
    ],
    says: ["ada", "ACCOUNT", "a second account row '{A}'@'10.0.0.1' answers in its place, and takes an empty password"],
  },
  {
    what: "an empty password",
    sql: "SET PASSWORD FOR '{B}'@'%' = ''",
    found: { bob: ["ACCOUNT"] },
    advice: [
      "bob is open to others because '{B}'@'%' takes an empty password. Mend it by repairTenants (CREDENTIALS_MISMATCH), which sets the stored password.",
    ],
    says: ["bob", "ACCOUNT", "Somebody got in as bob ({B}) by logging in with an empty password"],
  },
  {
    what: "a shared password",
    sql: "SET PASSWORD FOR '{B}'@'%' = '{hashOfA}'",
    found: { ada: ["ACCOUNT"], bob: ["ACCOUNT"] },
    advice: [
      "2 tenants (ada, bob) are open to others because '{first}'@'%' and '{second}'@'%' have the same password. Mend it by rotateTenantCredentials, which gives each tenant a password of its own.",
    ],
    says: ["ada", "ACCOUNT", "its password is also that of '{B}'@'%'"],
  },
  {
    what: "PROCESS",
    sql: "GRANT PROCESS ON *.* TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "STORED_CODE", "VISIBILITY"] },
    advice: [
      "ada reaches every tenant of its server because '{A}'@'%' has PROCESS on *.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE PROCESS ON *.* FROM `{A}`@`%`;",
    ],
    says: ["ada", "VISIBILITY", "by listing others' sessions"],
  },
  {
    what: "SHOW DATABASES",
    sql: "GRANT SHOW DATABASES ON *.* TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "STORED_CODE", "VISIBILITY"] },
    advice: [
      "ada reaches every tenant of its server because '{A}'@'%' has SHOW DATABASES on *.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE SHOW DATABASES ON *.* FROM `{A}`@`%`;",
    ],
    says: ["ada", "VISIBILITY", "by listing databases"],
  },
  {
    what: "SELECT on everything",
    sql: "GRANT SELECT ON *.* TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "CROSS_READ", "STORED_CODE", "VISIBILITY"] },
    advice: [
      "ada reaches every tenant of its server because '{A}'@'%' has SELECT on *.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE SELECT ON *.* FROM `{A}`@`%`; Treat what could be read as seen.",
    ],
    says: ["ada", "CROSS_READ", "by reading a row"],
  },
  {
    what: "PROCESS of PUBLIC",
    sql: "GRANT PROCESS ON *.* TO PUBLIC",
    undo: "GRANT PROCESS ON *.* TO PUBLIC; REVOKE PROCESS ON *.* FROM PUBLIC",
    found: {
      ada: ["SCHEMA", "GRANTS", "ROLES", "STORED_CODE", "VISIBILITY"],
      bob: ["SCHEMA", "GRANTS", "ROLES", "STORED_CODE", "VISIBILITY"],
      cyd: ["SCHEMA", "GRANTS", "ROLES", "STORED_CODE", "VISIBILITY"],
    },
    advice: [
      "3 tenants (ada, bob, cyd) reach every tenant of their server because PUBLIC, and with it every account, has PROCESS on *.*. Repair leaves it alone, because it is no tenant's. Mend it by: REVOKE PROCESS ON *.* FROM PUBLIC;",
    ],
    says: ["ada", "VISIBILITY", "by listing others' sessions"],
  },
  {
    what: "a role that has its rights by another one",
    sql: "CREATE ROLE inner_reader; GRANT SELECT ON {B}.* TO inner_reader; CREATE ROLE reader; GRANT inner_reader TO reader; GRANT reader TO '{A}'@'%'; SET DEFAULT ROLE reader FOR '{A}'@'%'",
    undo: "DROP ROLE reader; DROP ROLE inner_reader",
    found: { ada: ["SCHEMA", "ROLES", "CROSS_READ", "STORED_CODE", "VISIBILITY"] },
    advice: [
      "ada reaches bob because '{A}'@'%' may take the role reader, which has SELECT on {B}.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE `reader` FROM `{A}`@`%`; Treat what could be read as seen.",
    ],
    says: ["ada", "CROSS_READ", "by reading a row"],
  },
  {
    what: "a second account row that wins, and may do more",
    sql: "CREATE USER '{A}'@'127.0.0.1' IDENTIFIED BY PASSWORD '{hashOfA}'; GRANT ALL ON {A}.* TO '{A}'@'127.0.0.1'; GRANT SELECT ON {B}.* TO '{A}'@'127.0.0.1'",
    undo: "DROP USER IF EXISTS '{A}'@'127.0.0.1'",
    found: { ada: ["SCHEMA", "GRANTS", "ACCOUNT", "CROSS_READ", "STORED_CODE", "VISIBILITY"] },
    advice: [
      "ada is open to others and reaches bob because '{A}'@'127.0.0.1' answers in the tenant's place and has CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER, DELETE HISTORY on {A}.*, SELECT on {B}.*. Repair reports it (ORPHAN_USER) and leaves it alone. Mend it by: DROP USER `{A}`@`127.0.0.1`; Treat what could be read as seen.",
    ],
    says: ["ada", "ACCOUNT", "the server took it for {A}@127.0.0.1"],
  },
  {
    what: "two rights that have nothing to do with each other",
    sql: "GRANT SELECT ON {B}.* TO '{A}'@'%'; GRANT PROCESS ON *.* TO '{B}'@'%'",
    found: {
      ada: ["SCHEMA", "GRANTS", "CROSS_READ", "STORED_CODE", "VISIBILITY"],
      bob: ["SCHEMA", "GRANTS", "STORED_CODE", "VISIBILITY"],
    },
    advice: [
      "ada reaches bob because '{A}'@'%' has SELECT on {B}.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE SELECT ON `{B}`.* FROM `{A}`@`%`; Treat what could be read as seen.",
      "bob reaches every tenant of its server because '{B}'@'%' has PROCESS on *.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE PROCESS ON *.* FROM `{B}`@`%`;",
    ],
    says: ["bob", "GRANTS", "has PROCESS on *.*"],
  },
  {
    what: "a role of PUBLIC",
    sql: "CREATE ROLE reader; GRANT SELECT ON {B}.* TO reader; GRANT reader TO PUBLIC",
    undo: "DROP ROLE reader",
    found: {
      ada: ["SCHEMA", "GRANTS", "ROLES", "CROSS_READ", "STORED_CODE", "VISIBILITY"],
      bob: ["GRANTS", "ROLES"],
      cyd: ["SCHEMA", "GRANTS", "ROLES", "CROSS_READ", "VISIBILITY"],
    },
    advice: [
      "2 tenants (ada, cyd) reach bob because PUBLIC, and with it every account, may take the role reader, which has SELECT on {B}.*. Repair leaves it alone, because it is no tenant's. Mend it by: REVOKE `reader` FROM PUBLIC; Treat what could be read as seen.",
    ],
    says: ["ada", "ROLES", "PUBLIC has ROLE reader"],
  },
  {
    what: "an empty password as a second way to log in",
    sql: "ALTER USER '{A}'@'%' IDENTIFIED VIA mysql_native_password USING '{hashOfA}' OR mysql_native_password USING ''",
    found: { ada: ["ACCOUNT"] },
    advice: [
      "ACCOUNT: somebody got in as ada by logging in with an empty password, and the server's books show nothing that opens this way. Mend it by repairTenants (CREDENTIALS_MISMATCH), which leaves one way to log in; where it still gets in, by rotateTenantCredentials.",
    ],
    says: ["ada", "ACCOUNT", "Somebody got in as ada ({A}) by logging in with an empty password"],
  },
  {
    what: "FILE",
    sql: "GRANT FILE ON *.* TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "CROSS_READ", "CROSS_WRITE", "STORED_CODE"] },
    advice: [
      "ada reaches every tenant of its server because '{A}'@'%' has FILE on *.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE FILE ON *.* FROM `{A}`@`%`; Treat what could be read as seen. Look for changes that were made.",
    ],
    says: ["ada", "CROSS_READ", "by reading files of the server: LOAD DATA INFILE"],
  },
  {
    what: "CONNECTION ADMIN",
    sql: "GRANT CONNECTION ADMIN ON *.* TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "CROSS_WRITE", "STORED_CODE"] },
    advice: [
      "ada reaches every tenant of its server because '{A}'@'%' has CONNECTION ADMIN on *.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE CONNECTION ADMIN ON *.* FROM `{A}`@`%`; Look for changes that were made.",
    ],
    says: ["ada", "CROSS_WRITE", "by ending another's statement: KILL QUERY"],
  },
  {
    what: "SET USER",
    sql: "GRANT SET USER ON *.* TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "STORED_CODE"] },
    advice: [
      "ada reaches every tenant of its server because '{A}'@'%' has SET USER on *.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE SET USER ON *.* FROM `{A}`@`%`;",
    ],
    says: ["ada", "STORED_CODE", "by a view with the other's rights: CREATE DEFINER = '{B}'@'%' VIEW"],
  },
  {
    what: "CREATE USER",
    sql: "GRANT CREATE USER ON *.* TO '{A}'@'%'",
    found: { ada: ["SCHEMA", "GRANTS", "STORED_CODE"] },
    advice: [
      "ada reaches every tenant of its server because '{A}'@'%' has CREATE USER on *.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE CREATE USER ON *.* FROM `{A}`@`%`;",
    ],
    says: ["ada", "GRANTS", "by dropping accounts"],
  },
  {
    what: "SELECT on the server's own tables",
    sql: "GRANT SELECT ON mysql.* TO '{A}'@'%'",
    found: { ada: ["GRANTS", "VISIBILITY"] },
    advice: [
      "ada is not isolated because '{A}'@'%' has SELECT on mysql.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE SELECT ON `mysql`.* FROM `{A}`@`%`;",
    ],
    says: ["ada", "VISIBILITY", "by reading accounts: SELECT User FROM mysql.user"],
  },
  {
    what: "GRANT OPTION on its own database",
    sql: "GRANT GRANT OPTION ON {A}.* TO '{A}'@'%'",
    found: { ada: ["GRANTS"] },
    advice: [
      "ada is not isolated because '{A}'@'%' has GRANT OPTION on {A}.*. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE GRANT OPTION ON `{A}`.* FROM `{A}`@`%`;",
    ],
    says: ["ada", "GRANTS", "by granting a right on its own table"],
  },
  {
    what: "a view with the admin's rights",
    sql: "CREATE VIEW {A}.all_invoices AS SELECT * FROM {B}.invoices",
    found: { ada: ["STORED_CODE"] },
    advice: [
      "ada reaches bob because the view {A}.all_invoices runs with the rights of tenantry@127.0.0.1 and names {B}. Look what it is there for by: SHOW CREATE VIEW `{A}`.`all_invoices`; Make it anew with the tenant's account as its definer, or, where nobody needs it, mend it by: DROP VIEW `{A}`.`all_invoices`;",
    ],
    says: ["ada", "STORED_CODE", "the view {A}.all_invoices runs with the rights of"],
  },
  {
    what: "a procedure with the admin's rights that hides where it leads",
    sql: "CREATE PROCEDURE {A}.peek(t VARCHAR(99)) EXECUTE IMMEDIATE CONCAT('SELECT * FROM ', t)",
    found: { ada: ["STORED_CODE"] },
    advice: [
      "ada is not isolated because the procedure {A}.peek runs with the rights of tenantry@127.0.0.1. Look what it is there for by: SHOW CREATE PROCEDURE `{A}`.`peek`; Make it anew with the tenant's account as its definer, or, where nobody needs it, mend it by: DROP PROCEDURE `{A}`.`peek`;",
    ],
    says: ["ada", "STORED_CODE", "the procedure {A}.peek runs with the rights of"],
  },
  {
    what: "a function with another tenant's rights",
    sql: "CREATE DEFINER='{B}'@'%' FUNCTION {A}.total() RETURNS INT RETURN (SELECT SUM(total) FROM {B}.invoices)",
    found: { ada: ["STORED_CODE"] },
    advice: [
      "ada reaches bob because the function {A}.total runs with the rights of {B}@% and names {B}. Look what it is there for by: SHOW CREATE FUNCTION `{A}`.`total`; Make it anew with the tenant's account as its definer, or, where nobody needs it, mend it by: DROP FUNCTION `{A}`.`total`;",
    ],
    says: ["ada", "STORED_CODE", "runs with the rights of {B}@% and names {B}"],
  },
  {
    what: "a trigger that pushes data out",
    sql: "CREATE TRIGGER {B}.push AFTER INSERT ON {B}.invoices FOR EACH ROW INSERT INTO {A}.invoices VALUES (NEW.id, NEW.total)",
    found: { bob: ["STORED_CODE"] },
    advice: [
      "bob reaches ada because the trigger {B}.push runs with the rights of tenantry@127.0.0.1 and names {A}. Look what it is there for by: SHOW CREATE TRIGGER `{B}`.`push`; Make it anew with the tenant's account as its definer, or, where nobody needs it, mend it by: DROP TRIGGER `{B}`.`push`;",
    ],
    says: ["bob", "STORED_CODE", "the trigger {B}.push runs with the rights of"],
  },
  {
    what: "an event that pulls data in",
    sql: "CREATE EVENT {A}.pull ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO INSERT INTO {A}.invoices SELECT * FROM {B}.invoices",
    found: { ada: ["STORED_CODE"] },
    advice: [
      "ada reaches bob because the event {A}.pull runs with the rights of tenantry@127.0.0.1 and names {B}. Look what it is there for by: SHOW CREATE EVENT `{A}`.`pull`; Make it anew with the tenant's account as its definer, or, where nobody needs it, mend it by: DROP EVENT `{A}`.`pull`;",
    ],
    says: ["ada", "STORED_CODE", "the event {A}.pull runs with the rights of"],
  },
  {
    what: "a view elsewhere that it was given",
    sql: "CREATE DATABASE ops; CREATE VIEW ops.everything AS SELECT * FROM {B}.invoices; GRANT SELECT ON ops.everything TO '{A}'@'%'",
    undo: "DROP DATABASE ops",
    found: { ada: ["GRANTS", "STORED_CODE", "VISIBILITY"] },
    advice: [
      "ada is not isolated because '{A}'@'%' has SELECT on ops.everything. Mend it by repairTenants (EXCESS_GRANTS), or by: REVOKE ALL PRIVILEGES ON `ops`.`everything` FROM `{A}`@`%`;",
    ],
    says: ["ada", "STORED_CODE", "the view ops.everything runs with the rights of"],
  },
  {
    what: "an event elsewhere that carries data across",
    sql: "CREATE DATABASE ops; CREATE EVENT ops.carry ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO INSERT INTO {A}.invoices SELECT * FROM {B}.invoices",
    undo: "DROP DATABASE ops",
    found: { ada: ["STORED_CODE"], bob: ["STORED_CODE"] },
    advice: [
      "2 tenants (ada, bob) are not isolated because the event ops.carry runs with the rights of tenantry@127.0.0.1 and names {A}, {B}. Repair leaves it alone, because it is no tenant's. Look what it is there for by: SHOW CREATE EVENT `ops`.`carry`; Where nobody needs it, mend it by: DROP EVENT `ops`.`carry`;",
    ],
    says: ["bob", "STORED_CODE", "the event ops.carry"],
  },
  {
    what: "a merge over another tenant's table",
    sql: "CREATE TABLE {B}.old (id INT) ENGINE=MyISAM; CREATE TABLE {A}.mine (id INT) ENGINE=MERGE UNION=({B}.old)",
    found: { ada: ["SCHEMA"] },
    advice: [
      "ada reaches bob because the table {A}.mine lies on {B} by the engine MRG_MyISAM. Look what it is there for, then mend it by: DROP TABLE `{A}`.`mine`;",
    ],
    says: ["ada", "SCHEMA", "its table mine lies on {B} by the engine MRG_MyISAM"],
  },
  {
    what: "a foreign key into another tenant's database",
    sql: "CREATE TABLE {A}.child (id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES {B}.invoices (id)) ENGINE=InnoDB",
    found: { ada: ["SCHEMA"] },
    advice: [
      "ada reaches bob because the table {A}.child refers to {B}.invoices by a foreign key. Mend it by: ALTER TABLE `{A}`.`child` DROP FOREIGN KEY `child_ibfk_1`;",
    ],
    says: ["ada", "SCHEMA", "refers to {B}.invoices by a foreign key"],
  },
  {
    what: "a foreign key whose names hold more than letters",
    sql: "CREATE TABLE {A}.`my-child ä` (id INT PRIMARY KEY, CONSTRAINT `its-key/é` FOREIGN KEY (id) REFERENCES {B}.invoices (id)) ENGINE=InnoDB",
    found: { ada: ["SCHEMA"] },
    advice: [
      "ada reaches bob because the table {A}.my-child ä refers to {B}.invoices by a foreign key. Mend it by: ALTER TABLE `{A}`.`my-child ä` DROP FOREIGN KEY `its-key/é`;",
    ],
    says: ["ada", "SCHEMA", "my-child ä refers to {B}.invoices by a foreign key"],
  },
  {
    what: "tables of two tenants in one folder",
    sql: "CREATE TABLE {A}.mine (id INT) ENGINE=MyISAM DATA DIRECTORY='{dir}'; CREATE TABLE {B}.theirs (id INT) ENGINE=MyISAM DATA DIRECTORY='{dir}'",
    found: { ada: ["SCHEMA"], bob: ["SCHEMA"] },
    advice: [
      "2 tenants (ada, bob) are not isolated because tables of several tenants keep their data in {dir}/. Make the tables anew without a folder of their own.",
    ],
    says: ["ada", "SCHEMA", "its table mine keeps its data in"],
  },
];

describe("a leak that was planted by hand", () => {
  it.each(leaks)("is found: $what", async ({ sql, undo, found, says, advice }) => {
    await world.byHand(filled(sql), undo && filled(undo));
    const { run, reports } = await world.test();
    expect(failures(reports)).toEqual(found);
    const [tenant, kind, words] = says;
    expect(checkOf(reports, tenant, kind).evidence).toContain(filled(words));
    expect(run.verdict).toBe("FAIL");
    expect(run.recommendations).toEqual(advice.map(filled));
    // What it says mends it, does.
    const statements = run.recommendations.flatMap(
      (text) => text.match(/(?<=[:;] )(?:SHOW CREATE|DROP|REVOKE|ALTER) [^;]*;/g) ?? [],
    );
    // Only somebody who may act for the other himself can take that away, and the admin of these tests may not.
    if (sql.includes("proxies_priv")) return;
    for (const statement of statements) await world.admin.query(statement);
    if (statements.length > 0) expect(failures((await world.test()).reports)).toEqual({});
  });
});
