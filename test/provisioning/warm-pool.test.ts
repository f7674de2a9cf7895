import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../src/kit/clock.ts";
import { noFailpoints } from "../../src/kit/failpoints.ts";
import { type ServerId, type TenantId, uuidv7Ids } from "../../src/kit/ids.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { SecretBox } from "../../src/kit/secret-box.ts";
import { MigrationTampered, SchemaAhead } from "../../src/migrations/migration-trouble.ts";
import { ServerStreams } from "../../src/provisioning/server-streams.ts";
import type { TenantInTheMaking } from "../../src/provisioning/tenant-provisioner.ts";
import type { TenantServer } from "../../src/provisioning/tenant-server.ts";
import { planPool, workIn } from "../../src/provisioning/warm-pool/pool-plan.ts";
import type { WarmDatabase } from "../../src/provisioning/warm-pool/warm-database.ts";
import { WarmKeeper } from "../../src/provisioning/warm-pool/warm-keeper.ts";
import { WarmMaker } from "../../src/provisioning/warm-pool/warm-maker.ts";
import { WarmPoolWatch } from "../../src/provisioning/warm-pool/warm-pool-watch.ts";
import type { DatabaseServer } from "../../src/servers/database-server.ts";
import { ServerTrouble } from "../../src/servers/server-trouble.ts";
import { newCredentials } from "../../src/tenants/credentials.ts";
import { anId, aServer, aSnapshot, aTenant } from "../support/builders.ts";
import { TickingClock } from "../support/contracts/store-world.ts";
import { FakeRegistry } from "../support/fakes/fake-registry.ts";
import { FakeServerStore } from "../support/fakes/fake-small-stores.ts";
import { FakeWarmPoolStore } from "../support/fakes/fake-warm-pool-store.ts";

const signal = new AbortController().signal;
const silence = new ServerTrouble("UNREACHABLE", "The database server did not answer.");

function warm(state: WarmDatabase["state"], schemaChecksum?: string, second = 0): WarmDatabase {
  const { id: tenantId, serverId, databaseName } = aTenant();
  const createdAt = new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  return { tenantId, serverId, databaseName, password: "sealed", state, schemaChecksum, createdAt };
}

describe("the plan of a pool", () => {
  const [ready, second, begun, stale] = [
    warm("READY", "new"),
    warm("READY", "new"),
    warm("FILLING"),
    warm("READY", "old"),
  ];
  const all = [stale, begun, ready, second];

  it("is to make what is missing, begun or of another schema", () => {
    const plan = planPool(all, { target: 6, checksum: "new" });
    expect(plan).toEqual({ reap: [], make: [begun, stale], missing: 2 });
    expect(workIn(plan)).toBe(4);
  });

  it("keeps what is ready first when there are too many, and takes away what is on its way out", () => {
    const out = warm("REAPING", "new");
    expect(planPool([...all, out], { target: 2, checksum: "new" })).toEqual({
      reap: [out, begun, stale],
      make: [],
      missing: 0,
    });
    expect(planPool(all, { target: 1, checksum: "new" }).reap).toEqual([second, begun, stale]);
    expect(planPool(all, { target: 0, checksum: "new" }).reap).toHaveLength(4);
    expect(workIn(planPool([ready], { target: 1, checksum: "new" }))).toBe(0);
  });
});

/** A keeper over a registry in memory, and a server that does what it is told to. */
class Bench {
  readonly registry = new FakeRegistry(new TickingClock());
  readonly store = new FakeWarmPoolStore(this.registry);
  readonly made: string[] = [];
  readonly dropped: string[] = [];
  readonly streams = new ServerStreams(3);
  checksum = "c1";
  /** What making the next databases comes to. */
  failures: Error[] = [];
  making = 0;
  mostAtOnce = 0;

  readonly keeper: WarmKeeper;

  constructor(readonly server: DatabaseServer = aServer({ warmPoolTarget: 3 })) {
    this.registry.servers.set(server.id, server);
    const { store, streams } = this;
    const migrator = { folderChecksum: () => this.checksum };
    const maker = new WarmMaker({
      ...{ store, streams, migrator, newCredentials, ids: uuidv7Ids, failpoints: noFailpoints, logger: silentLogger },
      secretBox: new SecretBox([randomBytes(32)]),
      provisioner: { make: (place) => this.#make(place), prove: async () => undefined },
      servers: { work: (_id, _signal, work) => work(this.#tenantServer()) },
    });
    const servers = new FakeServerStore(this.registry);
    this.keeper = new WarmKeeper({ store, servers, maker, migrator, streams, inspector: { inspect: async () => 0 } });
  }

  get id(): ServerId {
    return this.server.id;
  }

  async states(): Promise<readonly string[]> {
    return (await this.store.list(this.id)).map(({ state, schemaChecksum }) => `${state} ${schemaChecksum ?? "-"}`);
  }

  target(warmPoolTarget: number): void {
    this.registry.servers.set(this.id, { ...this.server, warmPoolTarget });
  }

  async #make({ databaseName, seed, schemaVersion }: TenantInTheMaking): Promise<string> {
    expect([seed, schemaVersion]).toEqual([false, undefined]);
    this.making += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.making);
    await new Promise(setImmediate);
    this.making -= 1;
    const failure = this.failures.shift();
    if (failure) throw failure;
    this.made.push(databaseName);
    return "0001_more";
  }

  #tenantServer(): TenantServer {
    const part: Partial<TenantServer> = {
      look: async () => aSnapshot(),
      dropDatabase: async (name) => void this.dropped.push(name),
      dropAccounts: async () => undefined,
    };
    return part as TenantServer;
  }
}

