import type { JobItem } from "../jobs/job.ts";
import type { JobLease, JobStore } from "../jobs/job-store.ts";
import { InvalidInput, NotFound } from "../kit/domain-error.ts";
import { type Tenant, type TenantStatus, tenantStatuses } from "./tenant.ts";
import { parseTenantFilter } from "./tenant-filter.ts";
import type { TenantFilter, TenantStore } from "./tenant-store.ts";

/** Rows read or written at a time. */
const pageLength = 500;

/** The tenants that a job over the fleet takes. What the filter names beyond that becomes a SKIPPED item. */
export class FleetScope {
  /** @param takes the states that such a job works on @param does e.g. `are validated` */
  constructor(
    private readonly tenants: Pick<TenantStore, "findMany" | "scan" | "count">,
    private readonly jobs: Pick<JobStore, "addItems" | "settleItems">,
    private readonly takes: readonly TenantStatus[],
    private readonly does: string,
  ) {}

  /** @returns the filter, checked @throws InvalidInput, NotFound for an unknown name, and when a filter matches nothing */
  async check(wish: TenantFilter): Promise<TenantFilter> {
    const field = ["input", "filter"];
    const filter = parseTenantFilter(wish, field);
    const ids = [...new Set(filter.ids ?? [])];
    const known = new Set((await this.tenants.findMany(ids)).map(({ id }) => id));
    const unknown = filter.ids?.findIndex((id) => !known.has(id)) ?? -1;
    if (unknown >= 0) throw new NotFound("There is no such tenant.", { field: [...field, "ids", String(unknown)] });
    await this.#refuseUnknownSlugs(filter.slugs ?? [], [...field, "slugs"]);
    if (isNarrow(filter) && (await this.tenants.count(this.#meant(filter), 1)) === 0) {
      throw new InvalidInput("No tenant matches.", { field });
    }
    return filter;
  }

  /** Writes the scope down as the job's items. Repeating it after a crash completes it. @throws LeaseLost */
  async freeze(lease: JobLease, filter: TenantFilter, signal: AbortSignal): Promise<void> {
    for (let after: string | undefined; ; ) {
      signal.throwIfAborted();
      const page = await this.tenants.scan(this.#meant(filter), pageLength, after);
      const others = page.filter(({ status }) => !this.takes.includes(status));
      await this.jobs.addItems(
        lease,
        page.map(({ id }) => id),
      );
      await this.jobs.settleItems(
        lease,
        others.map((tenant) => this.#skipped(tenant)),
      );
      after = page.at(-1)?.slug;
      if (page.length === 0) return;
    }
  }

  /** Whoever names tenants is told of those that are left out; any other filter means those that are taken. */
  #meant(filter: TenantFilter): TenantFilter {
    if (filter.statuses) return filter;
    return { ...filter, statuses: filter.ids || filter.slugs ? tenantStatuses : this.takes };
  }

  async #refuseUnknownSlugs(slugs: readonly string[], field: readonly string[]): Promise<void> {
    if (slugs.length === 0) return;
    const found = await this.tenants.scan({ slugs, statuses: tenantStatuses }, slugs.length);
    const known = new Set(found.map(({ slug }) => slug));
    const at = slugs.findIndex((slug) => !known.has(slug));
    if (at >= 0) throw new InvalidInput(`There is no tenant "${slugs[at]}".`, { field: [...field, String(at)] });
  }

  #skipped({ id, status }: Tenant): JobItem {
    const message = `The tenant is ${status}; only tenants that are ${this.takes.join(", ")} ${this.does}.`;
    return {
      tenantId: id,
      status: "SKIPPED",
      durationMs: 0,
      error: { code: "INVALID_STATE", message, retryable: false },
    };
  }
}

/** Whether the filter asks for certain tenants, so that finding none is a mistake. */
function isNarrow({ serverId: _, ...rest }: TenantFilter): boolean {
  return Object.values(rest).some((value) => value !== undefined);
}
