import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseFailpoints } from "../../src/kit/failpoints.ts";
import { uuidv7Ids } from "../../src/kit/ids.ts";
import { ProvisioningBench } from "./provisioning-bench.ts";

let bench: ProvisioningBench;
beforeEach(() => {
  bench = new ProvisioningBench();
});
afterEach(() => bench.cleanUp());

const never = new AbortController().signal;

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("a tenant that was in use", () => {
  it("is not made anew, empty, when its database is gone", async () => {
    const { tenant, password } = bench.tenant();
    const inUse = { ...tenant, schemaVersion: "0000_init" };
    const failure = await failureOf(bench.provisioner().provision(inUse, password, never));
    expect(failure).toMatchObject({ code: "MISSING_DATABASE", retryable: false });
    const { databaseName } = tenant;
    expect(await bench.sql("SELECT * FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?", [databaseName])).toEqual(
      [],
    );
    expect(await bench.sql("SELECT Host FROM mysql.global_priv WHERE User = ?", [databaseName])).toEqual([]);
  });
});

describe("a fresh tenant", () => {
  it("gets a database, an owner in it, and an account that can do just what the recipe says", async () => {
    const { tenant, password } = bench.tenant();
    expect(await bench.provisioner().provision(tenant, password, never)).toBe("0000_init");

    const { databaseName: name } = tenant;
    expect(await bench.sql("SELECT * FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?", [name])).toMatchObject([
      { DEFAULT_CHARACTER_SET_NAME: "utf8mb4", DEFAULT_COLLATION_NAME: "utf8mb4_unicode_ci" },
    ]);
    expect(await bench.sql(`SELECT tenant_id, migration, statement, status FROM ${name}.tenantry_journal`)).toEqual([
      { tenant_id: tenant.id, migration: "", statement: 0, status: "DONE" },
    ]);
    const grants = await bench.sql<Record<string, string>>(`SHOW GRANTS FOR '${name}'@'%'`);
    const lines = grants.flatMap((row) => Object.values(row));
    expect(lines).toEqual([
      expect.stringMatching(
        /^GRANT USAGE ON \*\.\* TO .* IDENTIFIED BY PASSWORD '\*[0-9A-F]{40}' WITH MAX_USER_CONNECTIONS 50$/,
      ),
      `GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW ON \`${name}\`.* TO \`${name}\`@\`%\``,
    ]);
    expect(await bench.sql("SELECT Host FROM mysql.global_priv WHERE User = ?", [name])).toEqual([{ Host: "%" }]);
  });

  it("can log in with its password and sees nothing of another tenant", async () => {
    const [mine, other] = [bench.tenant(), bench.tenant()];
    for (const { tenant, password } of [mine, other]) await bench.provisioner().provision(tenant, password, never);
    const wish = { serverId: bench.serverId, deadlineMs: 5_000 };
    const { databaseName } = mine.tenant;
    const visible = await bench.sessions.withTenant({ ...wish, databaseName, password: mine.password }, (session) =>
      session.query<{ Database: string }>("SHOW DATABASES"),
    );
    expect(visible.map((row) => row.Database).toSorted()).toEqual(["information_schema", databaseName].toSorted());
    const stranger = bench.sessions.withTenant({ ...wish, databaseName, password: other.password }, (session) =>
      session.query("SELECT 1"),
    );
    expect(await failureOf(stranger)).toMatchObject({ code: "WRONG_CREDENTIALS", errno: 1045 });
  });

  it("costs ten statements beside its migrations, and none of them holds the password", async () => {
    const { tenant: first, password: itsPassword } = bench.tenant();
    await bench.provisioner().provision(first, itsPassword, never);
    bench.statements.length = 0;
    const { tenant, password } = bench.tenant();
    await bench.provisioner().provision(tenant, password, never);
    expect(bench.statements.map((sql) => sql.trim().split(/\s+/).slice(0, 2).join(" "))).toEqual([
      "CREATE DATABASE",
      "CREATE TABLE",
      "INSERT INTO",
      "CREATE USER",
      expect.stringMatching(/^GRANT/),
      expect.stringMatching(/^SELECT/),
      expect.stringMatching(/^SELECT/),
      expect.stringMatching(/^SELECT/),
      expect.stringMatching(/^SELECT/),
      expect.stringMatching(/^SELECT/),
    ]);
    expect(bench.statements.join("\n")).not.toContain(password.reveal());
  });

  it("is seeded only when that was asked for", async () => {
    const [plain, seeded] = [bench.tenant(), bench.tenant({ seed: true })];
    await bench.provisioner().provision(plain.tenant, plain.password, never);
    await bench.provisioner().provision(seeded.tenant, seeded.password, never);
    expect(bench.migrator.seeded).toEqual([seeded.tenant.id]);
  });
});

