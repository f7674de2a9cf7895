import { describe, expect, it } from "vitest";
import type { Clock } from "../../../src/kit/clock.ts";
import type { TenantId } from "../../../src/kit/ids.ts";
import { silentLogger } from "../../../src/kit/logger.ts";
import { Secret } from "../../../src/kit/secret.ts";
import type { NameOwner } from "../../../src/provisioning/findings/finding-store.ts";
import type { ServerNames } from "../../../src/provisioning/findings/server-names.ts";
import type { AccountSeen, GrantSeen, ServerSnapshot } from "../../../src/provisioning/server-snapshot.ts";
import { Census } from "../../../src/provisioning/sweep/census.ts";
import {
  type Difference,
  strangeNames,
  tenantDifferences,
} from "../../../src/provisioning/sweep/census-differences.ts";
import { tenantMaxUserConnections, tenantPrivileges } from "../../../src/servers/account-recipe.ts";
import { ServerTrouble } from "../../../src/servers/server-trouble.ts";
import { nativePasswordHash } from "../../../src/tenants/credentials.ts";
import { aJob, anId, aServer, aSnapshot } from "../../support/builders.ts";

const server = aServer({ name: "default" });
const password = new Secret("a tenant's own");
const utf8 = { charset: "utf8mb4", collation: "utf8mb4_unicode_ci" };

function owner(databaseName: string, status: NameOwner["status"] = "ACTIVE"): NameOwner {
  return { databaseName, status, tenantId: anId<"Tenant">(), slug: databaseName, serverId: server.id, wasReady: true };
}

function seen(databases: readonly string[], accounts: Readonly<Record<string, boolean>>): ServerSnapshot {
  const row = (locked: boolean): readonly AccountSeen[] => [
    { host: "%", locked, maxUserConnections: tenantMaxUserConnections, passwordHash: nativePasswordHash(password) },
  ];
  const own = (database: string): readonly GrantSeen[] => [
    { host: "%", level: "DATABASE", database, object: "", privileges: tenantPrivileges },
  ];
  return aSnapshot({
    databases: new Map(databases.map((name) => [name, utf8])),
    accounts: new Map(Object.entries(accounts).map(([name, locked]) => [name, row(locked)])),
    grants: new Map(Object.keys(accounts).map((name) => [name, own(name)])),
  });
}

function censusDifferences(snapshot: ServerSnapshot, { given, all }: ServerNames): readonly Difference[] {
  const passwords = new Map(given.map(({ tenantId }) => [tenantId, password]));
  return [...tenantDifferences(snapshot, given, passwords), ...strangeNames(snapshot, { given, all })];
}

function names(given: readonly NameOwner[], reserved: readonly string[] = []): ServerNames {
  return { given, all: new Set([...given.map(({ databaseName }) => databaseName), ...reserved]) };
}

describe("what a census sees", () => {
  it("does not take a database for an orphan that waits for its tenant", () => {
    const snapshot = seen(["tntwarmone", "tntorphan1"], { tntwarmone: false, tntwarmtwo: false });
    expect(censusDifferences(snapshot, names([], ["tntwarmone", "tntwarmtwo"]))).toEqual([
      { kind: "ORPHAN_DATABASE", object: "tntorphan1" },
    ]);
  });

  it("is nothing where registry and server agree", () => {
    const given = [owner("tntaaaaaaa"), owner("tntbbbbbbb", "SUSPENDED")];
    expect(
      censusDifferences(seen(["tntaaaaaaa", "tntbbbbbbb"], { tntaaaaaaa: false, tntbbbbbbb: true }), names(given)),
    ).toEqual([]);
  });

  it("is what is missing, what is nobody's, and who is locked out or let in against their status", () => {
    const given = [
      owner("tntaaaaaaa"),
      owner("tntbbbbbbb", "SUSPENDED"),
      owner("tntccccccc"),
      owner("tntddddddd", "PROVISIONING"),
      owner("tnteeeeeee", "DELETING"),
    ];
    const snapshot = seen(["tntbbbbbbb", "tntccccccc", "tntorphan1", "mysql"], {
      tntaaaaaaa: true,
      tntbbbbbbb: false,
      tntorphan2: false,
      root: false,
    });
    expect(censusDifferences(snapshot, names(given))).toEqual([
      { kind: "MISSING_DATABASE", object: "tntaaaaaaa" },
      { kind: "ACCOUNT_LOCKED", object: "tntaaaaaaa" },
      { kind: "STATUS_INCONSISTENT", object: "tntbbbbbbb" },
      { kind: "MISSING_USER", object: "tntccccccc" },
      { kind: "MISSING_GRANTS", object: "tntccccccc" },
      { kind: "ORPHAN_DATABASE", object: "tntorphan1" },
      { kind: "ORPHAN_USER", object: "tntorphan2" },
    ]);
  });
});

