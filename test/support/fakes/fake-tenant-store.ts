import type { Job, JobError } from "../../../src/jobs/job.ts";
import type { JobLease, NewJob } from "../../../src/jobs/job-store.ts";
import type { Origin } from "../../../src/kit/actor.ts";
import { InvalidState, LimitExceeded, NotFound } from "../../../src/kit/domain-error.ts";
import type { DomainId, JobId, TenantId } from "../../../src/kit/ids.ts";
import type { Page, PageRequest } from "../../../src/kit/page.ts";
import { sameLabels } from "../../../src/tenants/label.ts";
import type { Domain, Label, Tenant, TenantHealth, TenantStatus } from "../../../src/tenants/tenant.ts";
import type { TenantChanges } from "../../../src/tenants/tenant-changes.ts";
import {
  type Admission,
  type Admitted,
  DomainTaken,
  type Idempotency,
  type Occupied,
  SlugTaken,
  StaleGeneration,
  type TenantChange,
  type TenantFilter,
  type TenantOrder,
  type TenantStore,
  type TenantUpdate,
} from "../../../src/tenants/tenant-store.ts";
import { admit, recall, withSlug } from "./fake-admission.ts";
import { enter, held, holderOf, refuseBusy, settle } from "./fake-job-writes.ts";
import { by, type FakeRegistry, type FakeTenant, fakePage } from "./fake-registry.ts";
import { folded, matching } from "./fake-tenant-filter.ts";

/** Tenants in memory. */
export class FakeTenantStore implements TenantStore {
  constructor(
    private readonly registry: FakeRegistry,
    private readonly changes: TenantChanges = { publish: () => undefined },
  ) {}

  async admit(admission: Admission): Promise<Admitted> {
    const admitted = admit(this.registry, admission);
    if (!admitted.repeated) for (const after of admitted.tenants) this.changes.publish({ after });
    return admitted;
  }

  async recall(idempotency: Idempotency, origin: Origin): Promise<Admitted | undefined> {
    return recall(this.registry, idempotency, origin);
  }

  async find(id: TenantId): Promise<Tenant | undefined> {
    return this.registry.tenants.get(id)?.tenant;
  }

  async findMany(ids: readonly TenantId[]): Promise<readonly Tenant[]> {
    return [...new Set(ids)].flatMap((id) => this.registry.tenants.get(id)?.tenant ?? []);
  }

  async findBySlug(slug: string): Promise<Tenant | undefined> {
    return withSlug(this.registry, slug)?.tenant;
  }

  async findByHostname(hostname: string): Promise<Tenant | undefined> {
    const domain = this.#domain(hostname);
    return domain && this.find(domain.tenantId);
  }

  async list(filter: TenantFilter, order: TenantOrder, page: PageRequest): Promise<Page<Tenant>> {
    const lead = (tenant: Tenant): string | number => {
      if (order.field === "CREATED_AT") return tenant.createdAt.getTime();
      return order.field === "NAME" ? folded(tenant.name) : tenant.slug;
    };
    return fakePage(matching(this.registry, filter), (tenant) => [lead(tenant), tenant.id], page, {
      name: `tenants ${order.field}`,
      descending: order.direction === "DESC",
    });
  }

  async count(filter: TenantFilter, cap: number): Promise<number> {
    return Math.min(cap, matching(this.registry, filter).length);
  }

  async scan(filter: TenantFilter, limit: number, afterSlug?: string): Promise<readonly Tenant[]> {
    return matching(this.registry, filter)
      .filter(({ slug }) => afterSlug === undefined || slug > afterSlug)
      .sort((a, b) => by(a.slug, b.slug))
      .slice(0, limit);
  }

