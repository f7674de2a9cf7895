import type { JobLease, JobStore } from "../jobs/job-store.ts";
import { InvalidInput } from "../kit/domain-error.ts";
import type { TenantId } from "../kit/ids.ts";
import type { Tenant } from "../tenants/tenant.ts";
import type { TenantFilter, TenantStore } from "../tenants/tenant-store.ts";
import { spreadSample } from "./sampling.ts";
import type { TestScope } from "./test-run.ts";

/** Rows read or written at a time. */
const pageLength = 500;

/** A scope that will not change any more: its tenants are the job's items. */
export interface FrozenScope {
  /** Tenants that could be tested. */
  readonly inScope: number;
  /** Those of them that will be. */
  readonly chosen: number;
}

/** Which tenants a test takes: ACTIVE ones that match. What the filter names beyond that becomes a SKIPPED item. */
export class TestScopes {
  constructor(
    private readonly tenants: Pick<TenantStore, "findMany" | "scan" | "count">,
    private readonly jobs: Pick<JobStore, "addItems" | "settleItems">,
  ) {}

  /** @returns how many tenants match, ten thousand and one at most @throws InvalidInput when a name is unknown or nothing matches */
  async check(filter: TenantFilter): Promise<number> {
    await this.#refuseUnknown("ids", filter.ids ?? [], async (ids) =>
      (await this.tenants.findMany(ids)).filter(({ status }) => status !== "DELETED").map(({ id }) => id),
    );
    await this.#refuseUnknown("slugs", filter.slugs ?? [], async (slugs) =>
      (await this.tenants.scan({ slugs }, slugs.length)).map(({ slug }) => slug),
    );
    const matching = await this.tenants.count(eligible(filter), 10_001);
    if (matching === 0) {
      const message = isOpen(filter) ? "There is no active tenant to test." : "No tenant that can be tested matches.";
      throw new InvalidInput(message, { field: ["input", "filter"] });
    }
    return matching;
  }

  /** Writes the scope down as the job's items. Repeating it after a crash completes it. @param seed decides which are sampled @throws LeaseLost */
  async freeze(lease: JobLease, scope: TestScope, seed: string, signal: AbortSignal): Promise<FrozenScope> {
    const active: TenantId[] = [];
    const others: Tenant[] = [];
    for await (const tenant of this.#matching(eligible(scope.filter), signal)) {
      if (tenant.status === "ACTIVE") active.push(tenant.id);
      else others.push(tenant);
    }
    const chosen = spreadSample(active, scope.maxTenants, seed);
    for (const page of pages([...chosen, ...others.map(({ id }) => id)])) await this.jobs.addItems(lease, page);
    for (const page of pages(others)) await this.jobs.settleItems(lease, page.map(skipped));
    return { inScope: active.length, chosen: chosen.length };
  }

  async *#matching(filter: TenantFilter, signal: AbortSignal): AsyncGenerator<Tenant> {
    for (let after: string | undefined; ; ) {
      signal.throwIfAborted();
      const page = await this.tenants.scan(filter, pageLength, after);
      yield* page;
      after = page.at(-1)?.slug;
      if (page.length < pageLength) return;
    }
  }

  async #refuseUnknown<Name extends string>(
    field: "ids" | "slugs",
    names: readonly Name[],
    find: (page: readonly Name[]) => Promise<readonly string[]>,
  ): Promise<void> {
    const known = new Set<string>();
    for (const page of pages([...new Set(names)])) for (const name of await find(page)) known.add(name);
    const at = names.findIndex((name) => !known.has(name));
    if (at < 0) return;
    const shown = field === "ids" ? "this id" : `the slug "${names[at]}"`;
    throw new InvalidInput(`There is no tenant with ${shown}.`, { field: ["input", "filter", field, String(at)] });
  }
}

/** A filter that names tenants also meets those that cannot be tested, to say so; any other means the ACTIVE ones. */
function eligible(filter: TenantFilter): TenantFilter {
  return filter.ids || filter.slugs || filter.statuses ? filter : { ...filter, statuses: ["ACTIVE"] };
}

function isOpen(filter: TenantFilter): boolean {
  return Object.values(filter).every((value) => value === undefined);
}

function skipped(tenant: Pick<Tenant, "id" | "status">) {
  const message = `The tenant is ${tenant.status}; only ACTIVE tenants are tested.`;
  const error = { code: "INVALID_STATE", message, retryable: false };
  return { tenantId: tenant.id, status: "SKIPPED", durationMs: 0, error } as const;
}

function* pages<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += pageLength) yield items.slice(at, at + pageLength);
}
