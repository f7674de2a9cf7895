import { InvalidInput, NotFound } from "../kit/domain-error.ts";
import type { ServerStore } from "../servers/database-server.ts";
import type { Tenant, TenantStatus } from "./tenant.ts";
import type { TenantFilter, TenantStore } from "./tenant-store.ts";

/** Rows read or written at a time. */
const pageLength = 500;

/** A filter that names tenants also meets those that cannot be taken, so that this is said; any other means those of these statuses. */
export function scopeFilter(filter: TenantFilter, statuses: readonly TenantStatus[]): TenantFilter {
  return filter.ids || filter.slugs || filter.statuses ? filter : { ...filter, statuses };
}

/** Whether a filter asks for nothing. */
export function isOpen(filter: TenantFilter): boolean {
  return Object.values(filter).every((value) => value === undefined);
}

/** @throws NotFound for an id that no tenant or server has, InvalidInput for a slug */
export async function refuseUnknown(
  tenants: Pick<TenantStore, "findMany" | "scan">,
  servers: Pick<ServerStore, "findMany">,
  { ids = [], slugs = [], serverId }: TenantFilter,
): Promise<void> {
  if (serverId !== undefined && (await servers.findMany([serverId])).length === 0) {
    throw new NotFound("There is no such database server.", { field: ["input", "filter", "serverId"] });
  }
  await refuseUnknownNames("ids", ids, async (page) =>
    (await tenants.findMany(page)).filter(({ status }) => status !== "DELETED").map(({ id }) => id),
  );
  await refuseUnknownNames("slugs", slugs, async (page) =>
    (await tenants.scan({ slugs: page }, page.length)).map(({ slug }) => slug),
  );
}

/** Every tenant that matches, in order of slug. @throws the signal's reason */
export async function* matchingTenants(
  tenants: Pick<TenantStore, "scan">,
  filter: TenantFilter,
  signal: AbortSignal,
): AsyncGenerator<Tenant> {
  for (let after: string | undefined; ; ) {
    signal.throwIfAborted();
    const page = await tenants.scan(filter, pageLength, after);
    yield* page;
    after = page.at(-1)?.slug;
    if (page.length < pageLength) return;
  }
}

/** Cuts a list into what is read or written at a time. */
export function* pages<T>(items: readonly T[], length = pageLength): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += length) yield items.slice(at, at + length);
}

async function refuseUnknownNames<Name extends string>(
  field: "ids" | "slugs",
  names: readonly Name[],
  find: (page: readonly Name[]) => Promise<readonly string[]>,
): Promise<void> {
  const known = new Set<string>();
  for (const page of pages([...new Set(names)])) for (const name of await find(page)) known.add(name);
  const at = names.findIndex((name) => !known.has(name));
  if (at < 0) return;
  const where = { field: ["input", "filter", field, String(at)] };
  if (field === "ids") throw new NotFound("There is no tenant with this id.", where);
  throw new InvalidInput(`There is no tenant with the slug "${names[at]}".`, where);
}
