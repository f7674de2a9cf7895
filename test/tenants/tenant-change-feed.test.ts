import { describe, expect, it } from "vitest";
import { uuidv7Ids } from "../../src/kit/ids.ts";
import type { Label, Tenant } from "../../src/tenants/tenant.ts";
import { SubscriptionOverflow, TenantChangeFeed } from "../../src/tenants/tenant-change-feed.ts";

const never = () => new AbortController().signal;

function aTenant(over: Partial<Tenant> = {}): Tenant {
  const id = uuidv7Ids.next<"Tenant">();
  const serverId = uuidv7Ids.next<"DatabaseServer">();
  const at = new Date(0);
  const rest = { databaseName: "tntabcdefgh", seed: false, generation: 1, createdAt: at, updatedAt: at };
  return { id, slug: "acme", name: "Acme Ltd", status: "ACTIVE", serverId, ...rest, ...over };
}

/** A feed over a registry in which each tenant has these labels and host names now. */
function feedWith(now: { labels?: readonly Label[]; hostnames?: readonly string[] } = {}, queueLength?: number) {
  return new TenantChangeFeed(
    {
      labelsOf: async (ids) => new Map(ids.map((id) => [id, now.labels ?? []])),
      domainsOf: async (ids) =>
        ids.flatMap((tenantId) =>
          (now.hostnames ?? []).map((hostname) => {
            const id = uuidv7Ids.next<"Domain">();
            return { id, tenantId, hostname, isPrimary: true, createdAt: new Date(0) };
          }),
        ),
    },
    queueLength,
  );
}

describe("the feed of tenants' changes", () => {
  it("gives each subscriber every change that it means, in order", async () => {
    const feed = feedWith();
    const all = feed.subscribe({}, never());
    const failed = feed.subscribe({ statuses: ["FAILED"] }, never());
    const [one, two] = [aTenant({ slug: "one" }), aTenant({ slug: "two", status: "FAILED" })];
    feed.publish({ after: one });
    feed.publish({ after: two });
    expect([await all.next(), await all.next()].map(({ value }) => value)).toEqual([one, two]);
    expect(await failed.next()).toEqual({ done: false, value: two });
  });

  it("waits for a change that is yet to come", async () => {
    const feed = feedWith();
    const next = feed.subscribe({}, never()).next();
    const tenant = aTenant();
    feed.publish({ after: tenant });
    expect(await next).toEqual({ done: false, value: tenant });
  });

  it("tells of a tenant that is meant no more by the change, and of one that is gone", async () => {
    const feed = feedWith();
    const active = feed.subscribe({ statuses: ["ACTIVE"] }, never());
    const living = feed.subscribe({}, never());
    const before = aTenant();
    const suspended = { ...before, status: "SUSPENDED" } as const;
    feed.publish({ before, after: suspended });
    expect((await active.next()).value).toEqual(suspended);
    await living.next();
    const deleting = { ...before, status: "DELETING" } as const;
    const deleted = { ...before, status: "DELETED" } as const;
    feed.publish({ before: deleting, after: deleted });
    expect((await living.next()).value).toEqual(deleted);
  });

  it("holds a filter by label or host name against what is there now, and against what the change took away", async () => {
    const labels = [{ key: "team", value: "blue" }];
    const feed = feedWith({ labels, hostnames: ["shop.acme.example"] });
    const tenant = aTenant();
    const subscriptions = {
      blue: feed.subscribe({ labels }, never()),
      red: feed.subscribe({ labels: [{ key: "team", value: "red" }] }, never()),
      shop: feed.subscribe({ search: "SHOP.acme" }, never()),
      name: feed.subscribe({ search: "acme l" }, never()),
      old: feed.subscribe({ search: "old." }, never()),
    };
    feed.publish({ before: tenant, after: tenant });
    feed.publish({ before: tenant, after: tenant, labelsBefore: [{ key: "team", value: "red" }] });
    feed.publish({ before: tenant, after: tenant, hostnamesBefore: ["old.example"] });
    const last = { ...tenant, generation: 9 };
    for (const subscription of [subscriptions.blue, subscriptions.shop, subscriptions.name]) {
      for (const _ of [1, 2, 3]) expect((await subscription.next()).value).toEqual(tenant);
    }
    feed.publish({
      before: last,
      after: last,
      labelsBefore: [{ key: "team", value: "red" }],
      hostnamesBefore: ["old.example"],
    });
    for (const subscription of [subscriptions.red, subscriptions.old]) {
      expect((await subscription.next()).value).toEqual(tenant);
      expect((await subscription.next()).value).toEqual(last);
    }
  });

  it("ends the subscription of whoever is too slow, and nobody else's", async () => {
    const feed = feedWith({}, 2);
    const slow = feed.subscribe({}, never());
    const quick = feed.subscribe({}, never());
    for (const slug of ["one", "two", "three"]) {
      feed.publish({ after: aTenant({ slug }) });
      expect((await quick.next()).value).toMatchObject({ slug });
    }
    await expect(slow.next()).rejects.toThrow(SubscriptionOverflow);
    expect(await slow.next()).toEqual({ done: true, value: undefined });
    expect(feed.subscribers).toBe(1);
  });

  it("lets go of who leaves, by return or by signal, also in the middle of a wait", async () => {
    const feed = feedWith();
    const controller = new AbortController();
    const left = feed.subscribe({}, never());
    const aborted = feed.subscribe({}, controller.signal);
    const waiting = [left.next(), aborted.next()];
    await left.return?.();
    controller.abort();
    expect(await Promise.all(waiting)).toEqual([1, 2].map(() => ({ done: true, value: undefined })));
    expect(feed.subscribers).toBe(0);
    expect(await feed.subscribe({}, controller.signal).next()).toEqual({ done: true, value: undefined });
    expect(feed.subscribers).toBe(0);
  });

  it("refuses a filter that nobody can mean, and keeps nothing of it", () => {
    const feed = feedWith();
    expect(() => feed.subscribe({ search: "x".repeat(300) }, never())).toThrow("A search has at most");
    expect(feed.subscribers).toBe(0);
  });
});
