import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TenantId } from "../../src/kit/ids.ts";
import { CachedTenantReads, type TenantReads } from "../../src/tenants/cached-tenant-reads.ts";
import type { Domain, Tenant } from "../../src/tenants/tenant.ts";
import type { TenantFilter } from "../../src/tenants/tenant-store.ts";
import { aDomain, anId, aTenant } from "../support/builders.ts";

/** A registry in memory whose reads look at once and answer when they are told to, so that a test decides what overtakes what. */
class SlowRegistry implements TenantReads {
  readonly tenants = new Map<TenantId, Tenant>();
  readonly domains = new Map<string, Domain>();
  reads = 0;
  readonly #held: (() => void)[] = [];
  holds = false;

  find = (id: TenantId) => this.#answer(this.tenants.get(id));
  findMany = (ids: readonly TenantId[]) => this.#answer(ids.flatMap((id) => this.tenants.get(id) ?? []));
  findBySlug = (slug: string) =>
    this.#answer([...this.tenants.values()].find((one) => one.slug === slug && one.status !== "DELETED"));
  findByHostname = (hostname: string) => {
    const domain = this.domains.get(hostname);
    return this.#answer(domain && this.tenants.get(domain.tenantId));
  };
  domainsOf = (ids: readonly TenantId[]) =>
    this.#answer([...this.domains.values()].filter(({ tenantId }) => ids.includes(tenantId)));

  list = (filter: TenantFilter) => {
    const { statuses = ["ACTIVE", "SUSPENDED"] } = filter;
    const shown = [...this.tenants.values()].filter(({ status }) => statuses.includes(status));
    const edges = shown.map((node) => ({ node, cursor: node.id }));
    return this.#answer({ edges, hasNextPage: false, hasPreviousPage: false });
  };

  /** Lets the read that has waited longest answer. */
  release(): void {
    this.#held.shift()?.();
  }