describe("what a census sees of an account", () => {
  const of = (change: Partial<AccountSeen>, more: readonly GrantSeen[] = []) => {
    const one = owner("tntaaaaaaa");
    const whole = seen(["tntaaaaaaa"], { tntaaaaaaa: false });
    const [row] = whole.accounts.get("tntaaaaaaa") ?? [];
    const grants = new Map([["tntaaaaaaa", [...(whole.grants.get("tntaaaaaaa") ?? []), ...more]]]);
    const snapshot = { ...whole, grants, accounts: new Map([["tntaaaaaaa", row ? [{ ...row, ...change }] : []]]) };
    return { one, snapshot };
  };
  it.each<readonly [string, Partial<AccountSeen>, readonly GrantSeen[], Difference["kind"]]>([
    ["a password that nobody has", { passwordHash: "*ANOTHER" }, [], "CREDENTIALS_MISMATCH"],
    ["TLS that is asked for", { tls: "REQUIRE SSL" }, [], "CREDENTIALS_MISMATCH"],
    ["a limit", { otherLimits: "MAX_QUERIES_PER_HOUR 1" }, [], "MISSING_GRANTS"],
    [
      "rights elsewhere",
      {},
      [{ host: "%", level: "GLOBAL", database: "", object: "", privileges: ["SELECT"] }],
      "EXCESS_GRANTS",
    ],
  ])("is %s", (_, change, more, kind) => {
    const { one, snapshot } = of(change, more);
    expect(censusDifferences(snapshot, names([one]))).toEqual([{ kind, object: "tntaaaaaaa" }]);
  });

  it("is nothing where the password cannot be opened, as a validation says nothing of it", () => {
    const { one, snapshot } = of({ locked: true });
    expect(tenantDifferences(snapshot, [one], new Map())).toEqual([]);
  });
});

/** A census over a server and findings in memory. */
class Bench {
  looks: (ServerSnapshot | ServerTrouble)[] = [];
  open: (Difference & { readonly tenantId?: TenantId })[] = [];
  readonly owner = owner("tntaaaaaaa");
  /** What is set aside, question by question. */
  reserved: ReadonlySet<string>[] = [];
  readonly busy = new Set<TenantId>();
  readonly rotating = new Set<TenantId>();
  readonly validated: unknown[] = [];
  readonly #clock: Clock = { now: () => new Date(), monotonicMs: () => 0, sleep: () => Promise.resolve() };

  readonly census = new Census({
    source: {
      census: async () => {
        const look = this.looks.length > 1 ? this.looks.shift() : this.looks[0];
        if (!look || look instanceof ServerTrouble) throw look ?? new TypeError("No look was expected.");
        return look;
      },
    },
    servers: { list: async () => [server] },
    findings: {
      namesOn: async () => [this.owner],
      reservedNamesOn: async () => this.reserved.shift() ?? new Set(),
      open: async (_, { limit, cursor }) => {
        const from = Number(cursor ?? 0);
        const page = this.open.slice(from, from + limit);
        return {
          edges: page.map((node, at) => ({ node: node as never, cursor: String(from + at + 1) })),
          hasNextPage: from + limit < this.open.length,
          hasPreviousPage: from > 0,
        };
      },
    },
    tenants: {
      busyWith: async (ids) => new Map(ids.filter((id) => this.busy.has(id)).map((id) => [id, anId<"Job">()])),
      rotationOf: async (id) => (this.rotating.has(id) ? {} : undefined),
    },
    passwords: { openedOf: async (ids) => new Map(ids.map((id) => [id, password])) },
    validation: {
      validate: async (filter) => {
        this.validated.push(filter);
        return aJob();
      },
    },
    clock: this.#clock,
    logger: silentLogger,
  });

  async turn(...looks: (ServerSnapshot | ServerTrouble)[]): Promise<number> {
    this.looks = looks;
    await this.census.runOnce(new AbortController().signal);
    return this.validated.length;
  }
}

