import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Secret } from "../../../src/kit/secret.ts";
import type { TenantStatus } from "../../../src/tenants/tenant.ts";
import { aNewJob, aServer } from "../../support/builders.ts";
import { origin } from "../lifecycle/living-fleet.ts";
import { CaredFleet, newerFolder } from "./cared-fleet.ts";

let care: CaredFleet;
beforeAll(async () => {
  care = await CaredFleet.open();
  await care.tenant();
});
afterAll(() => care.close());

const anyName = () => `tnt${randomUUID().replaceAll("-", "").slice(0, 20)}`;

/** Puts a row into a state that only a crash could leave. */
const leaveAs = (id: string, status: TenantStatus, version: string | null = "0001_tags") =>
  care.fleet.world.registry.db.orm.execute(
    `UPDATE tenants SET status = '${status}', schema_version = ${version === null ? "NULL" : `'${version}'`} WHERE id = '${id}'`,
  );

describe("a validation of the whole fleet", () => {
  it("names databases and accounts of its kind that no tenant has, and nothing else", async () => {
    const [database, account, foreign] = [anyName(), anyName(), `other_${randomUUID().slice(0, 8)}`];
    await care.sql(`CREATE DATABASE ${database}`);
    await care.sql(`CREATE USER ${account}@'%'`);
    await care.sql(`CREATE DATABASE ${foreign}`);
    await care.sql(`CREATE USER ${foreign}@'%'`);
    try {
      const job = await care.validate();
      const found = await care.found(job);
      expect(found).toContainEqual(expect.objectContaining({ kind: "ORPHAN_DATABASE", object: database }));
      expect(found).toContainEqual(expect.objectContaining({ kind: "ORPHAN_USER", object: account }));
      expect(JSON.stringify(found)).not.toContain(foreign);
      const open = await care.store.open({ kinds: ["ORPHAN_DATABASE"] }, { limit: 100, direction: "FORWARD" });
      expect(open.edges.map(({ node }) => node.object)).toContain(database);

      await care.repair({});
      expect(await care.sql("SHOW DATABASES LIKE ?", [database])).toHaveLength(1);
      expect(await care.sql("SELECT 1 FROM mysql.user WHERE User = ?", [account])).toHaveLength(1);
    } finally {
      for (const name of [database, foreign]) await care.sql(`DROP DATABASE IF EXISTS ${name}`);
      for (const name of [account, foreign]) await care.sql(`DROP USER IF EXISTS ${name}@'%'`);
    }
    await care.validate();
    const open = await care.store.open({ kinds: ["ORPHAN_DATABASE"] }, { limit: 100, direction: "FORWARD" });
    expect(open.edges.map(({ node }) => node.object)).not.toContain(database);
  });

  it("sends as many statements for many healthy tenants as for few", async () => {
    const few = [await care.tenant(), await care.tenant()];
    const runner = care.runner();
    const validate = async (ids: typeof few) => {
      const job = await care.service.validate({ ids: ids.map(({ id }) => id) }, origin);
      care.statements.length = 0;
      await care.fleet.finish(job.id, runner);
      return care.statements.length;
    };
    await validate(few);
    const forFew = await validate(few);
    const many = [...few, await care.tenant(), await care.tenant(), await care.tenant()];
    expect(await validate(many)).toBe(forFew);
    // Eight, and one more where other tests' databases stand beside these and look like nobody's.
    expect(forFew).toBeLessThanOrEqual(9);
  });

  it("goes on with the other servers when one does not answer, and says nothing of its tenants", async () => {
    const tenant = await care.tenant();
    const lost = await care.fleet.world.servers.ensure(aServer({ port: 1 }));
    care.fleet.sessions.attach(lost.id, new Secret("mysql://nobody:x@127.0.0.1:1"));
    const there = await care.tenant();
    await care.fleet.world.registry.db.orm.execute(
      `UPDATE tenants SET server_id = '${lost.id}' WHERE id = '${there.id}'`,
    );
    const filter = { ids: [tenant.id, there.id] };

    const job = await care.validate(filter);
    expect(job.status).toBe("SUCCEEDED");
    expect(await care.shown(job)).toEqual([{ kind: "UNREACHABLE", object: lost.name, outcome: "REPORTED" }]);
    expect(await care.fleet.world.jobs.itemCounts(job.id)).toMatchObject({ succeeded: 1, skipped: 1 });
    expect((await care.fleet.now(there.id)).validatedAt).toBeUndefined();

    const repair = await care.repair(filter);
    expect(repair).toMatchObject({ status: "FAILED", error: { code: "UNREACHABLE", retryable: true } });
    expect(await care.fleet.world.jobs.unfinishedItems(repair.id)).toEqual([there.id]);
    await care.fleet.world.registry.db.orm.execute(
      `UPDATE tenants SET server_id = '${tenant.serverId}' WHERE id = '${there.id}'`,
    );
    await care.fleet.world.registry.db.orm.execute(`DELETE FROM servers WHERE id = '${lost.id}'`);
  });
});

