import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { Secret } from "../../../src/kit/secret.ts";
import { MysqlTenantServers } from "../../../src/mysql/provisioning/mysql-tenant-servers.ts";
import { openAccountInTime } from "../../../src/provisioning/lifecycle/opening.ts";
import type { ServerInstant, TenantServer } from "../../../src/provisioning/tenant-server.ts";
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

async function expectRotated(id: Awaited<ReturnType<LivingFleet["tenant"]>>["id"], oldUrl: string) {
  const url = await fleet.url(id);
  expect(url).not.toBe(oldUrl);
  await (await connected(url)).end();
  expect(await logIn(oldUrl)).toBe(1045);
  expect(await fleet.lifecycleStore.findPending(id)).toBeUndefined();
}

describe("rotating a tenant's credentials", () => {
  it("sets nothing any more when the server hears of it too late, whether there is an account or not", async () => {
    const tenant = await fleet.tenant();
    const url = await fleet.url(tenant.id);
    const servers = new MysqlTenantServers(fleet.sessions);
    const setAfter = (ms: number, name: string, password: string) =>
      servers.work(tenant.serverId, new AbortController().signal, async (server) =>
        server.setAccountUntil(await server.instantAfter(ms), name, new Secret(password)),
      );
    const [{ databaseName: name }, nobody] = [tenant, "tntnobodyhasthis"];
    for (const late of [name, nobody]) {
      await expect(setAfter(-1, late, "too late")).rejects.toMatchObject({ code: "TOO_LATE", retryable: true });
    }
    await (await connected(url)).end();
    expect(await fleet.sql(`SELECT User FROM mysql.user WHERE User = '${nobody}'`)).toEqual([]);
    await setAfter(60_000, name, "in time");
    expect(await logIn(url)).toBe(1045);
    const inTime = new URL(url);
    inTime.password = "in time";
    await (await connected(inTime.href)).end();
  });

  it("has the server give up soon behind the instant where a dump holds its table of accounts", async () => {
    const tenant = await fleet.tenant();
    const url = await fleet.url(tenant.id);
    const servers = new MysqlTenantServers(fleet.sessions);
    const dump = await mysql.createConnection({ uri: inject("serverUrl") });
    await dump.query("LOCK TABLES mysql.global_priv READ");
    const told = servers.work(tenant.serverId, new AbortController().signal, async (server) =>
      server.setAccountUntil(await server.instantAfter(60_000), tenant.databaseName, new Secret("too late")),
    );
    await expect(told.finally(() => dump.end())).rejects.toMatchObject({ code: "LOCK_TIMEOUT", retryable: true });
    await (await connected(url)).end();
  });

  it("asks the server for the time before it makes sure of its lease, so that no pause between the two is overlooked", async () => {
    const steps: string[] = [];
    const server = {
      instantAfter: async (ms: number) => {
        steps.push(`in ${ms} ms`);
        return "then" as ServerInstant;
      },
      setAccountUntil: async (until: ServerInstant, name: string) => void steps.push(`${name} until ${until}`),
    };
    const turn = { name: "tntone", work: (work: (given: TenantServer) => unknown) => work(server as never) };
    await openAccountInTime(turn as never, async () => {
      steps.push("held");
      return new Secret("new");
    });
    expect(steps).toEqual(["in 2000 ms", "held", "tntone until then"]);
  });

  it("gives it a new password, refuses the old one, and ends who came in by it", async () => {
    const tenant = await fleet.tenant();
    const url = await fleet.url(tenant.id);
    const session = await connected(url);
    const { job } = await fleet.lifecycle.rotate(tenant.id, origin);
    expect(await fleet.finish(job.id)).toMatchObject({ status: "SUCCEEDED" });
    expect(await isAlive(session)).toBe(false);
    await expectRotated(tenant.id, url);
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "ACTIVE", generation: tenant.generation + 1 });
    expect(await fleet.sql(`SELECT COUNT(*) AS n FROM ${tenant.databaseName}.notes`)).toEqual([{ n: 0 }]);
  });

  it.each([
    "stored",
    "set",
    "ended",
    "verified",
    "promoted",
  ])("goes forward after a crash at %s, with the password that was kept", async (point) => {
    const tenant = await fleet.tenant();
    const url = await fleet.url(tenant.id);
    const { job } = await fleet.lifecycle.rotate(tenant.id, origin);
    await fleet.crash(job.id, `rotate:${point}`);
    const kept = await fleet.lifecycleStore.findPending(tenant.id);
    expect(kept === undefined).toBe(point === "promoted");
    expect(await fleet.finish(job.id)).toMatchObject({ status: "SUCCEEDED" });
    await expectRotated(tenant.id, url);
    expect(await fleet.now(tenant.id)).toMatchObject({ generation: tenant.generation + 1 });
  });

  it.each(["stored", "set", "verified"])("leaves the old password when it is cancelled at %s", async (point) => {
    const tenant = await fleet.tenant();
    const url = await fleet.url(tenant.id);
    const { job } = await fleet.lifecycle.rotate(tenant.id, origin);
    await fleet.crash(job.id, `rotate:${point}`);
    await fleet.jobs.cancel(job.id, origin);
    expect(await fleet.finish(job.id)).toMatchObject({ status: "CANCELLED" });
    expect(await fleet.url(tenant.id)).toBe(url);
    await (await connected(url)).end();
    expect(await fleet.lifecycleStore.findPending(tenant.id)).toBeUndefined();
  });

  it("reveals no password, and lets nobody suspend, while which one counts is open", async () => {
    const tenant = await fleet.tenant();
    const { job } = await fleet.lifecycle.rotate(tenant.id, origin);
    const busy = { code: "TENANT_BUSY", jobId: job.id };
    await expect(fleet.url(tenant.id)).rejects.toMatchObject(busy);
    await fleet.crash(job.id, "rotate:set");
    await expect(fleet.url(tenant.id)).rejects.toMatchObject(busy);
    await expect(fleet.lifecycle.suspend(tenant.id, origin)).rejects.toMatchObject(busy);
    await expect(fleet.lifecycle.rotate(tenant.id, origin)).rejects.toMatchObject(busy);
    await fleet.finish(job.id);
    expect(await fleet.url(tenant.id)).toMatch(/^mysql:/);
  });

  it("is for ACTIVE tenants", async () => {
    const tenant = await fleet.tenant();
    await fleet.finish((await fleet.lifecycle.suspend(tenant.id, origin)).job.id);
    await expect(fleet.lifecycle.rotate(tenant.id, origin)).rejects.toMatchObject({
      code: "INVALID_STATE",
      message: expect.stringContaining("is SUSPENDED, not ACTIVE"),
    });
  });
});
