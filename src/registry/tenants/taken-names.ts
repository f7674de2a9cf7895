import { inArray } from "drizzle-orm";
import { type Admission, DomainTaken, SlugTaken } from "../../tenants/tenant-store.ts";
import type { Orm } from "../database.ts";
import { domains } from "../tables/domains.ts";
import { tenants } from "../tables/tenants.ts";

/** Refuses an admission that names a slug or domain twice. @throws SlugTaken, DomainTaken */
export function refuseRepetitions(admission: Admission): void {
  const slugs = new Set<string>();
  const hostnames = new Set<string>();
  for (const [at, tenant] of admission.tenants.entries()) {
    if (slugs.has(tenant.slug)) throw slugTaken(admission, at, tenant.slug);
    slugs.add(tenant.slug);
    for (const [position, { hostname }] of tenant.domains.entries()) {
      if (hostnames.has(hostname)) throw domainTaken(admission, at, position, hostname);
      hostnames.add(hostname);
    }
  }
}

/** Finds out which name of the admission a duplicate key was about. Returns when it was none: a name was free again meanwhile. */
export async function throwTaken(tx: Orm, admission: Admission, cause: unknown): Promise<void> {
  const own = new Set(admission.tenants.map(({ id }) => id));
  const slugs = admission.tenants.map(({ slug }) => slug);
  const hostnames = admission.tenants.flatMap((tenant) => tenant.domains.map(({ hostname }) => hostname));
  const slugRows = await tx
    .select({ id: tenants.id, slug: tenants.slug })
    .from(tenants)
    .where(inArray(tenants.liveSlug, slugs));
  const hostnameRows =
    hostnames.length === 0 ? [] : await tx.select().from(domains).where(inArray(domains.hostname, hostnames));
  // What this transaction has entered itself before it failed is seen too.
  const slugSet = new Set(slugRows.filter(({ id }) => !own.has(id)).map(({ slug }) => slug));
  const hostnameSet = new Set(hostnameRows.filter((row) => !own.has(row.tenantId)).map(({ hostname }) => hostname));
  for (const [at, tenant] of admission.tenants.entries()) {
    if (slugSet.has(tenant.slug)) throw slugTaken(admission, at, tenant.slug, cause);
    for (const [position, { hostname }] of tenant.domains.entries()) {
      if (hostnameSet.has(hostname)) throw domainTaken(admission, at, position, hostname, cause);
    }
  }
}

function slugTaken(admission: Admission, at: number, slug: string, cause?: unknown): SlugTaken {
  const field =
    admission.action === "createTestTenants" ? ["input", "slugPrefix"] : [...entryPath(admission, at), "slug"];
  return new SlugTaken(slug, { field, cause });
}

function domainTaken(
  admission: Admission,
  at: number,
  position: number,
  hostname: string,
  cause?: unknown,
): DomainTaken {
  return new DomainTaken(hostname, { field: [...entryPath(admission, at), "domains", String(position)], cause });
}

function entryPath({ action }: Admission, at: number): readonly string[] {
  return action === "createTenant" ? ["input"] : ["input", "tenants", String(at)];
}
