import { asc, eq, sql } from "drizzle-orm";
import { LimitExceeded, NotFound } from "../../kit/domain-error.ts";
import type { DomainId } from "../../kit/ids.ts";
import type { Domain, Tenant } from "../../tenants/tenant.ts";
import { DomainTaken } from "../../tenants/tenant-store.ts";
import type { Orm } from "../database.ts";
import { isDuplicateEntry } from "../registry-trouble.ts";
import { domains } from "../tables/domains.ts";
import { toDomain } from "./tenant-rows.ts";

/** A domain to be added. */
export interface NewDomain {
  readonly id: DomainId;
  readonly hostname: string;
  readonly primary: boolean;
}

/** A domain that was added or removed, and the host names that the tenant had before. */
export interface DomainChange {
  readonly domain: Domain;
  readonly hostnamesBefore: readonly string[];
}

/** Adds a domain to a locked tenant; the first one is primary in any case. @throws DomainTaken, LimitExceeded */
export async function insertDomain(
  tx: Orm,
  tenant: Tenant,
  { id, hostname, primary }: NewDomain,
  maxDomains: number,
  at: Date,
): Promise<DomainChange> {
  const present = await domainsOf(tx, tenant);
  if (present.length >= maxDomains) {
    throw new LimitExceeded(`A tenant has at most ${maxDomains} domains.`, undefined, { field: ["input", "hostname"] });
  }
  const domain: Domain = {
    id,
    tenantId: tenant.id,
    hostname,
    isPrimary: primary || present.length === 0,
    createdAt: at,
  };
  try {
    await tx.insert(domains).values(domain);
  } catch (error) {
    if (!isDuplicateEntry(error)) throw error;
    throw new DomainTaken(hostname, { field: ["input", "hostname"], cause: error });
  }
  if (domain.isPrimary) await makePrimary(tx, domain);
  return { domain, hostnamesBefore: present.map((row) => row.hostname) };
}

/** Removes a domain of a locked tenant. Where it was the primary one, the oldest that is left becomes primary. @throws NotFound */
export async function deleteDomain(tx: Orm, tenant: Tenant, hostname: string): Promise<DomainChange> {
  const rows = await domainsOf(tx, tenant);
  const domain = rows.find((row) => row.hostname === hostname);
  if (!domain) {
    throw new NotFound(`The tenant "${tenant.slug}" has no domain "${hostname}".`, { field: ["input", "hostname"] });
  }
  await tx.delete(domains).where(eq(domains.id, domain.id));
  const oldest = rows.find((row) => row !== domain);
  if (domain.isPrimary && oldest) await makePrimary(tx, oldest);
  return { domain, hostnamesBefore: rows.map((row) => row.hostname) };
}

/** The oldest first. */
async function domainsOf(tx: Orm, { id }: Tenant): Promise<readonly Domain[]> {
  const rows = await tx
    .select()
    .from(domains)
    .where(eq(domains.tenantId, id))
    .orderBy(asc(domains.createdAt), asc(domains.id));
  return rows.map(toDomain);
}

async function makePrimary(tx: Orm, { id, tenantId }: Domain): Promise<void> {
  await tx
    .update(domains)
    .set({ isPrimary: sql`${domains.id} = ${sql.param(id, domains.id)}` })
    .where(eq(domains.tenantId, tenantId));
}
