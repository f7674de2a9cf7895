import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Failpoints } from "../../../src/kit/failpoints.ts";
import type { JobId } from "../../../src/kit/ids.ts";
import { ServerTrouble } from "../../../src/servers/server-trouble.ts";
import type { AttackWish, IsolationGround } from "../../../src/test-runs/isolation/isolation-ground.ts";
import { gate, go, origin } from "../../jobs/workshop.ts";
import { anId } from "../../support/builders.ts";
import { checkOf, failures, IsolationWorld, type Reports } from "./isolation-world.ts";
import { type OwnServer, ownServer } from "./own-server.ts";

// A server of its own: what is there before and after is compared as a whole.
let server: OwnServer;
let world: IsolationWorld;

beforeAll(async () => {
  server = await ownServer();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

beforeEach(async () => {
  world = await IsolationWorld.open(server.url);
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

/** The real ground, some of whose methods are others. */
function groundWith(changes: (real: IsolationGround) => Partial<IsolationGround>): IsolationGround {
  const real = world.ground();
  const changed = changes(real);
  return new Proxy(real, {
    get: (target, name) => {
      const value: unknown = Reflect.get(changed, name) ?? Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Does something at one point of a run. */
function at(point: string, act: (signal: AbortSignal | undefined) => Promise<void>): Failpoints {
  return {
    armed: (beginning) => point.startsWith(beginning),
    hit: (name, signal) => (name === point ? act(signal) : Promise.resolve()),
  };
}

function slugs(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `tenant-${String(n).padStart(2, "0")}`);
}

function errorCodes(reports: Reports): Record<string, string | undefined> {
  return Object.fromEntries([...reports].map(([slug, { verdict, errorCode }]) => [slug, errorCode ?? verdict]));
}

describe("an isolation test", () => {
  it("lets every tenant attack, and be attacked by every route just once", async () => {
    const tenants = await world.addTenants(...slugs(28));
    const wishes: AttackWish[] = [];
    const ground = groundWith((real) => ({
      attack: (wish) => {
        wishes.push(wish);
        return real.attack(wish);
      },
    }));
    const { run, reports } = await world.test({}, world.runner(world.handler({ ground })));
    expect(failures(reports)).toEqual({});
    expect(run.coverage).toEqual({ tenantsInScope: 28, tenantsTested: 28 });
    const names = tenants.map(({ databaseName }) => databaseName).sort();
    const byTenants = wishes.filter(({ attacker }) => attacker.databaseName.startsWith("tnt"));
    expect(byTenants.map(({ attacker }) => attacker.databaseName).sort()).toEqual(names);
    expect(byTenants.map(({ main }) => main.databaseName).sort()).toEqual(names);
    expect(byTenants.some(({ far }) => far.length > 0)).toBe(true);
  });

  it("leaves the servers and the registry's memory of them as they were", async () => {
    const [ada] = await world.addTenants("ada", "bob");
    await world.byHand(`GRANT ALL ON \`tnt%\`.* TO '${ada?.databaseName}'@'%' WITH GRANT OPTION`);
    const before = await world.everything();
    const { run } = await world.test();
    expect(run.verdict).toBe("FAIL");
    expect(await world.everything()).toBe(before);
  });

  it("tests one tenant alone against an account of its own, both ways", async () => {
    const [ada] = await world.addTenants("ada");
    const { run, reports } = await world.test();
    expect(run.verdict).toBe("PASS");
    expect(checkOf(reports, "ada", "ACCOUNT").evidence).toContain("1045 ×2");
    await world.byHand(`SET PASSWORD FOR '${ada?.databaseName}'@'%' = ''`);
    expect(failures((await world.test()).reports)).toEqual({ ada: ["ACCOUNT"] });
  });

  it("samples, says so, and lists every attempt when it is asked to", async () => {
    await world.addTenants(...slugs(6));
    const { run, reports } = await world.test({ maxTenants: 3, detailed: true });
    expect(run).toMatchObject({
      verdict: "PASS",
      coverage: { tenantsInScope: 6, tenantsTested: 3 },
      budget: { requestedOperations: 6, maxOperations: 3, plannedOperations: 3, limitedBy: ["MAX_TENANTS"] },
    });
    expect(run.recommendations).toEqual([expect.stringContaining("3 tenants were left out by maxTenants")]);
    const [slug = ""] = reports.keys();
    expect(checkOf(reports, slug, "CROSS_WRITE").evidence).toMatch(
      /\nDELETE FROM `tnt\w+`\.`tenantry_canary` → error 1142\n/,
    );
  });

  it("says nothing of anybody when it does not find the leak that it planted itself", async () => {
    const [ada, bob] = await world.addTenants("ada", "bob");
    await world.byHand(`GRANT SELECT ON ${bob?.databaseName}.* TO '${ada?.databaseName}'@'%'`);
    const ground = groundWith((real) => ({
      raise: async (serverId, lab, signal) => {
        await real.raise(serverId, lab, signal);
        await world.admin.query(`DROP VIEW ${lab.leaky.databaseName}.tenantry_canary_view`);
      },
    }));
    const { run, reports } = await world.test({}, world.runner(world.handler({ ground })));
    expect(run).toMatchObject({
      status: "SUCCEEDED",
      verdict: "INCONCLUSIVE",
      summary: { inconclusive: 2, failed: 0 },
    });
    expect(errorCodes(reports)).toEqual({ ada: "CONTROL_NOT_FOUND", bob: "CONTROL_NOT_FOUND" });
    expect(reports.get("ada")?.message).toContain("(STORED_CODE in the server's books)");
    expect(run.recommendations).toEqual([expect.stringContaining("CONTROL_NOT_FOUND: 2 tenants (ada, bob)")]);
  });

  it("finds what was written into a canary while it ran", async () => {
    const [ada] = await world.addTenants("ada", "bob");
    const failpoints = at("isolation:planted", async () => {
      await world.admin.query(`INSERT INTO ${ada?.databaseName}.tenantry_canary VALUES (7, 'from elsewhere')`);
    });
    const { reports } = await world.test({}, world.runner(world.handler({ failpoints })));
    expect(failures(reports)).toEqual({ ada: ["DATA"] });
    expect(checkOf(reports, "ada", "DATA").evidence).toContain("its canary is not as it was planted");
  });
});

describe("an isolation test that cannot be carried out", () => {
  it("says so of the tenant who cannot log in, and judges the others", async () => {
    const [ada] = await world.addTenants("ada", "bob", "cyd");
    await world.byHand(`SET PASSWORD FOR '${ada?.databaseName}'@'%' = PASSWORD('another')`);
    const { run, reports } = await world.test();
    expect(errorCodes(reports)).toEqual({ ada: "WRONG_CREDENTIALS", bob: "PASS", cyd: "PASS" });
    expect(run.verdict).toBe("INCONCLUSIVE");
    expect(checkOf(reports, "ada", "CROSS_READ")).toMatchObject({ verdict: "INCONCLUSIVE" });
  });

  it("takes no answer but a denial for a denial", async () => {
    const [ada, bob] = await world.addTenants("ada", "bob");
    const { run, reports } = await world.test(
      {},
      world.runner(
        world.handler({
          failpoints: at("isolation:planted", async () => {
            await world.admin.query(
              `GRANT SELECT ON ${bob?.databaseName}.tenantry_canary TO '${ada?.databaseName}'@'%'`,
            );
            await world.admin.query(`RENAME TABLE ${bob?.databaseName}.tenantry_canary TO ${bob?.databaseName}.hidden`);
          }),
        }),
      ),
    );
    expect(checkOf(reports, "ada", "CROSS_READ")).toMatchObject({ verdict: "INCONCLUSIVE" });
    expect(checkOf(reports, "ada", "CROSS_READ").evidence).toContain("unexpected answer (error 1146)");
    expect(run.verdict).not.toBe("PASS");
  });

  it("leaves alone what has the canary's name and is not its own", async () => {
    const [ada] = await world.addTenants("ada", "bob", "cyd");
    await world.byHand(`CREATE TABLE ${ada?.databaseName}.tenantry_canary (mine INT)`);
    const before = await world.everything();
    const { reports } = await world.test();
    expect(errorCodes(reports)).toEqual({ ada: "CANARY_IN_THE_WAY", bob: "PASS", cyd: "PASS" });
    expect(await world.everything()).toBe(before);
  });

  it("says so of a tenant whose credential cannot be read", async () => {
    await world.addTenants("ada", "bob", "cyd");
    await world.registryAdmin.query("UPDATE tenants SET password = 'v1.00000000.AAAA' WHERE slug = 'bob'");
    const { reports } = await world.test();
    expect(errorCodes(reports)).toEqual({ ada: "PASS", bob: "SECRET_UNREADABLE", cyd: "PASS" });
  });

  it("keeps what it knows when the server refuses half-way, and says nothing of the rest but what the books say", async () => {
    const tenants = await world.addTenants(...slugs(27));
    await world.byHand(`GRANT SELECT ON ${tenants[0]?.databaseName}.* TO '${tenants[26]?.databaseName}'@'%'`);
    let planted = 0;
    const ground = groundWith((real) => ({
      plant: (serverId, victims, signal) => {
        planted += 1;
        if (planted > 1) return Promise.reject(new ServerTrouble("READ_ONLY", "The database server is read-only."));
        return real.plant(serverId, victims, signal);
      },
    }));
    const { run, reports } = await world.test({}, world.runner(world.handler({ ground })));
    expect(run).toMatchObject({ status: "SUCCEEDED", verdict: "FAIL" });
    expect(run.summary).toMatchObject({ passed: 25, inconclusive: 1, failed: 1 });
    expect(errorCodes(reports)["tenant-25"]).toBe("READ_ONLY");
    expect(failures(reports)["tenant-26"]).toEqual(["GRANTS"]);
    expect(await world.scratch.listOlderThan(new Date(Date.now() + 60_000), 100)).toEqual([]);
  });

  it("says nothing of tenants whose server does not answer", async () => {
    await world.addTenants("ada", "bob");
    const ground = groundWith(() => ({
      raise: () => Promise.reject(new ServerTrouble("UNREACHABLE", "The database server did not answer.")),
    }));
    const { run, reports } = await world.test({}, world.runner(world.handler({ ground })));
    expect(run).toMatchObject({ status: "SUCCEEDED", verdict: "INCONCLUSIVE", summary: { inconclusive: 2 } });
    expect(errorCodes(reports)).toEqual({ ada: "UNREACHABLE", bob: "UNREACHABLE" });
  });

  it("leaves out whom another job changes, or has changed meanwhile", async () => {
    const [ada, bob] = await world.addTenants("ada", "bob", "cyd", "dan");
    if (!ada || !bob) throw new Error("Four were added.");
    const job = { id: anId<"Job">(), kind: "SUSPEND_TENANT", tenantId: ada.id, input: {}, items: [ada.id] } as const;
    await world.jobs.enqueue({ ...job, requestedBy: origin.actor }, origin);
    const failpoints = at("isolation:planted", async () => {
      await world.byHand(`SET PASSWORD FOR '${bob.databaseName}'@'%' = PASSWORD('rotated')`);
      await world.registryAdmin.query("UPDATE tenants SET generation = generation + 1 WHERE id = ?", [bob.id]);
    });
    const { run, reports } = await world.test({}, world.runner(world.handler({ failpoints })));
    expect(errorCodes(reports)).toEqual({ cyd: "PASS", dan: "PASS" });
    const { edges } = await world.jobs.items(run.id, ["SKIPPED"], { limit: 10, direction: "FORWARD" });
    const skipped = edges.map(({ node }) => [node.tenantId, node.error?.code, node.error?.retryable]);
    expect(skipped).toEqual([
      [ada.id, "TENANT_BUSY", true],
      [bob.id, "TENANT_BUSY", true],
    ]);
  });

  it("is retried for those of whom nothing was found out, and for no others", async () => {
    const [ada] = await world.addTenants("ada", "bob", "cyd");
    await world.byHand(`ALTER USER '${ada?.databaseName}'@'%' ACCOUNT LOCK`);
    const runner = world.runner();
    const first = await world.test({}, runner);
    expect(errorCodes(first.reports)).toEqual({ ada: "ACCOUNT_LOCKED", bob: "PASS", cyd: "PASS" });
    await world.byHand(`ALTER USER '${ada?.databaseName}'@'%' ACCOUNT UNLOCK`);
    const again = await world.jobService(runner).retry(first.run.id, origin);
    await runner.runOnce(go);
    await runner.whenIdle();
    expect(errorCodes(await world.reports(again.id))).toEqual({ ada: "PASS" });
    expect((await world.run(again.id)).verdict).toBe("PASS");
  });
});

describe("an isolation test that is stopped", () => {
  /** A run that stands still in the middle, everything planted. */
  async function standing(): Promise<{ runner: ReturnType<IsolationWorld["runner"]>; id: JobId; before: string }> {
    await world.addTenants("ada", "bob", "cyd");
    const before = await world.everything();
    const planted = gate();
    const failpoints = at("isolation:planted", async (signal) => {
      planted.open();
      await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason), { once: true }));
    });
    const runner = world.runner(world.handler({ failpoints }));
    const { id } = await world.service(runner).startIsolationTest({}, origin);
    await runner.runOnce(go);
    await planted.opened;
    expect(await world.everything()).not.toBe(before);
    return { runner, id, before };
  }

  it("ends within two seconds when it is cancelled, and leaves no trace", async () => {
    const { runner, id, before } = await standing();
    const cancelledAt = performance.now();
    await world.jobService(runner).cancel(id, origin);
    await runner.whenIdle();
    expect(performance.now() - cancelledAt).toBeLessThan(2_000);
    const run = await world.run(id);
    expect(run).toMatchObject({ status: "CANCELLED", verdict: "INCONCLUSIVE" });
    expect(run.recommendations).toEqual([expect.stringContaining("did not reach 3 tenants because it was cancelled")]);
    expect(await world.everything()).toBe(before);
  });

  it("leaves no trace when the service stops, and goes on when it is back", async () => {
    const { runner, id, before } = await standing();
    await runner.stop();
    expect(await world.everything()).toBe(before);
    expect((await world.run(id)).status).toBe("QUEUED");
    const next = world.runner();
    await next.runOnce(go);
    await next.whenIdle();
    expect(await world.run(id)).toMatchObject({ status: "SUCCEEDED", verdict: "PASS", summary: { passed: 3 } });
    expect(await world.everything()).toBe(before);
  });

  it("waits for its turn while another one runs", async () => {
    await world.addTenants("ada", "bob");
    let running = 0;
    let most = 0;
    const ground = groundWith((real) => ({
      plant: async (serverId, victims, signal) => {
        running += 1;
        most = Math.max(most, running);
        await real.plant(serverId, victims, signal);
      },
      canaries: async (serverId, databases, signal) => {
        running -= 1;
        return real.canaries(serverId, databases, signal);
      },
    }));
    const runner = world.runner(world.handler({ ground }));
    const service = world.service(runner);
    const runs = [await service.startIsolationTest({}, origin), await service.startIsolationTest({}, origin)];
    await runner.runOnce(go);
    await runner.runOnce(go);
    await runner.whenIdle();
    for (const { id } of runs) expect((await world.run(id)).verdict).toBe("PASS");
    expect(most).toBe(1);
  });
});
