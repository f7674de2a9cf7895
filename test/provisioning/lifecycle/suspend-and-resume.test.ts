import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isAlive, LivingFleet, logIn, origin } from "./living-fleet.ts";

let fleet: LivingFleet;
beforeAll(async () => {
  fleet = await LivingFleet.open();
});
afterAll(() => fleet.close());

async function connected(url: string) {
  const session = await logIn(url);
  if (typeof session === "number") throw new TypeError(`refused with ${session}`);
  session.on("error", () => undefined);
  return session;
}

describe("suspending a tenant", () => {
  it("ends its sessions, refuses its log-in as locked, and keeps its data", async () => {
    const tenant = await fleet.tenant();
    const url = await fleet.url(tenant.id);
    const sessions = [await connected(url), await connected(url), await connected(url)];
    await sessions[0]?.query("INSERT INTO notes (text) VALUES ('kept')");
    const { tenant: entered, job } = await fleet.lifecycle.suspend(tenant.id, origin);
    expect(entered.status).toBe("ACTIVE");
    expect(job).toMatchObject({ kind: "SUSPEND_TENANT", tenantId: tenant.id });
    expect(await fleet.finish(job.id)).toMatchObject({ status: "SUCCEEDED", progress: { done: 1, percent: 100 } });
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "SUSPENDED" });
    expect(await Promise.all(sessions.map(isAlive))).toEqual([false, false, false]);
    expect(await logIn(url)).toBe(4151);
    expect(await fleet.traces(tenant)).not.toContain("PROCESSLIST");
    expect(await fleet.sql(`SELECT text FROM ${tenant.databaseName}.notes`)).toEqual([{ text: "kept" }]);
  });

  it("locks accounts of the same name under other hosts too", async () => {
    const tenant = await fleet.tenant();
    await fleet.sql(`CREATE USER '${tenant.databaseName}'@'127.0.0.1' IDENTIFIED BY 'shadow'`);
    const { job } = await fleet.lifecycle.suspend(tenant.id, origin);
    expect(await fleet.finish(job.id)).toMatchObject({ status: "SUCCEEDED" });
    const url = new URL(await fleet.url(tenant.id));
    url.password = "shadow";
    expect(await logIn(url.href)).toBe(4151);
  });

  it("fails for a tenant whose account is gone, and says so of the tenant", async () => {
    const tenant = await fleet.tenant();
    await fleet.sql(`DROP USER '${tenant.databaseName}'@'%'`);
    const { job } = await fleet.lifecycle.suspend(tenant.id, origin);
    expect(await fleet.finish(job.id)).toMatchObject({ status: "FAILED", error: { code: "MISSING_USER" } });
    const now = await fleet.now(tenant.id);
    expect(now.status).toBe("ACTIVE");
    expect(now.statusReason).toMatch(/^MISSING_USER: /);
  });

  it("is refused in the wrong state, which is named", async () => {
    const tenant = await fleet.tenant({ provisioned: false });
    await expect(fleet.lifecycle.suspend(tenant.id, origin)).rejects.toMatchObject({ code: "TENANT_BUSY" });
    await expect(fleet.lifecycle.resume(tenant.id, origin)).rejects.toMatchObject({ code: "TENANT_BUSY" });
    const active = await fleet.tenant();
    await expect(fleet.lifecycle.resume(active.id, origin)).rejects.toMatchObject({
      code: "INVALID_STATE",
      message: expect.stringContaining("is ACTIVE, not SUSPENDED"),
      field: ["input", "id"],
    });
  });

  it.each(["locked", "ended", "verified", "written"])("comes to the same end after a crash at %s", async (point) => {
    const tenant = await fleet.tenant();
    const url = await fleet.url(tenant.id);
    const { job } = await fleet.lifecycle.suspend(tenant.id, origin);
    await fleet.crash(job.id, `suspend:${point}`);
    expect(await fleet.finish(job.id)).toMatchObject({ status: "SUCCEEDED" });
    const now = await fleet.now(tenant.id);
    expect(now).toMatchObject({ status: "SUSPENDED", generation: tenant.generation + 1 });
    expect(await logIn(url)).toBe(4151);
    expect(await fleet.world.jobs.itemCounts(job.id)).toMatchObject({ succeeded: 1, total: 1 });
  });

  it("lets the tenant in again when it is cancelled half-way", async () => {
    const tenant = await fleet.tenant();
    const url = await fleet.url(tenant.id);
    const { job } = await fleet.lifecycle.suspend(tenant.id, origin);
    await fleet.crash(job.id, "suspend:locked");
    expect(await logIn(url)).toBe(4151);
    await fleet.jobs.cancel(job.id, origin);
    expect(await fleet.finish(job.id)).toMatchObject({ status: "CANCELLED" });
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "ACTIVE" });
    await (await connected(url)).end();
    const again = await fleet.jobs.retry(job.id, origin);
    expect(await fleet.finish(again.id)).toMatchObject({ status: "SUCCEEDED" });
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "SUSPENDED", statusReason: undefined });
  });
});

describe("resuming a tenant", () => {
  const suspended = async () => {
    const tenant = await fleet.tenant();
    const url = await fleet.url(tenant.id);
    const { job } = await fleet.lifecycle.suspend(tenant.id, origin);
    await fleet.finish(job.id);
    return { tenant, url };
  };

  it("lets it in with the credential that it had", async () => {
    const { tenant, url } = await suspended();
    const { job } = await fleet.lifecycle.resume(tenant.id, origin);
    expect(await fleet.finish(job.id)).toMatchObject({ status: "SUCCEEDED" });
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "ACTIVE" });
    expect(await fleet.url(tenant.id)).toBe(url);
    await (await connected(url)).end();
  });

  it.each(["unlocked", "verified", "written"])("comes to the same end after a crash at %s", async (point) => {
    const { tenant, url } = await suspended();
    const { job } = await fleet.lifecycle.resume(tenant.id, origin);
    await fleet.crash(job.id, `resume:${point}`);
    expect(await fleet.finish(job.id)).toMatchObject({ status: "SUCCEEDED" });
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "ACTIVE", generation: tenant.generation + 2 });
    await (await connected(url)).end();
  });

  it("locks the tenant out again when it is cancelled half-way, and ends who came in meanwhile", async () => {
    const { tenant, url } = await suspended();
    const { job } = await fleet.lifecycle.resume(tenant.id, origin);
    await fleet.crash(job.id, "resume:unlocked");
    const early = await connected(url);
    await fleet.jobs.cancel(job.id, origin);
    expect(await fleet.finish(job.id)).toMatchObject({ status: "CANCELLED" });
    expect(await isAlive(early)).toBe(false);
    expect(await logIn(url)).toBe(4151);
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "SUSPENDED" });
  });

  it("fails when the database belongs to another tenant, and stays locked", async () => {
    const { tenant, url } = await suspended();
    const other = await fleet.tenant();
    await fleet.sql(`UPDATE ${tenant.databaseName}.tenantry_journal SET tenant_id = ? WHERE migration = ''`, [
      other.id,
    ]);
    const { job } = await fleet.lifecycle.resume(tenant.id, origin);
    expect(await fleet.finish(job.id)).toMatchObject({ status: "FAILED", error: { code: "OWNERSHIP_MISMATCH" } });
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "SUSPENDED" });
    expect(await logIn(url)).toBe(4151);
  });
});