  async update({ id, name, slug, labels, expectedGeneration }: TenantUpdate, origin: Origin): Promise<Tenant> {
    const entry = this.#changeable(id);
    const { generation } = entry.tenant;
    if (expectedGeneration !== undefined && expectedGeneration !== generation) {
      throw new StaleGeneration(expectedGeneration, generation);
    }
    const other = slug === undefined ? undefined : withSlug(this.registry, slug);
    if (slug !== undefined && other && other !== entry) throw new SlugTaken(slug, { field: ["input", "slug"] });
    const labelsBefore = entry.labels.toSorted((a, b) => by(a.key, b.key));
    const patch = { name: name ?? entry.tenant.name, slug: slug ?? entry.tenant.slug };
    const { tenant } = entry;
    if (patch.name === tenant.name && patch.slug === tenant.slug && (!labels || sameLabels(labels, entry.labels))) {
      this.registry.audit.push({ origin, action: "updateTenant", subject: `Tenant:${id}`, result: "OK" });
      return tenant;
    }
    if (labels) entry.labels = labels;
    return this.#write(entry, patch, { origin, action: "updateTenant" }, labels && { labelsBefore });
  }

  async addDomain(
    tenantId: TenantId,
    { id, hostname, primary }: { readonly id: DomainId; readonly hostname: string; readonly primary: boolean },
    maxDomains: number,
    origin: Origin,
  ): Promise<{ readonly domain: Domain; readonly tenant: Tenant }> {
    const entry = this.#changeable(tenantId, ["input", "tenantId"]);
    const present = await this.domainsOf([tenantId]);
    if (present.length >= maxDomains) throw new LimitExceeded(`A tenant has at most ${maxDomains} domains.`);
    if (this.#domain(hostname)) throw new DomainTaken(hostname, { field: ["input", "hostname"] });
    const isPrimary = primary || present.length === 0;
    const domain: Domain = { id, tenantId, hostname, isPrimary, createdAt: this.registry.clock.now() };
    this.registry.domains.set(id, domain);
    if (isPrimary) this.#makePrimary(tenantId, id);
    const hostnamesBefore = present.map((one) => one.hostname);
    const tenant = this.#write(entry, {}, { origin, action: "addTenantDomain" }, { hostnamesBefore });
    return { domain, tenant };
  }

  async removeDomain(
    tenantId: TenantId,
    hostname: string,
    origin: Origin,
  ): Promise<{ readonly domain: Domain; readonly tenant: Tenant }> {
    const entry = this.#changeable(tenantId, ["input", "tenantId"]);
    const present = await this.domainsOf([tenantId]);
    const domain = present.find((one) => one.hostname === hostname);
    if (!domain) throw new NotFound("The tenant has no such domain.", { field: ["input", "hostname"] });
    this.registry.domains.delete(domain.id);
    const oldest = present.find((one) => one !== domain);
    if (domain.isPrimary && oldest) this.#makePrimary(tenantId, oldest.id);
    const hostnamesBefore = present.map((one) => one.hostname);
    const tenant = this.#write(entry, {}, { origin, action: "removeTenantDomain" }, { hostnamesBefore });
    return { domain, tenant };
  }

  async retry(
    tenantId: TenantId,
    job: NewJob,
    origin: Origin,
  ): Promise<{ readonly tenant: Tenant; readonly job: Job }> {
    const entry = this.#entry(tenantId);
    refuseBusy(this.registry, [tenantId]);
    if (entry.tenant.status !== "FAILED")
      throw new InvalidState("The tenant is not FAILED.", { field: ["input", "id"] });
    const entered = enter(this.registry, { ...job, items: [tenantId] }, this.registry.clock.now());
    return { tenant: this.#write(entry, takenUp, { origin, action: "retryTenant" }), job: entered };
  }

  async retryMany(job: NewJob, origin: Origin): Promise<Job> {
    const scope = job.items
      .flatMap((id) => this.registry.tenants.get(id) ?? [])
      .filter(({ tenant: { status } }) => status === "FAILED" || status === "PROVISIONING");
    if (scope.length === 0)
      throw new InvalidState("None of the job's tenants is left to be provisioned.", { field: ["input", "id"] });
    const items = scope.map(({ tenant }) => tenant.id);
    refuseBusy(this.registry, items);
    const entered = enter(this.registry, { ...job, items }, this.registry.clock.now());
    for (const entry of scope) if (entry.tenant.status === "FAILED") this.#write(entry, takenUp);
    this.registry.audit.push({ origin, action: job.action ?? "retryJob", subject: `Job:${job.id}`, result: "OK" });
    return entered;
  }

  async domainsOf(ids: readonly TenantId[]): Promise<readonly Domain[]> {
    return [...this.registry.domains.values()]
      .filter(({ tenantId }) => ids.includes(tenantId))
      .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || by(a.id, b.id));
  }

  async findDomains(ids: readonly DomainId[]): Promise<readonly Domain[]> {
    return [...new Set(ids)].flatMap((id) => this.registry.domains.get(id) ?? []);
  }

  async labelsOf(ids: readonly TenantId[]): Promise<ReadonlyMap<TenantId, readonly Label[]>> {
    const labels = (id: TenantId) => this.registry.tenants.get(id)?.labels ?? [];
    return new Map(ids.map((id) => [id, labels(id).toSorted((a, b) => by(a.key, b.key))]));
  }

  async healthOf(ids: readonly TenantId[]): Promise<readonly TenantHealth[]> {
    return ids.flatMap((id) => this.registry.health.get(id) ?? []);
  }

  async passwordsOf(ids: readonly TenantId[]): Promise<ReadonlyMap<TenantId, string>> {
    const found = ids.flatMap((id) => this.registry.tenants.get(id) ?? []);
    const living = found.filter(({ tenant }) => tenant.status !== "DELETED");
    return new Map(living.map(({ tenant, password }) => [tenant.id, password]));
  }

  async statusCounts(): Promise<ReadonlyMap<TenantStatus, number>> {
    return tally([...this.registry.tenants.values()].map(({ tenant }) => tenant.status));
  }

  async schemaVersionCounts(): Promise<readonly { readonly version?: string | undefined; readonly tenants: number }[]> {
    const provisioned = matching(this.registry, { statuses: ["ACTIVE", "SUSPENDED"] });
    const counts = [...tally(provisioned.map(({ schemaVersion }) => schemaVersion))];
    return counts
      .map(([version, tenants]) => ({ version, tenants }))
      .sort((a, b) => by(a.version ?? "", b.version ?? ""));
  }

  async occupy(lease: JobLease, id: TenantId): Promise<"TAKEN" | JobId> {
    const { job } = held(this.registry, lease);
    const entry = this.#entry(id);
    const holder = holderOf(this.registry, id) ?? entry.busy ?? job.id;
    if (holder !== job.id) return holder;
    entry.busy = job.id;
    return "TAKEN";
  }

  async occupyMany(lease: JobLease, ids: readonly TenantId[]): Promise<Occupied> {
    held(this.registry, lease);
    const taken: Tenant[] = [];
    const busy = new Map<TenantId, JobId>();
    for (const id of ids) {
      const tenant = this.registry.tenants.get(id)?.tenant;
      const holder = tenant && (await this.occupy(lease, id));
      if (tenant && holder === "TAKEN") taken.push(tenant);
      else if (holder && holder !== "TAKEN") busy.set(id, holder);
    }
    return { taken, busy };
  }

  async letGo(lease: JobLease, ids: readonly TenantId[]): Promise<void> {
    const { job } = held(this.registry, lease);
    for (const id of ids) {
      const entry = this.registry.tenants.get(id);
      if (entry?.busy === job.id) entry.busy = undefined;
    }
  }

  async busyWith(ids: readonly TenantId[]): Promise<ReadonlyMap<TenantId, JobId>> {
    const busy = (id: TenantId) => this.registry.tenants.get(id)?.busy;
    return new Map(ids.flatMap((id) => [busy(id) ?? []].flat().map((jobId) => [id, jobId] as const)));
  }

  async rotationOf(id: TenantId): Promise<{ readonly jobId?: JobId | undefined } | undefined> {
    const jobId = this.registry.tenants.get(id)?.busy;
    const job = jobId && this.registry.jobs.get(jobId)?.job;
    return job?.kind === "ROTATE_CREDENTIALS" ? { jobId } : undefined;
  }

  async activate(
    lease: JobLease,
    id: TenantId,
    schemaVersion: string | undefined,
    durationMs: number,
    schemaChecksum?: string,
  ): Promise<Tenant> {
    const job = held(this.registry, lease);
    const entry = this.#entry(id);
    if (entry.tenant.status !== "PROVISIONING") throw new InvalidState("The tenant is not PROVISIONING.");
    settle(this.registry, job, [{ tenantId: id, status: "SUCCEEDED", durationMs }]);
    return this.#write(entry, { status: "ACTIVE", statusReason: undefined, schemaVersion, schemaChecksum });
  }

  async fail(
    lease: JobLease,
    id: TenantId,
    error: { readonly code: string; readonly message: string; readonly retryable: boolean },
    durationMs: number,
  ): Promise<Tenant> {
    const job = held(this.registry, lease);
    const entry = this.#entry(id);
    settle(this.registry, job, [{ tenantId: id, status: "FAILED", durationMs, error }]);
    if (entry.tenant.status !== "PROVISIONING") return entry.tenant;
    return this.#write(entry, { status: "FAILED", statusReason: `${error.code}: ${error.message}` });
  }

  async giveUp(lease: JobLease, ids: readonly TenantId[], error: JobError): Promise<void> {
    const job = held(this.registry, lease);
    for (const id of ids) {
      const entry = this.registry.tenants.get(id);
      const isLeft = entry?.tenant.status === "PROVISIONING";
      settle(this.registry, job, [{ tenantId: id, status: isLeft ? "FAILED" : "SKIPPED", durationMs: 0, error }]);
      if (isLeft) this.#write(entry, { status: "FAILED", statusReason: `${error.code}: ${error.message}` });
    }
  }

  #entry(id: TenantId, field: readonly string[] = ["input", "id"]): FakeTenant {
    const entry = this.registry.tenants.get(id);
    if (!entry) throw new NotFound("There is no such tenant.", { field });
    return entry;
  }

