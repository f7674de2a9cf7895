import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uuidv7Ids } from "../../../src/kit/ids.ts";
import type { Tenant } from "../../../src/tenants/tenant.ts";
import { isAlive, LivingFleet, logIn, origin } from "./living-fleet.ts";

let fleet: LivingFleet;
beforeAll(async () => {
  fleet = await LivingFleet.open();
});
afterAll(() => fleet.close());

const wish = async ({ id, slug }: Tenant) => {
  const { job } = await fleet.lifecycle.delete({ id, confirmSlug: slug }, origin);
  if (!job) throw new TypeError("No job was entered.");
  return job;
};

async function expectGone(tenant: Tenant): Promise<void> {
  const now = await fleet.now(tenant.id);
  expect(now).toMatchObject({ status: "DELETED", statusReason: undefined, deletedAt: expect.any(Date) });
  expect(await fleet.traces(tenant)).toEqual([]);
  expect(await fleet.tenants.findBySlug(tenant.slug)).toBeUndefined();
  expect(await fleet.tenants.findByDomain(`${tenant.slug}.example`)).toBeUndefined();
  expect(await fleet.tenants.domainsOf([tenant.id])).toEqual([]);
  const { database } = fleet.world.registry;
  expect(await fleet.sql(`SELECT password FROM ${database}.tenants WHERE id = ?`, [tenant.id])).toEqual([
    { password: "" },
  ]);
}

