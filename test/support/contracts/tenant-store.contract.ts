import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { JobLease } from "../../../src/jobs/job-store.ts";
import type { TenantId } from "../../../src/kit/ids.ts";
import type { NewTenant } from "../../../src/tenants/tenant-store.ts";
import { aNewJob, aNewTenant, anAdmission, anId, anOrigin } from "../builders.ts";
import type { OpenWorld, StoreWorld } from "./store-world.ts";

/** What every TenantStore keeps to, as far as single tenants are concerned. */
export function tenantStoreContract(name: string, open: OpenWorld): void {
  describe(`TenantStore: ${name}`, () => {
    let world: StoreWorld;
    beforeAll(async () => {
      world = await open();
    });
    beforeEach(() => world.reset());
    afterAll(() => world.close());

    const admit = async (...tenants: NewTenant[]) => world.tenants.admit(anAdmission(tenants));
    const claim = async (): Promise<JobLease> => {
      const claimed = await world.jobs.claim("worker", 60_000, ["PROVISION_TENANTS"]);
      if (!claimed) throw new Error("No job was due.");
      return claimed.lease;
    };
    const failed = { code: "UNREACHABLE", message: "The server did not answer.", retryable: true };
    const aFailedTenant = async (): Promise<TenantId> => {
      const tenant = aNewTenant();
      await admit(tenant);
      const lease = await claim();
      await world.tenants.fail(lease, tenant.id, failed, 5);
      const progress = { phase: "done", total: 1, done: 0, failed: 1, skipped: 0, percent: 100 };
      await world.jobs.finish(lease, { status: "FAILED", message: "Failed.", progress });
      return tenant.id;
    };

    describe("admit", () => {
      it("enters the tenant with everything that belongs to it", async () => {
        const tenant = aNewTenant({
          hostnames: ["b.example.com", "a.example.com"],
          labels: [
            { key: "tier", value: "gold" },
            { key: "area", value: "eu" },
          ],
        });
        const admission = anAdmission([tenant]);
        const admitted = await world.tenants.admit(admission);
        expect(admitted.repeated).toBe(false);
        expect(admitted.tenants).toEqual(await world.tenants.findMany([tenant.id]));
        expect(admitted.tenants).toMatchObject([
          { slug: tenant.slug, status: "PROVISIONING", generation: 1, databaseName: tenant.databaseName },
        ]);
        expect(admitted.job).toEqual(await world.jobs.find(admission.job.id));
        expect(await world.jobs.events(admission.job.id, 0, 10)).toMatchObject([{ sequence: 1, status: "QUEUED" }]);
        expect(await world.jobs.pendingItems(admission.job.id, 10)).toEqual([tenant.id]);
        expect(await world.tenants.domainsOf([tenant.id])).toMatchObject([
          { hostname: "b.example.com", isPrimary: true },
          { hostname: "a.example.com", isPrimary: false },
        ]);
        expect((await world.tenants.labelsOf([tenant.id])).get(tenant.id)).toEqual([
          { key: "area", value: "eu" },
          { key: "tier", value: "gold" },
        ]);
        expect((await world.tenants.passwordsOf([tenant.id])).get(tenant.id)).toBe(tenant.password);
        expect(await world.auditRows()).toEqual([
          {
            actorId: admission.origin.actor.id,
            action: "createTenant",
            subject: `Tenant:${tenant.id}`,
            result: "OK",
          },
        ]);
        expect(world.changes).toEqual([{ after: admitted.tenants[0] }]);
      });

      it("answers in the order of the admission", async () => {
        const tenants = ["zoo", "ant", "mole"].map((slug) => aNewTenant({ slug }));
        const { tenants: entered } = await admit(...tenants);
        expect(entered.map(({ slug }) => slug)).toEqual(["zoo", "ant", "mole"]);
      });

      it("refuses a slug that is taken, names the entry, and adds nothing", async () => {
        await admit(aNewTenant({ slug: "acme" }));
        const fresh = aNewTenant({ hostnames: ["fresh.example.com"] });
        const admission = anAdmission([fresh, aNewTenant({ slug: "acme" })]);
        await expect(world.tenants.admit(admission)).rejects.toMatchObject({
          code: "SLUG_TAKEN",
          field: ["input", "tenants", "1", "slug"],
        });
        expect(await world.tenants.find(fresh.id)).toBeUndefined();
        expect(await world.tenants.findByHostname("fresh.example.com")).toBeUndefined();
        expect(await world.jobs.find(admission.job.id)).toBeUndefined();
        expect(world.changes).toHaveLength(1);
        await expect(admit(aNewTenant({ slug: "acme" }))).rejects.toMatchObject({ field: ["input", "slug"] });
      });

      it("refuses a domain that is taken and names it", async () => {
        await admit(aNewTenant({ hostnames: ["shop.example.com"] }));
        const late = aNewTenant({ hostnames: ["own.example.com", "shop.example.com"] });
        await expect(admit(late)).rejects.toMatchObject({ code: "DOMAIN_TAKEN", field: ["input", "domains", "1"] });
        await expect(admit(aNewTenant(), late)).rejects.toMatchObject({
          field: ["input", "tenants", "1", "domains", "1"],
        });
        expect(await world.tenants.find(late.id)).toBeUndefined();
      });

      it("refuses an admission that names a slug twice", async () => {
        await expect(admit(aNewTenant({ slug: "twin" }), aNewTenant({ slug: "twin" }))).rejects.toMatchObject({
          code: "SLUG_TAKEN",
          field: ["input", "tenants", "1", "slug"],
        });
        expect(await world.tenants.findBySlug("twin")).toBeUndefined();
      });

      it("lets exactly one of many at once have the slug", async () => {
        const tries = Array.from({ length: 6 }, () => admit(aNewTenant({ slug: "race" })));
        const outcomes = await Promise.allSettled(tries);
        expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
        for (const outcome of outcomes) {
          if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "SLUG_TAKEN" });
        }
        expect(await world.tenants.count({ slugs: ["race"] }, 10)).toBe(1);
      });

      it("enters a thousand at once", async () => {
        const tenants = Array.from({ length: 1_000 }, () => aNewTenant({ labels: [{ key: "test", value: "true" }] }));
        const { job } = await admit(...tenants);
        expect(await world.tenants.count({ labels: [{ key: "test", value: "true" }] }, 5_000)).toBe(1_000);
        expect(await world.jobs.itemCounts(job.id)).toMatchObject({ total: 1_000, pending: 1_000 });
      });
    });

    describe("idempotency", () => {
      const origin = anOrigin();
      const keyed = (inputHash: string, part: { readonly slug?: string; readonly key?: string } = {}) => {
        const idempotency = { key: part.key ?? "key", operation: "createTenant", inputHash };
        return anAdmission([aNewTenant(part.slug ? { slug: part.slug } : {})], { origin, idempotency });
      };

      it("answers a repeated request with what was entered then, as it is now", async () => {
        const first = await world.tenants.admit(keyed("h1", { slug: "once" }));
        const id = first.tenants[0]?.id ?? anId<"Tenant">();
        await world.tenants.update({ id, name: "Renamed" }, origin);
        const again = await world.tenants.admit(keyed("h1", { slug: "once" }));
        expect(again).toMatchObject({ repeated: true, tenants: [{ id, name: "Renamed" }], job: { id: first.job.id } });
        expect(await world.tenants.count({}, 10)).toBe(1);
        expect(world.changes).toHaveLength(2);
      });

      it("recalls what was entered under a key without entering anything", async () => {
        const admission = keyed("h1");
        const known = { key: "key", operation: "createTenant", inputHash: "h1" };
        expect(await world.tenants.recall(known, origin)).toBeUndefined();
        const { job } = await world.tenants.admit(admission);
        expect(await world.tenants.recall(known, origin)).toMatchObject({ repeated: true, job: { id: job.id } });
        expect(await world.tenants.recall(known, anOrigin())).toBeUndefined();
        const other = world.tenants.recall({ ...known, inputHash: "h2" }, origin);
        await expect(other).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
      });

      it("refuses the key for other input", async () => {
        await world.tenants.admit(keyed("h1"));
        await expect(world.tenants.admit(keyed("h2"))).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
        expect(await world.tenants.count({}, 10)).toBe(1);
      });

      it("keeps keys byte by byte and per actor", async () => {
        await world.tenants.admit(keyed("h1", { key: "Key" }));
        await world.tenants.admit(keyed("h1", { key: "key" }));
        await world.tenants.admit(keyed("h1", { key: "key " }));
        await world.tenants.admit({ ...keyed("h1"), origin: anOrigin() });
        expect(await world.tenants.count({}, 10)).toBe(4);
      });

      it("enters one of many requests at once, and gives all the same answer", async () => {
        const answers = await Promise.all(Array.from({ length: 5 }, () => world.tenants.admit(keyed("h1"))));
        expect(new Set(answers.map(({ job }) => job.id)).size).toBe(1);
        expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
        expect(await world.tenants.count({}, 10)).toBe(1);
      });

      it("forgets a key whose request was refused", async () => {
        await admit(aNewTenant({ slug: "taken" }));
        await expect(world.tenants.admit(keyed("h1", { slug: "taken" }))).rejects.toMatchObject({ code: "SLUG_TAKEN" });
        expect(await world.tenants.admit(keyed("h2", { slug: "free" }))).toMatchObject({ repeated: false });
      });
    });

    describe("lookups", () => {
      it("finds by slug and host name, byte by byte", async () => {
        const tenant = aNewTenant({ slug: "acme", hostnames: ["acme.example.com"] });
        await admit(tenant);
        expect((await world.tenants.findBySlug("acme"))?.id).toBe(tenant.id);
        expect((await world.tenants.findByHostname("acme.example.com"))?.id).toBe(tenant.id);
        for (const other of ["ACME", "acme ", "ácme", "acm"]) {
          expect(await world.tenants.findBySlug(other)).toBeUndefined();
          expect(await world.tenants.findByHostname(`${other}.example.com`)).toBeUndefined();
        }
        expect(await world.tenants.findByHostname("acme.example.com ")).toBeUndefined();
      });

      it("leaves out ids that do not exist or cannot", async () => {
        const tenant = aNewTenant();
        await admit(tenant);
        const ids = [tenant.id, anId<"Tenant">(), tenant.id];
        expect((await world.tenants.findMany(ids)).map(({ id }) => id)).toEqual([tenant.id]);
        expect(await world.tenants.findMany([])).toEqual([]);
      });

      it("counts per status and per schema version", async () => {
        const [one, two, three] = [aNewTenant(), aNewTenant(), aNewTenant()];
        await admit(one, two, three);
        const lease = await claim();
        await world.tenants.activate(lease, one.id, "0001_more", 1);
        await world.tenants.activate(lease, two.id, undefined, 1);
        const counts = await world.tenants.statusCounts();
        expect([counts.get("ACTIVE"), counts.get("PROVISIONING"), counts.get("FAILED") ?? 0]).toEqual([2, 1, 0]);
        expect(await world.tenants.schemaVersionCounts()).toEqual([
          { version: undefined, tenants: 1 },
          { version: "0001_more", tenants: 1 },
        ]);
      });
    });

    describe("update", () => {
      it("changes what is given, grows the generation, audits and publishes", async () => {
        const tenant = aNewTenant({ labels: [{ key: "a", value: "1" }] });
        const { tenants: before } = await admit(tenant);
        const origin = anOrigin();
        const labels = [{ key: "b", value: "2" }];
        const after = await world.tenants.update({ id: tenant.id, slug: "renamed", labels }, origin);
        expect(after).toMatchObject({ slug: "renamed", name: tenant.name, generation: 2 });
        expect(after.updatedAt.getTime()).toBeGreaterThan(before[0]?.updatedAt.getTime() ?? 0);
        expect(await world.tenants.find(tenant.id)).toEqual(after);
        expect((await world.tenants.labelsOf([tenant.id])).get(tenant.id)).toEqual(labels);
        const labelsBefore = [{ key: "a", value: "1" }];
        expect(world.changes.at(-1)).toEqual({ before: before[0], after, labelsBefore });
        expect((await world.auditRows()).at(-1)).toMatchObject({ action: "updateTenant", actorId: origin.actor.id });
        expect((await admit(aNewTenant({ slug: tenant.slug }))).repeated).toBe(false);
      });

      it("leaves a tenant alone that is so already, and publishes nothing", async () => {
        const [one, two] = [
          { key: "a", value: "1" },
          { key: "b", value: "2" },
        ];
        const tenant = aNewTenant({ labels: [one, two] });
        const { tenants: before } = await admit(tenant);
        const { id, slug, name } = tenant;
        const published = world.changes.length;
        for (const wish of [{ name }, { slug }, { labels: [two, one] }, { slug, name, labels: [one, two] }]) {
          expect(await world.tenants.update({ id, expectedGeneration: 1, ...wish }, anOrigin())).toEqual(before[0]);
        }
        expect(await world.tenants.find(id)).toEqual(before[0]);
        expect(world.changes).toHaveLength(published);
        for (const labels of [[one], [one, { key: "b", value: "3" }], [one, { key: "c", value: "2" }], []]) {
          const { generation } = (await world.tenants.find(id)) ?? {};
          const after = await world.tenants.update({ id, labels }, anOrigin());
          expect(after.generation).toBe((generation ?? 0) + 1);
        }
      });

      it("refuses a stale generation, a slug that is taken and an unknown tenant", async () => {
        const tenant = aNewTenant();
        await admit(tenant, aNewTenant({ slug: "taken" }));
        const { id } = tenant;
        const update = (part: object) => world.tenants.update({ id, name: "X", ...part }, anOrigin());
        await expect(update({ expectedGeneration: 7 })).rejects.toMatchObject({ code: "STALE_GENERATION", actual: 1 });
        await expect(update({ slug: "taken" })).rejects.toMatchObject({
          code: "SLUG_TAKEN",
          field: ["input", "slug"],
        });
        await expect(update({ id: anId<"Tenant">() })).rejects.toMatchObject({ code: "NOT_FOUND" });
        expect(await world.tenants.find(id)).toMatchObject({ name: tenant.name, generation: 1 });
        expect(await update({ expectedGeneration: 1 })).toMatchObject({ name: "X", generation: 2 });
      });
    });

    describe("domains", () => {
      const add = (id: TenantId, hostname: string, primary = false, max = 10) =>
        world.tenants.addDomain(id, { id: anId<"Domain">(), hostname, primary }, max, anOrigin());
      const primaryOf = async (id: TenantId) =>
        (await world.tenants.domainsOf([id])).filter(({ isPrimary }) => isPrimary).map(({ hostname }) => hostname);

      it("makes the first domain primary, and a later one when asked", async () => {
        const { id } = aNewTenant();
        await admit(aNewTenant({ id }));
        expect((await add(id, "one.example.com")).domain.isPrimary).toBe(true);
        expect((await add(id, "two.example.com")).domain.isPrimary).toBe(false);
        expect(await primaryOf(id)).toEqual(["one.example.com"]);
        const { domain, tenant } = await add(id, "three.example.com", true);
        expect(domain.isPrimary).toBe(true);
        expect(tenant.generation).toBe(4);
        expect(await primaryOf(id)).toEqual(["three.example.com"]);
        expect(world.changes.at(-1)?.hostnamesBefore).toEqual(["one.example.com", "two.example.com"]);
      });

      it("refuses what is taken, and more than the limit", async () => {
        const tenant = aNewTenant({ hostnames: ["one.example.com"] });
        const other = aNewTenant({ hostnames: ["other.example.com"] });
        await admit(tenant, other);
        await expect(add(tenant.id, "other.example.com")).rejects.toMatchObject({
          code: "DOMAIN_TAKEN",
          field: ["input", "hostname"],
        });
        await expect(add(tenant.id, "two.example.com", true, 1)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
        await expect(add(anId<"Tenant">(), "x.example.com")).rejects.toMatchObject({ code: "NOT_FOUND" });
        expect(await primaryOf(tenant.id)).toEqual(["one.example.com"]);
        expect(await world.tenants.find(tenant.id)).toMatchObject({ generation: 1 });
      });

      it("hands primary on to the oldest that is left", async () => {
        const tenant = aNewTenant({ hostnames: ["one.example.com"] });
        await admit(tenant);
        await add(tenant.id, "two.example.com");
        await add(tenant.id, "three.example.com");
        const { domain } = await world.tenants.removeDomain(tenant.id, "one.example.com", anOrigin());
        expect(domain).toMatchObject({ hostname: "one.example.com", isPrimary: true });
        expect(world.changes.at(-1)?.hostnamesBefore).toHaveLength(3);
        expect(await primaryOf(tenant.id)).toEqual(["two.example.com"]);
        expect(await world.tenants.findByHostname("one.example.com")).toBeUndefined();
        await expect(world.tenants.removeDomain(tenant.id, "one.example.com", anOrigin())).rejects.toMatchObject({
          code: "NOT_FOUND",
        });
      });
    });

    describe("the end of provisioning", () => {
      it("activates the tenant and settles its item", async () => {
        const tenant = aNewTenant();
        const { job } = await admit(tenant);
        const lease = await claim();
        const active = await world.tenants.activate(lease, tenant.id, "0003_last", 12.5);
        expect(active).toMatchObject({ status: "ACTIVE", schemaVersion: "0003_last", generation: 2 });
        expect(await world.tenants.find(tenant.id)).toEqual(active);
        expect(world.changes.at(-1)).toMatchObject({ before: { status: "PROVISIONING" }, after: { status: "ACTIVE" } });
        const items = await world.jobs.items(job.id, undefined, { limit: 5, direction: "FORWARD" });
        expect(items.edges.map(({ node }) => node)).toEqual([
          { tenantId: tenant.id, status: "SUCCEEDED", durationMs: 12.5 },
        ]);
        await expect(world.tenants.activate(lease, tenant.id, "0003_last", 1)).rejects.toMatchObject({
          code: "INVALID_STATE",
        });
      });

      it("writes why a tenant failed", async () => {
        const tenant = aNewTenant();
        const { job } = await admit(tenant);
        const after = await world.tenants.fail(await claim(), tenant.id, failed, 3);
        expect(after).toMatchObject({ status: "FAILED", statusReason: "UNREACHABLE: The server did not answer." });
        expect(await world.jobs.itemCounts(job.id)).toMatchObject({ failed: 1, pending: 0 });
        expect(await world.jobs.unfinishedItems(job.id)).toEqual([tenant.id]);
      });

      it("gives up those of many that are still to be provisioned, and tells of each", async () => {
        const [ready, left, other] = [aNewTenant(), aNewTenant(), aNewTenant()];
        const { job } = await admit(ready, left, other);
        const lease = await claim();
        await world.tenants.activate(lease, ready.id, "0003_last", 1);
        const before = world.changes.length;
        await world.tenants.giveUp(lease, [ready.id, left.id, other.id], failed);
        const found = await world.tenants.findMany([ready.id, left.id, other.id]);
        expect(new Map(found.map((tenant) => [tenant.id, tenant]))).toEqual(
          new Map([
            [ready.id, expect.objectContaining({ status: "ACTIVE", generation: 2 })],
            ...[left, other].map(({ id }): [string, unknown] => [
              id,
              expect.objectContaining({
                status: "FAILED",
                statusReason: "UNREACHABLE: The server did not answer.",
                generation: 2,
              }),
            ]),
          ]),
        );
        expect(await world.jobs.itemCounts(job.id)).toMatchObject({ succeeded: 1, failed: 2, pending: 0 });
        const told = world.changes.slice(before).map(({ after }) => after?.id);
        expect(told.sort()).toEqual([left.id, other.id].sort());
      });

      it("skips whoever is to be given up and is not being provisioned", async () => {
        const [suspended, gone] = [aNewTenant(), aNewTenant()];
        const { job } = await admit(suspended, gone);
        const lease = await claim();
        await world.tenants.fail(lease, suspended.id, failed, 1);
        await world.tenants.giveUp(lease, [suspended.id, gone.id], failed);
        await world.tenants.giveUp(lease, [], failed);
        expect(await world.tenants.find(suspended.id)).toMatchObject({ status: "FAILED", generation: 2 });
        expect(await world.jobs.itemCounts(job.id)).toMatchObject({ failed: 2, skipped: 0, pending: 0 });
      });

      it("changes nothing for a worker that lost its lease", async () => {
        const tenant = aNewTenant();
        const { job } = await admit(tenant);
        const lease = await claim();
        await world.passTime(job.id, 61_000);
        await expect(world.tenants.activate(lease, tenant.id, "x", 1)).rejects.toMatchObject({ code: "LEASE_LOST" });
        await expect(world.tenants.fail(lease, tenant.id, failed, 1)).rejects.toMatchObject({ code: "LEASE_LOST" });
        await expect(world.tenants.giveUp(lease, [tenant.id], failed)).rejects.toMatchObject({ code: "LEASE_LOST" });
        expect(await world.tenants.find(tenant.id)).toMatchObject({ status: "PROVISIONING", generation: 1 });
        expect(await world.jobs.itemCounts(job.id)).toMatchObject({ pending: 1 });
      });
    });

    describe("retry", () => {
      it("takes a FAILED tenant up with a new job", async () => {
        const id = await aFailedTenant();
        const job = aNewJob({ kind: "PROVISION_TENANTS", tenantId: id, items: [id] });
        const retried = await world.tenants.retry(id, job, anOrigin());
        expect(retried.tenant).toMatchObject({ status: "PROVISIONING" });
        expect(retried.tenant.statusReason).toBeUndefined();
        expect(await world.tenants.find(id)).toEqual(retried.tenant);
        expect(retried.job).toMatchObject({ id: job.id, status: "QUEUED" });
        expect(await world.jobs.pendingItems(job.id, 5)).toEqual([id]);
      });

      it("refuses a tenant that a job is changing, that is not FAILED or not there", async () => {
        const tenant = aNewTenant();
        const { job } = await admit(tenant);
        const retry = (id: TenantId) =>
          world.tenants.retry(id, aNewJob({ kind: "PROVISION_TENANTS", items: [id] }), anOrigin());
        await expect(retry(tenant.id)).rejects.toMatchObject({ code: "TENANT_BUSY", jobId: job.id });
        await world.tenants.activate(await claim(), tenant.id, "0001_more", 1);
        await expect(retry(tenant.id)).rejects.toMatchObject({ code: "INVALID_STATE", field: ["input", "id"] });
        await expect(retry(anId<"Tenant">())).rejects.toMatchObject({ code: "NOT_FOUND" });
      });

      it("lets one of two retries at once have the tenant", async () => {
        const id = await aFailedTenant();
        const retry = () =>
          world.tenants.retry(id, aNewJob({ kind: "PROVISION_TENANTS", tenantId: id, items: [id] }), anOrigin());
        const outcomes = await Promise.allSettled([retry(), retry(), retry()]);
        expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      });

      it("retries of many only those that are left, and refuses when there is none", async () => {
        const [good, bad, open] = [aNewTenant(), aNewTenant(), aNewTenant()];
        await admit(good, bad, open);
        const lease = await claim();
        await world.tenants.activate(lease, good.id, "x", 1);
        await world.tenants.fail(lease, bad.id, failed, 1);
        const again = (items: readonly TenantId[]) =>
          world.tenants.retryMany(aNewJob({ kind: "PROVISION_TENANTS", items }), anOrigin());
        await expect(again([bad.id, open.id])).rejects.toMatchObject({ code: "TENANT_BUSY", jobId: lease.jobId });
        const progress = { phase: "done", total: 3, done: 1, failed: 1, skipped: 0, percent: 100 };
        await world.jobs.finish(lease, { status: "FAILED", message: "Failed.", progress });
        const job = await again([good.id, bad.id, open.id]);
        expect(await world.jobs.pendingItems(job.id, 5)).toEqual([bad.id, open.id]);
        expect(await world.tenants.find(bad.id)).toMatchObject({ status: "PROVISIONING" });
        await expect(again([good.id])).rejects.toMatchObject({ code: "INVALID_STATE", field: ["input", "id"] });
      });
    });
  });
}