describe("keeping a pool", () => {
  it("makes as many as are wanted, no more at once than there are streams to spare, and tells of each", async () => {
    const bench = new Bench(aServer({ warmPoolTarget: 40 }));
    const told: string[] = [];
    await bench.keeper.keep(bench.id, signal, (done, total) => told.push(`${done}/${total}`));
    expect(await bench.states()).toEqual(Array.from({ length: 40 }, () => "READY c1"));
    expect([bench.made.length, new Set(bench.made).size, bench.mostAtOnce]).toEqual([40, 40, 2]);
    expect([told[0], told.at(-1)]).toEqual(["0/40", "40/40"]);
    await bench.keeper.keep(bench.id, signal);
    expect(bench.made).toHaveLength(40);
  });

  it("makes each once, whoever asks at the same time", async () => {
    const bench = new Bench(aServer({ warmPoolTarget: 20 }));
    await Promise.all([1, 2, 3].map(() => bench.keeper.keep(bench.id, signal)));
    expect([bench.made.length, (await bench.states()).length]).toEqual([20, 20]);
  });

  it("brings what is of another schema to the newest, under the same names, and lets nobody have it meanwhile", async () => {
    const bench = new Bench();
    await bench.keeper.keep(bench.id, signal);
    const names = bench.made.splice(0).sort();
    bench.checksum = "c2";
    expect(await bench.store.readyCounts([bench.id], "c2")).toEqual(new Map());
    await bench.keeper.keep(bench.id, signal);
    expect(bench.made.toSorted()).toEqual(names);
    expect(await bench.states()).toEqual(["READY c2", "READY c2", "READY c2"]);
  });

  it("replaces in the next turn all that cannot be brought there", async () => {
    const bench = new Bench();
    await bench.keeper.keep(bench.id, signal);
    const names = bench.made.splice(0).sort();
    bench.checksum = "c0";
    bench.failures = [1, 2, 3].map(() => new SchemaAhead(["0001_more"]));
    await bench.keeper.keep(bench.id, signal);
    expect(await bench.states()).toEqual(["REAPING c1", "REAPING c1", "REAPING c1"]);
    await bench.keeper.keep(bench.id, signal);
    await bench.keeper.keep(bench.id, signal);
    expect(bench.dropped.toSorted()).toEqual(names);
    expect(await bench.states()).toEqual(["READY c0", "READY c0", "READY c0"]);
  });

  it("goes on with what a process that is gone has begun, or began to take away", async () => {
    const bench = new Bench();
    await bench.keeper.keep(bench.id, signal);
    const [first, second] = await bench.store.list(bench.id);
    if (!first || !second) throw new TypeError();
    await bench.store.withdraw([first.tenantId], "FILLING");
    await bench.store.withdraw([second.tenantId], "REAPING");
    bench.made.length = 0;
    await bench.keeper.keep(bench.id, signal);
    expect(bench.dropped).toEqual([second.databaseName]);
    expect(bench.made).toHaveLength(2);
    expect(bench.made).toContain(first.databaseName);
    expect(await bench.states()).toEqual(["READY c1", "READY c1", "READY c1"]);
  });

  it("takes away what is too much, and stops when the target falls while it works", async () => {
    const bench = new Bench(aServer({ warmPoolTarget: 40 }));
    await bench.keeper.keep(bench.id, signal, (done) => {
      if (done === 5) bench.target(10);
    });
    expect(bench.made.length).toBeLessThan(40);
    await bench.keeper.keep(bench.id, signal);
    expect([(await bench.states()).length, bench.made.length - bench.dropped.length]).toEqual([10, 10]);
    bench.target(0);
    await bench.keeper.keep(bench.id, signal);
    expect([await bench.states(), bench.dropped.length]).toEqual([[], bench.made.length]);
  });

  it("makes no more than the server has room for", async () => {
    const bench = new Bench(aServer({ warmPoolTarget: 10, maxTenants: 3 }));
    const tenant = aTenant({ serverId: bench.id });
    bench.registry.tenants.set(tenant.id, { tenant, password: "", labels: [], busy: undefined });
    await bench.keeper.keep(bench.id, signal);
    expect(await bench.states()).toHaveLength(2);
  });

  it("leaves what trouble kept from being made as it is, and replaces what cannot be made", async () => {
    const bench = new Bench(aServer({ warmPoolTarget: 1 }));
    bench.failures = [silence];
    await expect(bench.keeper.keep(bench.id, signal)).rejects.toBe(silence);
    expect(await bench.states()).toEqual(["FILLING -"]);
    const [begun] = await bench.store.list(bench.id);
    const hopeless = new MigrationTampered(["0000_init was edited."]);
    bench.failures = [hopeless];
    await expect(bench.keeper.keep(bench.id, signal)).rejects.toBe(hopeless);
    expect(await bench.states()).toEqual(["REAPING -"]);
    await bench.keeper.keep(bench.id, signal);
    await bench.keeper.keep(bench.id, signal);
    expect(bench.dropped).toEqual([begun?.databaseName]);
    expect(await bench.states()).toEqual(["READY c1"]);
  });

  it("replaces what was sealed with a key that is gone", async () => {
    const bench = new Bench(aServer({ warmPoolTarget: 1 }));
    const { id: tenantId, databaseName } = aTenant();
    await bench.store.reserve([{ tenantId, serverId: bench.id, databaseName, password: "v1.gone.sealed" }]);
    await bench.keeper.keep(bench.id, signal);
    expect(await bench.states()).toEqual(["REAPING -"]);
    expect(bench.made).toEqual([]);
  });

  it("says that a server is not there", async () => {
    await expect(new Bench().keeper.keep(anId<"DatabaseServer">(), signal)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

describe("work that nobody waits for", () => {
  it("leaves a stream free, and lets whoever comes by the front go first", async () => {
    const streams = new ServerStreams(3);
    const server = anId<"DatabaseServer">();
    const order: string[] = [];
    const ends: (() => void)[] = [];
    const work = (name: string) => async () => {
      order.push(name);
      await new Promise<void>((end) => ends.push(end));
    };
    const all = ["spare 1", "spare 2", "spare 3"].map((name) => streams.whenSpare(server, signal, work(name)));
    await new Promise(setImmediate);
    expect(order).toEqual(["spare 1", "spare 2"]);
    const front = ["front 1", "front 2"].map((name) => streams.use(server, signal, work(name)));
    await new Promise(setImmediate);
    expect(order).toEqual(["spare 1", "spare 2", "front 1"]);
    for (const next of ["front 2", "spare 3"]) {
      ends.shift()?.();
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      expect(order.at(-1)).toBe(next);
    }
    for (const end of ends.splice(0)) end();
    await Promise.all([...all, ...front]);
  });
});

describe("the watch over the pools", () => {
  class Watched {
    ms = 0;
    readonly kept: TenantId[] | ServerId[] = [];
    readonly inspected: ServerId[] = [];
    failure: Error | undefined;
    readonly clock: Clock = { ...systemClock, monotonicMs: () => this.ms };
    readonly watch: WarmPoolWatch;

    constructor(servers: readonly DatabaseServer[]) {
      const keep = async (id: ServerId) => {
        (this.kept as ServerId[]).push(id);
        if (this.failure) throw this.failure;
      };
      this.watch = new WarmPoolWatch({
        servers: { list: async () => servers },
        keeper: {
          keep,
          inspect: async (id) => {
            this.inspected.push(id);
            return 0;
          },
        },
        clock: this.clock,
        logger: silentLogger,
      });
    }

    async turn(ms = 0): Promise<number> {
      this.ms += ms;
      const before = this.kept.length;
      await this.watch.runOnce(signal);
      return this.kept.length - before;
    }
  }

  it("keeps the pools of servers that answer, and looks seldom whether what is ready is so", async () => {
    const online = aServer();
    const watched = new Watched([online, aServer({ status: "UNREACHABLE" }), aServer({ status: "CORDONED" })]);
    expect([await watched.turn(), await watched.turn(5_000)]).toEqual([1, 1]);
    expect(watched.inspected).toEqual([online.id]);
    await watched.turn(300_000);
    expect(watched.inspected).toHaveLength(2);
  });

  it("leaves a server in trouble alone for longer and longer, and forgets it when it is over", async () => {
    const watched = new Watched([aServer()]);
    watched.failure = silence;
    expect([await watched.turn(), await watched.turn(4_999), await watched.turn(1)]).toEqual([1, 0, 1]);
    expect([await watched.turn(9_999), await watched.turn(1)]).toEqual([0, 1]);
    for (let turns = 0; turns < 10; turns += 1) await watched.turn(300_000);
    watched.failure = undefined;
    expect([await watched.turn(300_000), await watched.turn(1)]).toEqual([1, 1]);
  });

  it("hides no bug", async () => {
    const watched = new Watched([aServer()]);
    watched.failure = new TypeError("a bug");
    await expect(watched.turn()).rejects.toThrow("a bug");
  });
});