describe("deleting a tenant", () => {
  it("leaves nothing of it on the server, and a tombstone in the registry whose slug and domains are free", async () => {
    const tenant = await fleet.tenant();
    const session = await logIn(await fleet.url(tenant.id));
    if (typeof session === "number") throw new TypeError("refused");
    session.on("error", () => undefined);
    const job = await wish(tenant);
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "DELETING" });
    expect(await fleet.tenants.findBySlug(tenant.slug)).toMatchObject({ id: tenant.id });
    await expect(fleet.tenant({ slug: tenant.slug })).rejects.toMatchObject({ code: "SLUG_TAKEN" });
    expect(await fleet.finish(job.id)).toMatchObject({ status: "SUCCEEDED" });
    expect(await isAlive(session)).toBe(false);
    await expectGone(tenant);
    const heir = await fleet.tenant({ slug: tenant.slug });
    expect(heir).toMatchObject({ status: "ACTIVE" });
    expect(heir.databaseName).not.toBe(tenant.databaseName);
  });

  it("takes away accounts under every host and rights of every kind", async () => {
    const tenant = await fleet.tenant();
    const { databaseName: name } = tenant;
    await fleet.sql(`CREATE USER '${name}'@'10.%' IDENTIFIED BY 'x'`);
    await fleet.sql(`GRANT SELECT ON mysql.user TO '${name}'@'10.%'`);
    await fleet.sql(`GRANT SELECT (Host) ON mysql.db TO '${name}'@'%'`);
    await fleet.sql(`CREATE PROCEDURE ${name}.p() SELECT 1`);
    await fleet.sql(`GRANT EXECUTE ON PROCEDURE ${name}.p TO '${name}'@'%'`);
    // A right whose account was taken away by hand.
    await fleet.sql(`INSERT INTO mysql.db (Host, Db, User, Select_priv) VALUES ('lost', '${name}', '${name}', 'Y')`);
    expect(await fleet.traces(tenant)).toEqual(
      expect.arrayContaining(["global_priv", "db", "tables_priv", "columns_priv", "procs_priv"]),
    );
    expect(await fleet.finish((await wish(tenant)).id)).toMatchObject({ status: "SUCCEEDED" });
    await expectGone(tenant);
  });

  it("needs the slug as a confirmation, and enters nothing without", async () => {
    const tenant = await fleet.tenant();
    const wrong = fleet.lifecycle.delete({ id: tenant.id, confirmSlug: `${tenant.slug} ` }, origin);
    await expect(wrong).rejects.toMatchObject({ code: "CONFIRMATION_REQUIRED", field: ["input", "confirmSlug"] });
    expect(await fleet.now(tenant.id)).toEqual(tenant);
  });

  it("wished twice is refused with the running job, and afterwards answers the tombstone", async () => {
    const tenant = await fleet.tenant();
    const job = await wish(tenant);
    await expect(wish(tenant)).rejects.toMatchObject({ code: "TENANT_BUSY", jobId: job.id });
    await fleet.finish(job.id);
    const again = await fleet.lifecycle.delete({ id: tenant.id, confirmSlug: tenant.slug }, origin);
    expect(again).toEqual({ tenant: await fleet.now(tenant.id) });
  });

  it("is refused while a test has planted something in the tenant's database, and names the test", async () => {
    const tenant = await fleet.tenant();
    const test = { id: uuidv7Ids.next<"Job">(), kind: "ISOLATION_TEST", input: {}, requestedBy: origin.actor } as const;
    await fleet.world.jobs.enqueue({ ...test, items: [tenant.id] }, origin);
    await expect(wish(tenant)).rejects.toMatchObject({ code: "TENANT_BUSY", jobId: test.id });
    expect(await fleet.now(tenant.id)).toEqual(tenant);
    const claimed = await fleet.world.jobs.claim("tester", 60_000, ["ISOLATION_TEST"]);
    if (!claimed) throw new TypeError("The test was not due.");
    const { progress } = claimed.job;
    await fleet.world.jobs.finish(claimed.lease, { status: "SUCCEEDED", message: "Done.", progress });
    expect(await fleet.finish((await wish(tenant)).id)).toMatchObject({ status: "SUCCEEDED" });
  });

  it.each([
    "locked",
    "ended",
    "dropped",
    "account-dropped",
    "verified",
    "written",
  ])("comes to the same end after a crash at %s", async (point) => {
    const tenant = await fleet.tenant();
    const job = await wish(tenant);
    await fleet.crash(job.id, `delete:${point}`);
    expect(await fleet.finish(job.id)).toMatchObject({ status: "SUCCEEDED" });
    await expectGone(tenant);
  });

  it("takes SUSPENDED, FAILED and half-provisioned tenants too", async () => {
    const suspended = await fleet.tenant();
    await fleet.finish((await fleet.lifecycle.suspend(suspended.id, origin)).job.id);
    const half = await fleet.tenant({ provisioned: false });
    const [entered] = (await fleet.world.jobs.list({ tenantId: half.id }, { limit: 1, direction: "FORWARD" })).edges;
    if (!entered) throw new TypeError("no job");
    await fleet.crash(entered.node.id, "provision:database");
    await fleet.jobs.cancel(entered.node.id, origin);
    await fleet.finish(entered.node.id);
    expect(await fleet.now(half.id)).toMatchObject({ status: "FAILED" });
    for (const tenant of [suspended, half]) {
      expect(await fleet.finish((await wish(tenant)).id)).toMatchObject({ status: "SUCCEEDED" });
      await expectGone(tenant);
    }
  });

  it("never drops a database that belongs to another tenant, nor touches its account", async () => {
    const tenant = await fleet.tenant();
    const other = await fleet.tenant();
    const url = await fleet.url(tenant.id);
    await fleet.sql(`UPDATE ${tenant.databaseName}.tenantry_journal SET tenant_id = ? WHERE migration = ''`, [
      other.id,
    ]);
    const job = await wish(tenant);
    expect(await fleet.finish(job.id)).toMatchObject({ status: "FAILED", error: { code: "OWNERSHIP_MISMATCH" } });
    expect(await fleet.now(tenant.id)).toMatchObject({
      status: "FAILED",
      statusReason: expect.stringMatching(/^OWNERSHIP_MISMATCH: /),
    });
    const session = await logIn(url);
    if (typeof session === "number") throw new TypeError("refused");
    await session.end();
    await fleet.sql(`UPDATE ${tenant.databaseName}.tenantry_journal SET tenant_id = ? WHERE migration = ''`, [
      tenant.id,
    ]);
    const again = await fleet.jobs.retry(job.id, origin);
    expect(await fleet.finish(again.id)).toMatchObject({ status: "SUCCEEDED" });
    await expectGone(tenant);
  });

  it("drops the database of a tenant that has taken away its own journal", async () => {
    const tenant = await fleet.tenant();
    await fleet.sql(`DROP TABLE ${tenant.databaseName}.tenantry_journal`);
    expect(await fleet.finish((await wish(tenant)).id)).toMatchObject({ status: "SUCCEEDED" });
    await expectGone(tenant);
  });

  it("cancelled before the database was dropped, leaves the tenant as it was", async () => {
    const tenant = await fleet.tenant();
    const url = await fleet.url(tenant.id);
    const job = await wish(tenant);
    await fleet.crash(job.id, "delete:ended");
    await fleet.jobs.cancel(job.id, origin);
    expect(await fleet.finish(job.id)).toMatchObject({ status: "CANCELLED" });
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "ACTIVE" });
    const session = await logIn(url);
    if (typeof session === "number") throw new TypeError("refused");
    await session.end();
  });

  it("drops nothing when its worker was paused past its lease", async () => {
    const tenant = await fleet.tenant();
    const job = await wish(tenant);
    // Between two steps the process sleeps; another one has given the tenant back when it wakes.
    const sleep = async () => {
      await fleet.world.passTime(job.id, 3_600_000);
      await fleet.world.jobs.returnLost("another process");
      await fleet.jobs.cancel(job.id, origin);
      expect(await fleet.finish(job.id)).toMatchObject({ status: "CANCELLED" });
    };
    let slept = Promise.resolve();
    const hit = (name: string) => {
      if (name === "delete:ended") slept = sleep();
      return slept;
    };
    const sleeper = fleet.runner({ hit, armed: () => false });
    await sleeper.runOnce(new AbortController().signal);
    await sleeper.whenIdle();
    // The sleeper may hear of its lost lease before it wakes.
    await slept;
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "ACTIVE" });
    expect(await fleet.traces(tenant)).toContain("SCHEMATA");
    const session = await logIn(await fleet.url(tenant.id));
    if (typeof session === "number") throw new TypeError("refused");
    await session.end();
  });

  it("cancelled at a second try, leaves a tenant that was never ready FAILED", async () => {
    const tenant = await fleet.tenant({ provisioned: false });
    const { edges } = await fleet.world.jobs.list({ tenantId: tenant.id }, { limit: 1, direction: "FORWARD" });
    const [entered] = edges;
    if (!entered) throw new TypeError("no job");
    await fleet.crash(entered.node.id, "provision:grants");
    await fleet.jobs.cancel(entered.node.id, origin);
    await fleet.finish(entered.node.id);
    const first = await wish(tenant);
    await fleet.crash(first.id, "delete:locked");
    const claimed = await fleet.world.jobs.claim("abrupt", 60_000, ["DELETE_TENANT"]);
    if (!claimed) throw new TypeError("not due");
    const error = { code: "UNREACHABLE", message: "Gone.", retryable: true };
    const { progress } = claimed.job;
    await fleet.world.jobs.finish(claimed.lease, { status: "FAILED", message: "", progress, error });
    const second = await wish(tenant);
    await fleet.crash(second.id, "delete:locked");
    await fleet.jobs.cancel(second.id, origin);
    expect(await fleet.finish(second.id)).toMatchObject({ status: "CANCELLED" });
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "FAILED" });
    await fleet.finish((await fleet.tenants.retry(tenant.id, origin)).job.id);
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "ACTIVE" });
  });

  it("cancelled after that, stays DELETING until it is taken up again", async () => {
    const tenant = await fleet.tenant();
    const job = await wish(tenant);
    await fleet.crash(job.id, "delete:dropped");
    await fleet.jobs.cancel(job.id, origin);
    expect(await fleet.finish(job.id)).toMatchObject({ status: "CANCELLED" });
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "DELETING" });
    expect(await fleet.lifecycleStore.stranded(10)).toMatchObject([{ work: "DELETING", tenant: { id: tenant.id } }]);
    expect(await fleet.finish((await wish(tenant)).id)).toMatchObject({ status: "SUCCEEDED" });
    await expectGone(tenant);
  });
});
