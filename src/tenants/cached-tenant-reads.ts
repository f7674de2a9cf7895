import { LRUCache } from "lru-cache";
import type { Clock } from "../kit/clock.ts";
import type { TenantId } from "../kit/ids.ts";
import type { Page, PageRequest } from "../kit/page.ts";
import type { Domain, Tenant } from "./tenant.ts";
import type { TenantChanges } from "./tenant-changes.ts";
import type { TenantChange, TenantFilter, TenantOrder, TenantStore } from "./tenant-store.ts";

/** The reads that applications ask for all day. */
export type TenantReads = Pick<
  TenantStore,
  "find" | "findMany" | "findBySlug" | "findByHostname" | "domainsOf" | "list"
>;

/** Tenants kept at a time; one with its domains takes about 1 KB. */
const maxKept = 10_000;
/** Pages kept at a time; one of a hundred tenants takes about 70 KB. */
const maxPages = 100;
/** How long a row is believed that somebody changes without the service, or whose commit nobody heard of. Milliseconds. */
const believeMs = 5_000;

/** Where a host name led when the tenant had this generation; its domains do not change without it. */
interface Lead {
  readonly id: TenantId;
  readonly generation: number;
}

/** A page, as it was after so many changes: any change of any tenant may alter it. */
interface KeptPage {
  readonly changes: number;
  readonly page: Page<Tenant>;
}

/**
 * Tenants by id, slug and host name, and pages of them, from memory where nothing has changed since they were read. Whoever is told of a
 * change here reads what is new from then on. That something is not there is never kept.
 */
export class CachedTenantReads implements TenantReads, TenantChanges {
  readonly #tenants: LRUCache<TenantId, Tenant>;
  readonly #domains: LRUCache<TenantId, readonly Domain[]>;
  /** Only where to look: what is found must still have the slug, or the generation. */
  readonly #slugs: LRUCache<string, TenantId>;
  readonly #hostnames: LRUCache<string, Lead>;
  readonly #pages: LRUCache<string, KeptPage>;
  /** Grows with each change: what was read across one may be what was there before it. */
  #changes = 0;

  constructor(
    private readonly source: TenantReads,
    clock: Pick<Clock, "monotonicMs">,
    max: number = maxKept,
  ) {
    const options = { max, ttl: believeMs, ttlResolution: 0, perf: { now: () => clock.monotonicMs() } };
    this.#tenants = new LRUCache(options);
    this.#domains = new LRUCache(options);
    this.#slugs = new LRUCache(options);
    this.#hostnames = new LRUCache(options);
    this.#pages = new LRUCache({ ...options, max: maxPages });
  }

  publish({ after }: TenantChange): void {
    this.#forget(after.id);
  }

  touched(ids: readonly TenantId[]): void {
    for (const id of ids) this.#forget(id);
  }

  async find(id: TenantId): Promise<Tenant | undefined> {
    return this.#tenants.get(id) ?? this.#read(() => this.source.find(id), this.#keep);
  }

  async findMany(ids: readonly TenantId[]): Promise<readonly Tenant[]> {
    const { known, missing } = sorted(this.#tenants, ids);
    if (missing.length === 0) return known;
    const read = await this.#read(
      () => this.source.findMany(missing),
      (tenants) => tenants.forEach(this.#keep),
    );
    return [...known, ...read];
  }

  async findBySlug(slug: string): Promise<Tenant | undefined> {
    const id = this.#slugs.get(slug);
    const known = id && this.#tenants.get(id);
    if (known && known.slug === slug && known.status !== "DELETED") return known;
    return this.#read(
      () => this.source.findBySlug(slug),
      (tenant) => {
        this.#keep(tenant);
        if (tenant) this.#slugs.set(slug, tenant.id);
      },
    );
  }

  async findByHostname(hostname: string): Promise<Tenant | undefined> {
    const lead = this.#hostnames.get(hostname);
    const known = lead && this.#tenants.get(lead.id);
    if (known && known.generation === lead.generation) return known;
    return this.#read(
      () => this.source.findByHostname(hostname),
      (tenant) => {
        this.#keep(tenant);
        if (tenant) this.#hostnames.set(hostname, { id: tenant.id, generation: tenant.generation });
      },
    );
  }

  async domainsOf(ids: readonly TenantId[]): Promise<readonly Domain[]> {
    const { known, missing } = sorted(this.#domains, ids);
    if (missing.length === 0) return known.flat();
    const read = await this.#read(
      () => this.source.domainsOf(missing),
      (domains) => {
        const of = new Map<TenantId, Domain[]>(missing.map((id) => [id, []]));
        for (const domain of domains) of.get(domain.tenantId)?.push(domain);
        for (const [id, own] of of) this.#domains.set(id, own);
      },
    );
    return [...known.flat(), ...read];
  }

  async list(filter: TenantFilter, order: TenantOrder, page: PageRequest): Promise<Page<Tenant>> {
    const key = JSON.stringify([filter, order, page]);
    const known = this.#pages.get(key);
    if (known?.changes === this.#changes) return known.page;
    return this.#read(
      () => this.source.list(filter, order, page),
      (read) => this.#pages.set(key, { changes: this.#changes, page: read }),
    );
  }

  readonly #keep = (tenant: Tenant | undefined): void => {
    if (tenant) this.#tenants.set(tenant.id, tenant);
  };

  #forget(id: TenantId): void {
    this.#changes += 1;
    this.#tenants.delete(id);
    this.#domains.delete(id);
  }

  async #read<T>(read: () => Promise<T>, keep: (value: T) => void): Promise<T> {
    const before = this.#changes;
    const value = await read();
    if (before === this.#changes) keep(value);
    return value;
  }
}

/** What of these is kept, and which of them have to be read. */
function sorted<Value extends object>(kept: LRUCache<TenantId, Value>, ids: readonly TenantId[]) {
  const known: Value[] = [];
  const missing: TenantId[] = [];
  for (const id of new Set(ids)) {
    const value = kept.get(id);
    if (value === undefined) missing.push(id);
    else known.push(value);
  }
  return { known, missing };
}