describe("a tenant between two states", () => {
  it("that is PROVISIONING with no job is STALLED, and repair makes it ACTIVE", async () => {
    const tenant = await care.tenant();
    await leaveAs(tenant.id, "PROVISIONING", null);
    await care.sql(`DROP USER '${tenant.databaseName}'@'%'`);
    const filter = { ids: [tenant.id] };
    expect(await care.shown(await care.validate(filter))).toEqual([
      { kind: "STALLED", object: tenant.slug, outcome: "REPORTED" },
    ]);
    expect(await care.shown(await care.repair(filter))).toEqual([
      { kind: "STALLED", object: tenant.slug, outcome: "REPAIRED" },
    ]);
    expect(await care.fleet.now(tenant.id)).toMatchObject({ status: "ACTIVE", schemaVersion: "0001_tags" });
    expect(await care.shown(await care.validate(filter))).toEqual([]);
  });

  it("that a job provisions is left to the job", async () => {
    const tenant = await care.fleet.tenant({ provisioned: false });
    const job = await care.validate({ ids: [tenant.id] });
    expect(await care.shown(job)).toEqual([]);
    const items = await care.fleet.world.jobs.items(job.id, undefined, { limit: 10, direction: "FORWARD" });
    expect(items.edges[0]?.node).toMatchObject({ status: "SKIPPED", error: { code: "TENANT_BUSY", retryable: true } });
  });

  it("that is FAILED with nothing wrong becomes ACTIVE", async () => {
    const tenant = await care.tenant();
    await leaveAs(tenant.id, "FAILED");
    const job = await care.repair({ ids: [tenant.id] });
    expect(await care.shown(job)).toEqual([{ kind: "STATUS_INCONSISTENT", object: tenant.slug, outcome: "REPAIRED" }]);
    expect((await care.fleet.now(tenant.id)).status).toBe("ACTIVE");
  });

  it("whose version the registry has wrong gets the one that its database has", async () => {
    const tenant = await care.tenant();
    await leaveAs(tenant.id, "ACTIVE", "0000_init");
    const [finding] = await care.found(await care.repair({ ids: [tenant.id] }));
    expect(finding).toMatchObject({ kind: "STATUS_INCONSISTENT", expected: "0001_tags", actual: "0000_init" });
    expect((await care.fleet.now(tenant.id)).schemaVersion).toBe("0001_tags");
  });

  it("that is SUSPENDED stays locked whatever else is mended, and is locked again where it was not", async () => {
    const tenant = await care.tenant();
    const { databaseName: db } = tenant;
    await leaveAs(tenant.id, "SUSPENDED");
    await care.sql(`ALTER USER '${db}'@'%' ACCOUNT LOCK`);
    const filter = { ids: [tenant.id] };
    expect(await care.shown(await care.validate(filter))).toEqual([]);
    await care.sql(`ALTER USER '${db}'@'%' IDENTIFIED BY 'other' ACCOUNT UNLOCK`);
    expect(await care.shown(await care.repair(filter))).toEqual([
      { kind: "CREDENTIALS_MISMATCH", object: db, outcome: "REPAIRED" },
      { kind: "STATUS_INCONSISTENT", object: db, outcome: "REPAIRED" },
    ]);
    const [account] = await care.sql(
      "SELECT JSON_VALUE(Priv, '$.account_locked') AS l FROM mysql.global_priv WHERE User = ?",
      [db],
    );
    expect(account).toEqual({ l: "1" });
  });

  it("that another job changes is left to it", async () => {
    const tenant = await care.tenant();
    await care.sql(`ALTER USER '${tenant.databaseName}'@'%' ACCOUNT LOCK`);
    const job = aNewJob({ kind: "SUSPEND_TENANT", tenantId: tenant.id, items: [tenant.id] });
    await care.fleet.world.jobs.enqueue(job, origin);
    const repair = await care.repair({ ids: [tenant.id] });
    expect(await care.shown(repair)).toEqual([]);
    expect(await care.fleet.world.jobs.itemCounts(repair.id)).toMatchObject({ skipped: 1 });
    await care.fleet.world.jobs.requestCancel(job.id, origin);
  });
});

describe("a server that shows none of its databases", () => {
  it("is suspicious: one finding, nothing said of its tenants, nothing made anew", async () => {
    const alone = await CaredFleet.open();
    try {
      const [first, second] = [await alone.tenant(), await alone.tenant()];
      for (const { databaseName } of [first, second]) await alone.sql(`DROP DATABASE ${databaseName}`);
      const job = await alone.repair({ ids: [first.id, second.id] }, { confirmDataLoss: true });
      expect(job).toMatchObject({ status: "FAILED", error: { code: "SUSPICIOUS_SERVER" } });
      expect(await alone.shown(job)).toEqual([{ kind: "MISSING_DATABASE", object: "default", outcome: "REPORTED" }]);
      expect(await alone.sql("SHOW DATABASES LIKE ?", [first.databaseName])).toEqual([]);
    } finally {
      await alone.close();
    }
  });
});

describe("a newer folder of migrations", () => {
  it("is pending for every tenant, and repair applies it", async () => {
    const tenant = await care.tenant();
    const filter = { ids: [tenant.id] };
    const [finding] = await care.found(await care.validate(filter, newerFolder));
    expect(finding).toMatchObject({ kind: "PENDING_MIGRATIONS", expected: "0002_colors", actual: "0001_tags" });
    await care.repair(filter, {}, newerFolder);
    expect((await care.fleet.now(tenant.id)).schemaVersion).toBe("0002_colors");
    expect(await care.shown(await care.validate(filter, newerFolder))).toEqual([]);
  });
});