  releaseAll(): void {
    while (this.#held.length > 0) this.release();
  }

  async #answer<T>(value: T): Promise<T> {
    this.reads += 1;
    if (this.holds) await new Promise<void>((resolve) => this.#held.push(resolve));
    return value;
  }
}

class Time {
  ms = 1;
  monotonicMs = (): number => this.ms;
}

function world() {
  const registry = new SlowRegistry();
  const time = new Time();
  const reads = new CachedTenantReads(registry, time);
  const write = (after: Tenant) => {
    registry.tenants.set(after.id, after);
    reads.publish({ after });
  };
  return { registry, time, reads, write };
}

describe("cached reads of tenants", () => {
  it("ask the registry once for a tenant that does not change, whichever way it is asked for", async () => {
    const { registry, reads } = world();
    const tenant = aTenant();
    registry.tenants.set(tenant.id, tenant);
    registry.domains.set("a.example.com", aDomain({ tenantId: tenant.id, hostname: "a.example.com" }));
    await reads.findByHostname("a.example.com");
    await reads.findBySlug(tenant.slug);
    const before = registry.reads;
    expect(await reads.findByHostname("a.example.com")).toBe(tenant);
    expect(await reads.findBySlug(tenant.slug)).toBe(tenant);
    expect(await reads.find(tenant.id)).toBe(tenant);
    expect(await reads.findMany([tenant.id, tenant.id])).toEqual([tenant]);
    expect(registry.reads).toBe(before);
  });

  it("never keep that something is not there", async () => {
    const { registry, reads, write } = world();
    const tenant = aTenant();
    expect(await reads.findBySlug(tenant.slug)).toBeUndefined();
    expect(await reads.find(tenant.id)).toBeUndefined();
    expect(await reads.domainsOf([tenant.id])).toEqual([]);
    registry.domains.set("b.example.com", aDomain({ tenantId: tenant.id, hostname: "b.example.com" }));
    write(tenant);
    expect(await reads.findBySlug(tenant.slug)).toBe(tenant);
    expect(await reads.findByHostname("b.example.com")).toBe(tenant);
    expect(await reads.domainsOf([tenant.id])).toHaveLength(1);
  });

  it("do not keep what was read before a change and answered after it", async () => {
    const { registry, reads, write } = world();
    const tenant = aTenant();
    registry.tenants.set(tenant.id, tenant);
    registry.holds = true;
    const early = reads.find(tenant.id);
    const changed = { ...tenant, status: "SUSPENDED" as const, generation: tenant.generation + 1 };
    write(changed);
    registry.releaseAll();
    expect(await early).toBe(tenant);
    registry.holds = false;
    expect(await reads.find(tenant.id)).toBe(changed);
  });

  it("ask for a page again once any tenant has changed, and not before", async () => {
    const { registry, reads, write } = world();
    write(aTenant());
    const first = await reads.list({}, order, page);
    expect(await reads.list({}, order, page)).toBe(first);
    expect((await reads.list({ statuses: ["DELETED"] }, order, page)).edges).toEqual([]);
    write(aTenant());
    expect((await reads.list({}, order, page)).edges).toHaveLength(2);
    expect(registry.reads).toBe(3);
  });

  it("read anew a tenant whose row was touched without a change", async () => {
    const { registry, reads } = world();
    const tenant = aTenant();
    registry.tenants.set(tenant.id, tenant);
    await reads.find(tenant.id);
    const validated = { ...tenant, validatedAt: new Date(5) };
    registry.tenants.set(tenant.id, validated);
    reads.touched([tenant.id]);
    expect(await reads.find(tenant.id)).toBe(validated);
  });

  it("believe nothing for longer than five seconds, whoever has changed it", async () => {
    const { registry, time, reads } = world();
    const tenant = aTenant();
    registry.tenants.set(tenant.id, tenant);
    await reads.find(tenant.id);
    const changed = { ...tenant, name: "Changed by hand" };
    registry.tenants.set(tenant.id, changed);
    time.ms += 5_001;
    expect(await reads.find(tenant.id)).toBe(changed);
  });

  it("hold no more than they may", async () => {
    const registry = new SlowRegistry();
    const reads = new CachedTenantReads(registry, new Time(), 10);
    const tenants = Array.from({ length: 30 }, () => aTenant());
    for (const tenant of tenants) registry.tenants.set(tenant.id, tenant);
    for (const { id } of tenants) await reads.find(id);
    const before = registry.reads;
    for (const { id } of tenants) await reads.find(id);
    expect(registry.reads - before).toBeGreaterThanOrEqual(20);
  });
});

const order = { field: "CREATED_AT", direction: "DESC" } as const;
const page = { direction: "FORWARD", limit: 10 } as const;
const slugs = ["one", "two", "three"] as const;
const hostnames = ["a.example.com", "b.example.com"] as const;

/** What may happen, by tenant. A write is told of at once, as stores do it; a read begun before may answer at any later time. */
const step = fc.oneof(
  fc.record({ kind: fc.constant("rename" as const), who: fc.nat(1), slug: fc.constantFrom(...slugs) }),
  fc.record({ kind: fc.constant("toggle" as const), who: fc.nat(1) }),
  fc.record({ kind: fc.constant("delete" as const), who: fc.nat(1) }),
  fc.record({ kind: fc.constant("move" as const), who: fc.nat(1), hostname: fc.constantFrom(...hostnames) }),
  fc.record({
    kind: fc.constant("ask" as const),
    slug: fc.constantFrom(...slugs),
    hostname: fc.constantFrom(...hostnames),
  }),
  fc.record({ kind: fc.constant("answer" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Two tenants and their host names, and writes as the registry admits them. */
function fleet() {
  const { registry, reads, write } = world();
  const ids = [anId<"Tenant">(), anId<"Tenant">()] as const;
  for (const [at, id] of ids.entries()) registry.tenants.set(id, aTenant({ id, slug: `start-${at}` }));
  const change = (id: TenantId, patch: Partial<Tenant>) => {
    const before = registry.tenants.get(id);
    if (before && before.status !== "DELETED") write({ ...before, ...patch, generation: before.generation + 1 });
  };
  const act = (one: Exclude<Step, { kind: "ask" | "answer" }>) => {
    const id = ids[one.who] ?? ids[0];
    const tenant = registry.tenants.get(id);
    if (!tenant || tenant.status === "DELETED") return;
    const taken = (slug: string) =>
      [...registry.tenants.values()].some((t) => t.slug === slug && t.status !== "DELETED");
    if (one.kind === "rename" && !taken(one.slug)) change(id, { slug: one.slug });
    if (one.kind === "toggle") change(id, { status: tenant.status === "ACTIVE" ? "SUSPENDED" : "ACTIVE" });
    if (one.kind === "delete") {
      for (const [hostname, { tenantId }] of registry.domains) if (tenantId === id) registry.domains.delete(hostname);
      change(id, { status: "DELETED" });
    }
    if (one.kind === "move") {
      const held = registry.domains.get(one.hostname);
      if (held && held.tenantId !== id) return;
      if (held) registry.domains.delete(one.hostname);
      else registry.domains.set(one.hostname, aDomain({ tenantId: id, hostname: one.hostname }));
      change(id, {});
    }
  };
  return { registry, reads, ids, act };
}

it("answer, in whatever order reads and writes meet, what the registry holds once the writes are answered", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { registry, reads, ids, act } = fleet();
      const begun: Promise<unknown>[] = [];
      for (const one of steps) {
        registry.holds = true;
        if (one.kind === "answer") registry.release();
        else if (one.kind !== "ask") act(one);
        else
          begun.push(
            reads.findBySlug(one.slug),
            reads.findByHostname(one.hostname),
            reads.findMany(ids),
            reads.domainsOf(ids),
            reads.list({}, order, page),
          );
        // What has been released comes in before the next step.
        await new Promise((resolve) => setImmediate(resolve));
        registry.holds = false;
        for (const slug of slugs) expect(await reads.findBySlug(slug)).toBe(await registry.findBySlug(slug));
        for (const hostname of hostnames) {
          expect(await reads.findByHostname(hostname)).toBe(await registry.findByHostname(hostname));
        }
        for (const filter of [{}, { statuses: ["SUSPENDED" as const] }]) {
          expect(await reads.list(filter, order, page)).toEqual(await registry.list(filter));
        }
        expect(new Set(await reads.findMany(ids))).toEqual(new Set(await registry.findMany(ids)));
        expect(new Set(await reads.domainsOf(ids))).toEqual(new Set(await registry.domainsOf(ids)));
      }
      registry.releaseAll();
      await Promise.all(begun);
    }),
    { numRuns: 150 },
  );
});
