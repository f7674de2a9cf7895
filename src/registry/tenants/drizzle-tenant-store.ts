import { and, inArray } from "drizzle-orm";
import type { Job, JobError } from "../../jobs/job.ts";
import type { JobLease, NewJob } from "../../jobs/job-store.ts";
import type { Origin } from "../../kit/actor.ts";
import type { Clock } from "../../kit/clock.ts";
import { InvalidState } from "../../kit/domain-error.ts";
import { type Failpoints, noFailpoints } from "../../kit/failpoints.ts";
import type { Ids, JobId, TenantId } from "../../kit/ids.ts";
import type { Page, PageRequest } from "../../kit/page.ts";
import { sameLabels } from "../../tenants/label.ts";
import type { Domain, Tenant } from "../../tenants/tenant.ts";
import type { TenantChanges } from "../../tenants/tenant-changes.ts";
import {
  type Admission,
  type Admitted,
  type Idempotency,
  type Occupied,
  SlugTaken,
  StaleGeneration,
  type TenantFilter,
  type TenantOrder,
  type TenantStore,
  type TenantUpdate,
} from "../../tenants/tenant-store.ts";
import { writeAudit } from "../access/audit-rows.ts";
import type { RegistryDatabase } from "../database.ts";
import { reserveAll } from "../jobs/busy-tenants.ts";
import { isDuplicateEntry } from "../registry-trouble.ts";
import { tenants } from "../tables/tenants.ts";
import { writeGivenUp } from "./given-up-tenants.ts";
import { recallRequest } from "./known-requests.ts";
import { busyJobs, letGo, occupy, occupyMany, rotationOf } from "./occupation.ts";
import { takeUp } from "./take-up.ts";
import { admitTenants, replaceLabels } from "./tenant-admission.ts";
import { deleteDomain, insertDomain, type NewDomain } from "./tenant-domains.ts";
import { TenantLookups } from "./tenant-lookups.ts";
import { countTenants, pageOfTenants, scanTenants } from "./tenant-queries.ts";
import { lockChangeable, lockTenant, type TenantPatch, tenantColumns, toTenant, writeTenant } from "./tenant-rows.ts";
import { TenantWriter } from "./tenant-writer.ts";

/** Tenants in the registry. Changes are published after they were committed. */
export class DrizzleTenantStore implements TenantStore {
  readonly #lookups: TenantLookups;
  readonly #writer: TenantWriter;

  constructor(
    private readonly db: RegistryDatabase,
    private readonly changes: TenantChanges,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly failpoints: Failpoints = noFailpoints,
  ) {
    this.#lookups = new TenantLookups(db);
    this.#writer = new TenantWriter(db, changes, clock, ids);
  }

  async admit(admission: Admission): Promise<Admitted> {
    const claimed = () => this.failpoints.hit("admit:claimed");
    const admitted = await this.db.batched((batch) =>
      admitTenants(batch, this.ids, admission, this.clock.now(), claimed),
    );
    await this.failpoints.hit("admit:committed");
    if (!admitted.repeated) for (const after of admitted.tenants) this.changes.publish({ after });
    return admitted;
  }

  recall(idempotency: Idempotency, origin: Origin): Promise<Admitted | undefined> {
    return this.db.read((orm) => recallRequest(orm, idempotency, origin));
  }

  async find(id: TenantId): Promise<Tenant | undefined> {
    const [tenant] = await this.findMany([id]);
    return tenant;
  }