describe("a provisioning that was broken off", () => {
  const steps = ["database", "marker", "account", "grants", "migrated", "seeded", "verified"];

  it.each(steps)("after the step %s ends like an undisturbed one when it is repeated", async (step) => {
    const undisturbed = bench.tenant({ seed: true });
    await bench.provisioner().provision(undisturbed.tenant, undisturbed.password, never);

    const { tenant, password } = bench.tenant({ seed: true });
    const broken = bench.provisioner(parseFailpoints(`provision:${step}=throw`, () => undefined));
    expect(await failureOf(broken.provision(tenant, password, never))).toMatchObject({ name: "InjectedFailure" });
    await bench.provisioner().provision(tenant, password, never);
    expect(await bench.stateOf(tenant)).toEqual(await bench.stateOf(undisturbed.tenant));
  });

  it("between the journal and the marker goes on too", async () => {
    const { tenant, password } = bench.tenant();
    await bench.provisioner().provision(tenant, password, never);
    await bench.sql(`DROP TABLE ${tenant.databaseName}.notes`);
    await bench.sql(`TRUNCATE TABLE ${tenant.databaseName}.tenantry_journal`);
    expect(await bench.provisioner().provision(tenant, password, never)).toBe("0000_init");
  });

  it("ends with the stored password, whichever the account had, unlocked and with one way to log in", async () => {
    const { tenant, password } = bench.tenant();
    const account = `'${tenant.databaseName}'@'%'`;
    await bench.sql(`CREATE USER ${account} IDENTIFIED BY 'another' WITH MAX_USER_CONNECTIONS 3 ACCOUNT LOCK`);
    await bench.provisioner().provision(tenant, password, never);
    const undisturbed = bench.tenant();
    await bench.provisioner().provision(undisturbed.tenant, undisturbed.password, never);
    expect(await bench.stateOf(tenant)).toEqual(await bench.stateOf(undisturbed.tenant));
  });

  it("stops at once when its signal aborts, with the reason", async () => {
    const { tenant, password } = bench.tenant();
    const controller = new AbortController();
    const reason = new TypeError("enough");
    const hanging = bench.provisioner(parseFailpoints("provision:account=hang", () => undefined));
    const work = failureOf(hanging.provision(tenant, password, controller.signal));
    controller.abort(reason);
    expect(await work).toBe(reason);
  });
});

