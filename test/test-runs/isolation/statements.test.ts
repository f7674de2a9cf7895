import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { MysqlIsolationGround } from "../../../src/mysql/isolation/mysql-isolation-ground.ts";
import type { ServerSession, ServerSessions } from "../../../src/mysql/pools/server-sessions.ts";
import { IsolationWorld } from "./isolation-world.ts";

let world: IsolationWorld;

beforeEach(async () => {
  world = await IsolationWorld.open(inject("serverUrl"));
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

/** Sessions that count statements, log-ins, and how many are open at once. */
class CountingSessions implements ServerSessions {
  statements = 0;
  logIns = 0;
  mostOpen = 0;
  #open = 0;

  constructor(private readonly real: ServerSessions) {}

  withAdmin: ServerSessions["withAdmin"] = (wish, work) =>
    this.#counted(() => this.real.withAdmin(wish, (session) => work(this.#session(session))));

  withAdminOn: ServerSessions["withAdminOn"] = (wish, work) =>
    this.#counted(() => this.real.withAdminOn(wish, (session) => work(this.#session(session))));

  withTenant: ServerSessions["withTenant"] = (wish, work) => {
    this.logIns += 1;
    return this.#counted(() => this.real.withTenant(wish, (session) => work(this.#session(session))));
  };

  #session(session: ServerSession): ServerSession {
    return {
      connectMs: session.connectMs,
      query: (sql, values) => {
        this.statements += 1;
        return session.query(sql, values);
      },
      run: (sql, values) => {
        this.statements += 1;
        return session.run(sql, values);
      },
    };
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.#open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.#open);
    try {
      return await work();
    } finally {
      this.#open -= 1;
    }
  }
}

describe("the statements of an isolation test", () => {
  it("are as many for each tenant however many there are, by a handful of connections", async () => {
    const names = Array.from({ length: 75 }, (_, n) => `tenant-${String(n).padStart(2, "0")}`);
    await world.addTenants(...names);
    const counts = new Map<number, CountingSessions>();
    for (const tenants of [25, 50, 75]) {
      const sessions = new CountingSessions(world.sessions);
      counts.set(tenants, sessions);
      const ground = new MysqlIsolationGround(sessions, async () => "MARIADB");
      // It borrows until it meets the session that it left, once or several times: so and so many per server, whoever lives there.
      ground.tryPool = world.ground().tryPool.bind(world.ground());
      const { run } = await world.test(
        { filter: { slugs: names.slice(0, tenants) } },
        world.runner(world.handler({ ground })),
      );
      expect(run).toMatchObject({ verdict: "PASS", coverage: { tenantsTested: tenants } });
    }
    const statements = (tenants: number) => counts.get(tenants)?.statements ?? 0;
    const perTenant = [statements(50) - statements(25), statements(75) - statements(50)].map((more) => more / 25);
    const fixed = statements(25) - 25 * (perTenant[0] ?? 0);
    console.info(`statements per tenant ${perTenant.join(" and ")}, per server ${fixed}`);
    for (const each of perTenant) expect(each).toBeLessThan(90);
    // Who attacks whom beyond the neighbours is drawn by lot, and now and then it is a neighbour.
    expect(Math.abs((perTenant[0] ?? 0) - (perTenant[1] ?? 0))).toBeLessThan(3);
    expect(fixed).toBeLessThan(200);
    for (const [tenants, { logIns, mostOpen }] of counts) {
      expect(logIns).toBeLessThanOrEqual(3 * tenants + 4);
      expect(mostOpen).toBeLessThanOrEqual(6);
    }
  });
});