  findMany: TenantStore["findMany"] = (ids) => this.#lookups.findMany(ids);
  findBySlug: TenantStore["findBySlug"] = (slug) => this.#lookups.findBySlug(slug);
  findByHostname: TenantStore["findByHostname"] = (hostname) => this.#lookups.findByHostname(hostname);
  domainsOf: TenantStore["domainsOf"] = (ids) => this.#lookups.domainsOf(ids);
  findDomains: TenantStore["findDomains"] = (ids) => this.#lookups.findDomains(ids);
  labelsOf: TenantStore["labelsOf"] = (ids) => this.#lookups.labelsOf(ids);
  healthOf: TenantStore["healthOf"] = (ids) => this.#lookups.healthOf(ids);
  passwordsOf: TenantStore["passwordsOf"] = (ids) => this.#lookups.passwordsOf(ids);
  statusCounts: TenantStore["statusCounts"] = () => this.#lookups.statusCounts();
  schemaVersionCounts: TenantStore["schemaVersionCounts"] = () => this.#lookups.schemaVersionCounts();

  list(filter: TenantFilter, order: TenantOrder, page: PageRequest): Promise<Page<Tenant>> {
    return this.db.read((orm) => pageOfTenants(orm, filter, order, page));
  }

  count(filter: TenantFilter, cap: number): Promise<number> {
    return this.db.read((orm) => countTenants(orm, filter, cap));
  }

  scan(filter: TenantFilter, limit: number, afterSlug?: string): Promise<readonly Tenant[]> {
    return this.db.read((orm) => scanTenants(orm, filter, limit, afterSlug));
  }