describe("a database that was there before", () => {
  it("is neither adopted nor touched when it holds something and names no owner", async () => {
    const { tenant, password } = bench.tenant();
    const { databaseName: name } = tenant;
    await bench.sql(`CREATE DATABASE ${name} CHARACTER SET latin1`);
    await bench.sql(`CREATE VIEW ${name}.old AS SELECT 1 AS one`);
    const error = await failureOf(bench.provisioner().provision(tenant, password, never));
    expect(error).toMatchObject({ code: "DATABASE_EXISTS", retryable: false });
    expect(await bench.sql(`SHOW TABLES IN ${name}`)).toHaveLength(1);
    expect(await bench.sql("SELECT Host FROM mysql.global_priv WHERE User = ?", [name])).toEqual([]);
    expect(await bench.sql("SELECT * FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?", [name])).toMatchObject([
      { DEFAULT_CHARACTER_SET_NAME: "latin1" },
    ]);
  });

  it("is refused when it belongs to another tenant", async () => {
    const { tenant, password } = bench.tenant();
    await bench.provisioner().provision(tenant, password, never);
    const before = await bench.stateOf(tenant);
    const impostor = { ...tenant, id: uuidv7Ids.next<"Tenant">() };
    const error = await failureOf(bench.provisioner().provision(impostor, password, never));
    expect(error).toMatchObject({ code: "OWNERSHIP_MISMATCH", retryable: false });
    expect(await bench.stateOf(tenant)).toEqual(before);
  });

  it("is used when it is empty and the tenant is new, and gets the right charset", async () => {
    const { tenant, password } = bench.tenant();
    await bench.sql(`CREATE DATABASE ${tenant.databaseName} CHARACTER SET latin1`);
    await bench.provisioner().provision(tenant, password, never);
    expect(
      await bench.sql("SELECT * FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?", [tenant.databaseName]),
    ).toMatchObject([{ DEFAULT_CHARACTER_SET_NAME: "utf8mb4", DEFAULT_COLLATION_NAME: "utf8mb4_unicode_ci" }]);
  });

  it("is not passed off as whole when it is empty and the tenant was in use", async () => {
    const { tenant, password } = bench.tenant({ schemaVersion: "0000_init" });
    await bench.sql(`CREATE DATABASE ${tenant.databaseName}`);
    const error = await failureOf(bench.provisioner().provision(tenant, password, never));
    expect(error).toMatchObject({ code: "MISSING_TABLE" });
  });
});

describe("an account that was there before", () => {
  it("loses every right beyond the recipe, at whatever level", async () => {
    const { tenant, password } = bench.tenant();
    const other = bench.tenant();
    await bench.provisioner().provision(other.tenant, other.password, never);
    const foreign = other.tenant.databaseName;
    const { databaseName: name } = tenant;
    const account = `'${name}'@'%'`;
    const role = `r${name}`.slice(0, 30);
    await bench.sql(`CREATE USER ${account} IDENTIFIED BY 'another'`);
    bench.roles.push(role);
    await bench.sql(`CREATE ROLE ${role}`);
    for (const grant of [
      "GRANT PROCESS, RELOAD ON *.* TO",
      `GRANT SELECT, TRIGGER ON \`${foreign.slice(0, 20)}%\`.* TO`,
      `GRANT EVENT, TRIGGER, SELECT ON ${name}.* TO`,
      `GRANT UPDATE ON ${foreign}.notes TO`,
      `GRANT SELECT (text) ON ${foreign}.notes TO`,
      `GRANT ${role} TO`,
    ]) {
      await bench.sql(`${grant} ${account}${grant.includes("EVENT") ? " WITH GRANT OPTION" : ""}`);
    }
    await bench.provisioner().provision(tenant, password, never);
    expect(await bench.stateOf(tenant)).toEqual(await bench.stateOf(other.tenant));
  });

  it("under the same name at another host is not accepted, and not dropped either", async () => {
    const { tenant, password } = bench.tenant();
    await bench.sql(`CREATE USER '${tenant.databaseName}'@'10.0.0.1' IDENTIFIED BY 'another'`);
    const error = await failureOf(bench.provisioner().provision(tenant, password, never));
    expect(error).toMatchObject({ code: "ORPHAN_USER", retryable: false });
    expect(
      await bench.sql("SELECT Host FROM mysql.global_priv WHERE User = ? ORDER BY Host", [tenant.databaseName]),
    ).toEqual([{ Host: "%" }, { Host: "10.0.0.1" }]);
  });
});
