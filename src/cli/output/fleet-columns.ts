import type { ListAuditQuery, ListKeysQuery, ListSchedulesQuery, ListServersQuery } from "../gql/graphql.ts";
import type { Column } from "./columns.ts";
import { instant } from "./figures.ts";

/** Database servers. */
export const serverColumns: readonly Column<ListServersQuery["databaseServers"][number]>[] = [
  { name: "name", value: ({ name }) => name },
  { name: "status", value: ({ status }) => status },
  { name: "engine", value: ({ engine }) => engine },
  { name: "version", value: ({ version }) => version },
  { name: "address", value: ({ host, port }) => `${host}:${port}` },
  { name: "tenants", value: ({ tenantCount }) => tenantCount, align: "right" },
  { name: "max_tenants", value: ({ maxTenants }) => maxTenants, align: "right" },
  { name: "warm_ready", value: ({ warmPool }) => warmPool.ready, align: "right" },
  { name: "warm_target", value: ({ warmPool }) => warmPool.target, align: "right" },
  moment("last_contact", ({ lastContactAt }) => lastContactAt),
  { name: "id", value: ({ id }) => id, plainOnly: true },
];

/** API keys, without their secrets: nobody has those. */
export const keyColumns: readonly Column<ListKeysQuery["apiKeys"][number]>[] = [
  { name: "id", value: ({ id }) => id },
  { name: "name", value: ({ name }) => name },
  { name: "role", value: ({ role }) => role },
  { name: "prefix", value: ({ prefix }) => prefix },
  moment("created", ({ createdAt }) => createdAt),
  moment("last_used", ({ lastUsedAt }) => lastUsedAt),
  moment("expires", ({ expiresAt }) => expiresAt),
  moment("revoked", ({ revokedAt }) => revokedAt),
];

/** Who did what. */
export const auditColumns: readonly Column<ListAuditQuery["auditLog"]["nodes"][number]>[] = [
  moment("at", ({ at }) => at),
  { name: "actor", value: ({ actor }) => actor },
  { name: "action", value: ({ action }) => action },
  { name: "subject", value: ({ subject }) => subject },
  { name: "result", value: ({ result }) => result },
  { name: "note", value: ({ note }) => note },
  { name: "request_id", value: ({ requestId }) => requestId, plainOnly: true },
  { name: "id", value: ({ id }) => id, plainOnly: true },
];

/** Schedules. */
export const scheduleColumns: readonly Column<ListSchedulesQuery["schedules"][number]>[] = [
  { name: "name", value: ({ name }) => name },
  { name: "kind", value: ({ kind }) => kind },
  { name: "cron", value: ({ cron }) => cron },
  { name: "time_zone", value: ({ timeZone }) => timeZone },
  { name: "enabled", value: ({ enabled }) => enabled },
  moment("next_run", ({ nextRunAt }) => nextRunAt),
  moment("last_run", ({ lastRunAt }) => lastRunAt),
  { name: "last_missed", value: ({ lastMissedReason }) => lastMissedReason },
  { name: "options", value: ({ options }) => options, plainOnly: true },
  { name: "id", value: ({ id }) => id, plainOnly: true },
];

function moment<Item>(name: string, value: (item: Item) => string | null): Column<Item> {
  return { name, value, text: (item) => instant(value(item)) };
}
