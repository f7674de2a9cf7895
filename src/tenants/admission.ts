import type { NewJob } from "../jobs/job-store.ts";
import type { Origin } from "../kit/actor.ts";
import { InvalidInput } from "../kit/domain-error.ts";
import type { Ids, ServerId, TenantId } from "../kit/ids.ts";
import type { SecretBox } from "../kit/secret-box.ts";
import type { DatabaseServer } from "../servers/database-server.ts";
import type { ServerWish } from "../servers/server-choice.ts";
import type { Credentials } from "./credentials.ts";
import { parseHostname } from "./hostname.ts";
import { parseLabels } from "./label.ts";
import { parseSlug } from "./slug.ts";
import type { Label } from "./tenant.ts";
import type { CreateTenant } from "./tenant-input.ts";
import type { AppliedSchema } from "./tenant-lifecycle-store.ts";
import { parseTenantName } from "./tenant-name.ts";
import { DomainTaken, type NewTenant, SlugTaken } from "./tenant-store.ts";

/** How many host names a tenant may have. */
export const maxDomainsPerTenant = 100;

/** Picks the server of new tenants. */
export interface ServerChooser {
  /** @throws NoEligibleServer */
  choose(wish: ServerWish): Promise<DatabaseServer>;
}

/** What makes a caller's words into tenants that can be entered. */
export interface AdmissionParts {
  readonly servers: ServerChooser;
  readonly secretBox: SecretBox;
  readonly ids: Ids;
  readonly newCredentials: () => Credentials;
  /** Absent: every database is made when it is wished for. */
  readonly warmPool?: WarmPool | undefined;
}

/** Databases that were made before anybody wished for them. */
export interface WarmPool {
  /** What those that may be claimed were brought to. */
  newestSchema(): AppliedSchema;
  /** Some were claimed. */
  wake(): void;
}

/** A tenant as a caller described it, every rule checked; where it will live is open. */
export interface DescribedTenant {
  readonly slug: string;
  readonly name: string;
  readonly hostnames: readonly string[];
  readonly labels: readonly Label[];
  readonly serverId?: ServerId | undefined;
  readonly seed: boolean;
  /** Path of the input that described it. */
  readonly field: readonly string[];
}

/** Checks one description. @param field where it stands, e.g. `["input", "tenants", "3"]` @throws InvalidInput, ReservedName */
export function parseDescription(input: CreateTenant, field: readonly string[]): DescribedTenant {
  return {
    slug: parseSlug(input.slug, [...field, "slug"]),
    name: parseTenantName(input.name, [...field, "name"]),
    hostnames: parseHostnames(input.domains ?? [], [...field, "domains"]),
    labels: parseLabels(input.labels ?? [], [...field, "labels"]),
    serverId: input.serverId,
    seed: input.seed ?? false,
    field,
  };
}

/** Refuses descriptions that are in each other's way, as if they came one by one. @throws SlugTaken, DomainTaken, InvalidInput at the later one */
export function refuseDuplicates(described: readonly DescribedTenant[]): void {
  const slugs = new Set<string>();
  const hostnames = new Set<string>();
  for (const { slug, hostnames: own, field } of described) {
    if (slugs.has(slug)) throw new SlugTaken(slug, { field: [...field, "slug"] });
    slugs.add(slug);
    for (const [index, hostname] of own.entries()) {
      const at = [...field, "domains", String(index)];
      if (own.indexOf(hostname) < index) {
        throw new InvalidInput(`The host name "${hostname}" stands there twice.`, { field: at });
      }
      if (hostnames.has(hostname)) throw new DomainTaken(hostname, { field: at });
    }
    for (const hostname of own) hostnames.add(hostname);
  }
}

/** Gives each description a server, names and a sealed password. @throws NoEligibleServer */
export async function equip(
  described: readonly DescribedTenant[],
  parts: AdmissionParts,
): Promise<readonly NewTenant[]> {
  const homes = await chooseHomes(described, parts.servers);
  const newest = parts.warmPool?.newestSchema();
  return described.map((tenant) => {
    const server = homes.get(tenant.serverId);
    if (!server) throw new InvalidInput("There is no such database server.", { field: tenant.field });
    const { id: serverId, warmPoolTarget } = server;
    const id = parts.ids.next<"Tenant">();
    const { databaseName, password } = parts.newCredentials();
    return {
      id,
      slug: tenant.slug,
      name: tenant.name,
      serverId,
      databaseName,
      password: parts.secretBox.seal(password, passwordPlace(id)),
      seed: tenant.seed,
      domains: tenant.hostnames.map((hostname) => ({ id: parts.ids.next<"Domain">(), hostname })),
      labels: tenant.labels,
      // Sample data is not in what was made for anybody.
      warmSchema: warmPoolTarget > 0 && !tenant.seed ? newest : undefined,
    };
  });
}

/** The job that provisions these tenants. */
export function provisioningJob(ids: Ids, tenantIds: readonly TenantId[], origin: Origin): NewJob {
  const [only, ...others] = tenantIds;
  return {
    id: ids.next<"Job">(),
    kind: "PROVISION_TENANTS",
    tenantId: others.length === 0 ? only : undefined,
    input: {},
    requestedBy: origin.actor,
    items: tenantIds,
  };
}

/** Where the password of a tenant belongs. */
export function passwordPlace(id: TenantId): { readonly ownerId: string; readonly field: string } {
  return { ownerId: id, field: "password" };
}

/** Where a password that is about to be set belongs: it cannot be passed off as the one that counts. */
export function pendingPasswordPlace(id: TenantId): { readonly ownerId: string; readonly field: string } {
  return { ownerId: id, field: "pendingPassword" };
}

function parseHostnames(texts: readonly string[], field: readonly string[]): readonly string[] {
  if (texts.length > maxDomainsPerTenant) {
    throw new InvalidInput(`A tenant has at most ${maxDomainsPerTenant} domains.`, { field });
  }
  return texts.map((text, index) => parseHostname(text, [...field, String(index)]));
}

async function chooseHomes(
  described: readonly DescribedTenant[],
  servers: ServerChooser,
): Promise<ReadonlyMap<ServerId | undefined, DatabaseServer>> {
  const homes = new Map<ServerId | undefined, DatabaseServer>();
  for (const { serverId, field } of described) {
    if (homes.has(serverId)) continue;
    const tenants = described.filter((other) => other.serverId === serverId).length;
    const server = await servers.choose({ serverId, tenants, field: [...field, "serverId"] });
    homes.set(serverId, server);
  }
  return homes;
}