  #changeable(id: TenantId, field?: readonly string[]): FakeTenant {
    const entry = this.#entry(id, field);
    const { status, slug } = entry.tenant;
    if (status === "DELETING" || status === "DELETED") throw new InvalidState(`The tenant "${slug}" is ${status}.`);
    return entry;
  }

  #write(
    entry: FakeTenant,
    patch: Partial<Tenant>,
    by?: { readonly origin: Origin; readonly action: string },
    had?: Pick<TenantChange, "labelsBefore" | "hostnamesBefore">,
  ): Tenant {
    const before = entry.tenant;
    const after = { ...before, ...patch, generation: before.generation + 1, updatedAt: this.registry.clock.now() };
    entry.tenant = after;
    if (by) this.registry.audit.push({ ...by, subject: `Tenant:${after.id}`, result: "OK" });
    this.changes.publish({ before, after, ...had });
    return after;
  }

  #domain(hostname: string): Domain | undefined {
    return [...this.registry.domains.values()].find((domain) => domain.hostname === hostname);
  }

  #makePrimary(tenantId: TenantId, id: DomainId): void {
    for (const domain of this.registry.domains.values()) {
      if (domain.tenantId === tenantId)
        this.registry.domains.set(domain.id, { ...domain, isPrimary: domain.id === id });
    }
  }
}

const takenUp = { status: "PROVISIONING", statusReason: undefined } as const;

function tally<T>(values: readonly T[]): ReadonlyMap<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
