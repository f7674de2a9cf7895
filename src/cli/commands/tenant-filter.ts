import type { Command } from "commander";
import { UsageFailure } from "../failure.ts";
import {
  FindTenantByIdDocument,
  FindTenantBySlugDocument,
  ListServersDocument,
  type TenantFilter,
} from "../gql/graphql.ts";
import type { Session } from "../session.ts";
import { each, label, many, prefix, tenantStatuses, word } from "./words.ts";

/** Which tenants are meant. */
export interface TenantFilterOptions {
  readonly tenant?: readonly string[];
  readonly label?: readonly { readonly key: string; readonly value: string }[];
  readonly status?: readonly (typeof tenantStatuses)[number][];
  readonly search?: string;
  readonly schemaVersion?: readonly string[];
  readonly server?: string;
}

/** Adds the options that say which tenants are meant. */
export function withTenantFilter(command: Command): Command {
  return command
    .option("--tenant <slug or id>", "this tenant; may be repeated", many(String))
    .option("--label <key=value>", "with this label; may be repeated", each(label))
    .option("--status <status>", "in this status; may be repeated", many(word(tenantStatuses)))
    .option("--search <prefix>", "whose slug, name or host name begins so", prefix)
    .option("--schema-version <tag>", "at this schema version; may be repeated", many(String))
    .option("--server <name or id>", "on this server");
}

/** The filter that the options mean; undefined: none. @param more tenants that were named as operands */
export async function tenantFilter(
  session: Session,
  options: TenantFilterOptions,
  more: readonly string[] = [],
): Promise<TenantFilter | undefined> {
  const { label: labels, status: statuses, search, schemaVersion: schemaVersions, server } = options;
  const named = [...(options.tenant ?? []), ...more];
  const tenants = named.length > 0 ? await Promise.all(named.map((name) => tenantNamed(session, name))) : undefined;
  const filter: TenantFilter = {
    ...(tenants && { ids: tenants.map(({ id }) => id) }),
    ...(labels && { labels: [...labels] }),
    ...(statuses && { statuses: [...statuses] }),
    ...(search !== undefined && { search }),
    ...(schemaVersions && { schemaVersions: [...schemaVersions] }),
    ...(server !== undefined && { serverId: await serverNamed(session, server) }),
  };
  return Object.keys(filter).length > 0 ? filter : undefined;
}

/** A tenant by its slug or its id. @throws UsageFailure when there is none */
export async function tenantNamed(
  session: Session,
  name: string,
): Promise<{ readonly id: string; readonly slug: string }> {
  const api = await session.api();
  const tenant = name.startsWith("tenant_")
    ? (await api.ask(FindTenantByIdDocument, { id: name })).tenant
    : (await api.ask(FindTenantBySlugDocument, { slug: name })).tenantBySlug;
  if (!tenant) throw new UsageFailure(`There is no tenant "${name}".`);
  return tenant;
}

/** The id of a server, by its name or its id. @throws UsageFailure when there is none */
export async function serverNamed(session: Session, name: string): Promise<string> {
  if (name.startsWith("server_")) return name;
  const { databaseServers } = await (await session.api()).ask(ListServersDocument, {});
  const server = databaseServers.find((one) => one.name === name);
  if (!server) throw new UsageFailure(`There is no server "${name}".`);
  return server.id;
}
