import type { TenantRowFragment } from "../gql/graphql.ts";
import { cardText } from "./card.ts";
import type { Column } from "./columns.ts";
import { duration, instant } from "./figures.ts";
import type { Paint } from "./paint.ts";

/** A list of tenants. */
export const tenantColumns: readonly Column<TenantRowFragment>[] = [
  { name: "slug", value: ({ slug }) => slug },
  { name: "name", spare: true, value: ({ name }) => name },
  { name: "status", value: ({ status }) => status },
  { name: "findings", value: ({ worstFinding }) => worstFinding },
  { name: "version", spare: true, value: ({ schemaVersion }) => schemaVersion },
  { name: "rating", value: ({ health }) => health?.rating ?? health?.errorCode },
  {
    name: "latency_ms",
    spare: true,
    value: ({ health }) => health?.latencyMs,
    text: ({ health }) => duration(health?.latencyMs),
    align: "right",
  },
  { name: "domain", spare: true, value: ({ primaryDomain }) => primaryDomain?.hostname },
  { name: "labels", spare: true, value: ({ labels }) => labels.map(({ key, value }) => `${key}=${value}`).join(" ") },
  { name: "server", spare: true, value: ({ server }) => server.name },
  { name: "created", spare: true, value: ({ createdAt }) => createdAt, text: ({ createdAt }) => instant(createdAt) },
  { name: "id", value: ({ id }) => id, plainOnly: true },
  { name: "database", value: ({ databaseName }) => databaseName, plainOnly: true },
  { name: "status_reason", value: ({ statusReason }) => statusReason, plainOnly: true },
  { name: "generation", value: ({ generation }) => generation, plainOnly: true },
];

/** One tenant. */
export function tenantCard(tenant: TenantRowFragment, domains: readonly string[], paint: Paint): string {
  const { health } = tenant;
  return cardText(
    [
      ["Slug", tenant.slug],
      ["Name", tenant.name],
      ["Id", tenant.id],
      ["Status", tenant.status],
      ["Reason", tenant.statusReason],
      ["Worst finding", tenant.worstFinding],
      ["Database", `${tenant.databaseName} on ${tenant.server.name}`],
      ["Schema version", tenant.schemaVersion],
      ["Domains", domains.join(", ")],
      ["Labels", tenant.labels.map(({ key, value }) => `${key}=${value}`).join(", ")],
      ["Rating", health?.rating ?? health?.errorCode],
      ["Latency", health && `${duration(health.latencyMs)}, ${instant(health.checkedAt)}`],
      ["Generation", String(tenant.generation)],
      ["Created", instant(tenant.createdAt)],
    ],
    paint,
  );
}
