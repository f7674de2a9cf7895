import { expect, it } from "vitest";
import type { JobKind } from "../../src/jobs/job.ts";
import type { JobLease } from "../../src/jobs/job-store.ts";
import { systemClock } from "../../src/kit/clock.ts";
import { uuidv7Ids } from "../../src/kit/ids.ts";
import { createStores, type Stores } from "../../src/wiring/stores.ts";
import { aNewJob, aNewTenant, anAdmission, anId, anOrigin } from "../support/builders.ts";
import { freshRegistry } from "../support/registry.ts";

const order = { field: "SLUG", direction: "ASC" } as const;
const page = { direction: "FORWARD", limit: 10 } as const;
const hostnames = ["a.example.com", "b.example.com"];

/** Everything that is kept, asked for once from memory and once from the registry. */
async function bothOf({ tenantReads, tenants }: Stores, fresh: { readonly id: ReturnType<typeof anId<"Tenant">> }) {
  const asked = (reads: typeof tenantReads | typeof tenants) =>
    Promise.all([
      reads.find(fresh.id),
      reads.findMany([fresh.id]),
      ...["first", "second"].map((slug) => reads.findBySlug(slug)),
      ...hostnames.map((hostname) => reads.findByHostname(hostname)),
      reads.domainsOf([fresh.id]),
      reads.list({}, order, page),
      reads.list({ statuses: ["DELETED"] }, order, page),
    ]);
  return { kept: await asked(tenantReads), registry: await asked(tenants) };
}

async function claim({ jobs }: Stores, kind: JobKind): Promise<JobLease> {
  const claimed = await jobs.claim("worker", 60_000, [kind]);
  if (!claimed) throw new TypeError(`No ${kind} is due.`);
  return claimed.lease;
}

it("reads from memory what the registry holds, after each step of a tenant's life", async () => {
  await using registry = await freshRegistry();
  const stores = createStores(registry.db, systemClock, uuidv7Ids);
  const { tenants, lifecycle, findings, jobs } = stores;
  const fresh = aNewTenant({ slug: "first", hostnames: ["a.example.com"] });
  const { id } = fresh;
  const domain = { id: anId<"Domain">(), hostname: "b.example.com", primary: true };
  const end = { message: "Done.", progress: { phase: "done", total: 1, done: 1, failed: 0, skipped: 0, percent: 100 } };
  const finish = (lease: JobLease) => jobs.finish(lease, { status: "SUCCEEDED", ...end });
  const wish = (kind: JobKind, action: string) => ({ tenantId: id, job: aNewJob({ kind, items: [id] }), action });
  let lease: JobLease;
  const steps: readonly (() => Promise<unknown>)[] = [
    () => tenants.admit(anAdmission([fresh])),
    async () => {
      lease = await claim(stores, "PROVISION_TENANTS");
      await tenants.activate(lease, id, "0001_more", 1);
      await finish(lease);
    },
    () => tenants.addDomain(id, domain, 5, anOrigin()),
    () => tenants.update({ id, slug: "second", labels: [{ key: "k", value: "v" }] }, anOrigin()),
    () => tenants.removeDomain(id, "a.example.com", anOrigin()),
    async () => {
      await jobs.enqueue(aNewJob({ items: [id] }), anOrigin());
      lease = await claim(stores, "VALIDATE_TENANTS");
      await findings.recordTenants(lease, [
        { item: { tenantId: id, status: "SUCCEEDED", durationMs: 1 }, serverId: fresh.serverId, findings: [] },
      ]);
      await finish(lease);
    },
    () => lifecycle.begin({ ...wish("SUSPEND_TENANT", "suspendTenant"), from: ["ACTIVE"] }, anOrigin()),
    async () => {
      lease = await claim(stores, "SUSPEND_TENANT");
      await lifecycle.move(lease, id, { from: "ACTIVE", to: "SUSPENDED" }, 1);
      await finish(lease);
    },
    () =>
      lifecycle.begin({ ...wish("DELETE_TENANT", "deleteTenant"), from: ["SUSPENDED"], to: "DELETING" }, anOrigin()),
    async () => lifecycle.bury(await claim(stores, "DELETE_TENANT"), id, 1),
  ];
  for (const step of steps) {
    await step();
    const { kept, registry: held } = await bothOf(stores, fresh);
    expect(kept).toEqual(held);
  }
  expect(await stores.tenantReads.findBySlug("second")).toBeUndefined();
  expect(await stores.tenantReads.find(id)).toMatchObject({ status: "DELETED" });
});