  async update({ id, name, slug, labels, expectedGeneration }: TenantUpdate, origin: Origin): Promise<Tenant> {
    const { after } = await this.#writer.change(origin, "updateTenant", async (tx, at) => {
      const before = await lockChangeable(tx, id);
      if (expectedGeneration !== undefined && expectedGeneration !== before.generation) {
        throw new StaleGeneration(expectedGeneration, before.generation);
      }
      const patch = { slug: slug ?? before.slug, name: name ?? before.name };
      const labelsBefore = labels && (await replaceLabels(tx, id, labels));
      const labelsStay = !labels || !labelsBefore || sameLabels(labels, labelsBefore);
      if (labelsStay && patch.slug === before.slug && patch.name === before.name) return { before, after: before };
      const after = await writeTenant(tx, before, patch, at).catch((error: unknown) => {
        if (!isDuplicateEntry(error)) throw error;
        throw new SlugTaken(slug ?? before.slug, { field: ["input", "slug"], cause: error });
      });
      return labelsBefore ? { before, after, labelsBefore } : { before, after };
    });
    return after;
  }

  async addDomain(
    tenantId: TenantId,
    domain: NewDomain,
    maxDomains: number,
    origin: Origin,
  ): Promise<{ readonly domain: Domain; readonly tenant: Tenant }> {
    const { domain: added, after } = await this.#writer.change(origin, "addTenantDomain", async (tx, at) => {
      const before = await lockChangeable(tx, tenantId, ["input", "tenantId"]);
      const change = await insertDomain(tx, before, domain, maxDomains, at);
      return { ...change, before, after: await writeTenant(tx, before, {}, at) };
    });
    return { domain: added, tenant: after };
  }

  async removeDomain(
    tenantId: TenantId,
    hostname: string,
    origin: Origin,
  ): Promise<{ readonly domain: Domain; readonly tenant: Tenant }> {
    const { domain, after } = await this.#writer.change(origin, "removeTenantDomain", async (tx, at) => {
      const before = await lockChangeable(tx, tenantId, ["input", "tenantId"]);
      const change = await deleteDomain(tx, before, hostname);
      return { ...change, before, after: await writeTenant(tx, before, {}, at) };
    });
    return { domain, tenant: after };
  }

  async retry(
    tenantId: TenantId,
    job: NewJob,
    origin: Origin,
  ): Promise<{ readonly tenant: Tenant; readonly job: Job }> {
    const { after, entered } = await this.#writer.change(origin, "retryTenant", async (tx, at) => {
      const before = await lockTenant(tx, tenantId);
      await reserveAll(tx, job.id, [tenantId]);
      if (before.status !== "FAILED") {
        throw new InvalidState(`The tenant "${before.slug}" is ${before.status}, not FAILED.`, {
          field: ["input", "id"],
        });
      }
      const { job: enteredJob, tenants: [changed] = [] } = await takeUp(tx, job, [before], at);
      return { before, after: changed ?? before, entered: enteredJob };
    });
    return { tenant: after, job: entered };
  }

  async retryMany(job: NewJob, origin: Origin): Promise<Job> {
    const { entered, changed } = await this.db.transaction(async (tx) => {
      const at = this.clock.now();
      const rows = await tx
        .select(tenantColumns)
        .from(tenants)
        .where(and(inArray(tenants.id, [...job.items]), inArray(tenants.status, ["FAILED", "PROVISIONING"])))
        .orderBy(tenants.id)
        .for("update");
      const left = new Map(rows.map((row) => [row.id, toTenant(row)]));
      const scope = job.items.flatMap((id) => left.get(id) ?? []);
      if (scope.length === 0)
        throw new InvalidState("None of the job's tenants is left to be provisioned.", { field: ["input", "id"] });
      const { job: enteredJob, tenants: after } = await takeUp(tx, job, scope, at);
      await writeAudit(tx, this.ids, at, [
        { origin, action: job.action ?? "retryJob", subject: `Job:${job.id}`, result: "OK" },
      ]);
      return { entered: enteredJob, changed: scope.map((before, at) => ({ before, after: after[at] ?? before })) };
    });
    for (const change of changed) if (change.after !== change.before) this.changes.publish(change);
    return entered;
  }

  occupy(lease: JobLease, id: TenantId): Promise<"TAKEN" | JobId> {
    return this.db.transaction((tx) => occupy(tx, lease, id));
  }

  occupyMany(lease: JobLease, ids: readonly TenantId[]): Promise<Occupied> {
    return this.db.transaction((tx) => occupyMany(tx, lease, ids));
  }

  letGo(lease: JobLease, ids: readonly TenantId[]): Promise<void> {
    return this.db.transaction((tx) => letGo(tx, lease, ids));
  }

  busyWith(ids: readonly TenantId[]): Promise<ReadonlyMap<TenantId, JobId>> {
    return this.db.transaction((tx) => busyJobs(tx, ids));
  }

  rotationOf(id: TenantId): Promise<{ readonly jobId?: JobId | undefined } | undefined> {
    return this.db.read((orm) => rotationOf(orm, id));
  }

  activate(
    lease: JobLease,
    id: TenantId,
    schemaVersion: string | undefined,
    durationMs: number,
    schemaChecksum?: string,
  ): Promise<Tenant> {
    return this.#writer.settle(lease, id, async (tx, before, at) => {
      if (before.status !== "PROVISIONING") {
        throw new InvalidState(`The tenant "${before.slug}" is ${before.status}, not PROVISIONING.`);
      }
      const patch: TenantPatch = { status: "ACTIVE", statusReason: undefined, schemaVersion, schemaChecksum };
      const item = { status: "SUCCEEDED", durationMs } as const;
      return { item, after: await writeTenant(tx, before, patch, at) };
    });
  }

  fail(
    lease: JobLease,
    id: TenantId,
    error: { readonly code: string; readonly message: string; readonly retryable: boolean },
    durationMs: number,
  ): Promise<Tenant> {
    return this.#writer.settle(lease, id, async (tx, before, at) => {
      const item = { status: "FAILED", durationMs, error } as const;
      if (before.status !== "PROVISIONING") return { item, after: before };
      const patch: TenantPatch = { status: "FAILED", statusReason: `${error.code}: ${error.message}` };
      return { item, after: await writeTenant(tx, before, patch, at) };
    });
  }

  async giveUp(lease: JobLease, ids: readonly TenantId[], error: JobError): Promise<void> {
    const at = this.clock.now();
    const changes = await this.db.transaction((tx) => writeGivenUp(tx, lease, ids, error, at));
    for (const change of changes) this.changes.publish(change);
  }
}