describe("a census", () => {
  const healthy = seen(["tntaaaaaaa"], { tntaaaaaaa: false });
  const lost = seen([], { tntaaaaaaa: false });
  const silent = new ServerTrouble("UNREACHABLE", "The database server did not answer.");

  it("has a server validated that differs twice in a row, and only once for the same difference", async () => {
    const bench = new Bench();
    expect(await bench.turn(healthy)).toBe(0);
    expect(await bench.turn(lost)).toBe(1);
    expect(bench.validated).toEqual([{ serverId: server.id }]);
    expect(await bench.turn(lost)).toBe(1);
    expect(await bench.turn(seen([], {}))).toBe(2);
  });

  it("lets pass what was set aside when it began to look, and is a tenant's or gone by the end", async () => {
    const bench = new Bench();
    const look = seen(["tntaaaaaaa", "tntwarmone"], { tntaaaaaaa: false, tntwarmone: false });
    bench.reserved = [new Set(["tntwarmone"]), new Set()];
    expect(await bench.turn(look)).toBe(0);
    bench.reserved = [new Set(), new Set(["tntwarmone"])];
    expect(await bench.turn(look)).toBe(0);
    expect(await bench.turn(look)).toBe(1);
  });

  it("lets pass what a second look does not show", async () => {
    expect(await new Bench().turn(lost, healthy)).toBe(0);
    expect(await new Bench().turn(silent, healthy)).toBe(0);
  });

  it("says nothing new of what is known, and has it validated when it is over", async () => {
    const bench = new Bench();
    bench.open = [{ kind: "MISSING_DATABASE", object: "tntaaaaaaa" }];
    expect(await bench.turn(lost)).toBe(0);
    expect(await bench.turn(healthy)).toBe(1);
  });

  it("does not take for over what it cannot see", async () => {
    const bench = new Bench();
    const { tenantId } = bench.owner;
    const unseen = [
      { kind: "STATUS_INCONSISTENT", object: "acme", tenantId },
      { kind: "MISSING_USER", object: "tntfailed1", tenantId: anId<"Tenant">() },
      { kind: "EXCESS_GRANTS", object: "v_orders", tenantId },
    ] as const;
    bench.open = [...unseen];
    expect(await bench.turn(healthy)).toBe(0);
    bench.open = [...unseen, { kind: "CREDENTIALS_MISMATCH", object: "tntaaaaaaa", tenantId }];
    expect(await bench.turn(healthy)).toBe(1);
    bench.open = [...unseen, { kind: "ORPHAN_USER", object: "tntaaaaaaa@localhost", tenantId }];
    expect(await bench.turn(healthy)).toBe(2);
  });

  it("knows all open findings, however many they are", async () => {
    const bench = new Bench();
    const names = Array.from({ length: 2_500 }, (_, n) => `tnt${String(n).padStart(7, "0")}`);
    bench.open = names.map((object) => ({ kind: "ORPHAN_DATABASE", object }));
    const crowded = { ...healthy, databases: new Map([...healthy.databases, ...names.map((n) => [n, utf8] as const)]) };
    expect(await bench.turn(crowded)).toBe(0);
  });

  it("lets pass what a job is about to change", async () => {
    const bench = new Bench();
    const { tenantId } = bench.owner;
    const locked = seen(["tntaaaaaaa"], { tntaaaaaaa: true });
    bench.busy.add(tenantId);
    expect(await bench.turn(locked)).toBe(0);
    bench.busy.clear();
    bench.rotating.add(tenantId);
    expect(await bench.turn(locked)).toBe(1);
  });

  it("lets pass a password that is halfway to another one, also beside what it has told of", async () => {
    const bench = new Bench();
    const { tenantId } = bench.owner;
    const account = { host: "%", locked: false, maxUserConnections: tenantMaxUserConnections, passwordHash: "*NEXT" };
    const changed = { ...healthy, accounts: new Map([["tntaaaaaaa", [account]]]) };
    bench.rotating.add(tenantId);
    expect(await bench.turn(changed)).toBe(0);
    const withOrphan = { ...changed, databases: new Map([...healthy.databases, ["tntorphan1", utf8] as const]) };
    expect(await bench.turn(withOrphan)).toBe(1);
    expect(await bench.turn(withOrphan)).toBe(1);
    bench.rotating.clear();
    expect(await bench.turn(withOrphan)).toBe(2);
  });

  it("takes a server that does not answer for that, and nothing else", async () => {
    const bench = new Bench();
    expect(await bench.turn(silent)).toBe(1);
    bench.open = [{ kind: "UNREACHABLE", object: "default" }];
    expect(await bench.turn(silent)).toBe(1);
    expect(await bench.turn(healthy)).toBe(2);
  });
});
