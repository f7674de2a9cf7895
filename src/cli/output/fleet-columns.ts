import type { ListAuditQuery, ListKeysQuery, ListSchedulesQuery, ListServersQuery } from "../gql/graphql.ts";
import type { Column } from "./columns.ts";
import { instant } from "./figures.ts";

/** Database servers. */
export const serverColumns: readonly Column<ListServersQuery["databaseServers"][number]>[] = [
  { name: "name", value: ({ name }) => name },
  { name: "status", value: ({ status }) => status },
  { name: "engine", spare: true, value: ({ engine }) => engine },
  { name: "version", spare: true, value: ({ version }) => version },
  { name: "address", spare: true, value: ({ host, port }) => `${host}:${port}` },
  { name: "tenants", spare: true, value: ({ tenantCount }) => tenantCount, align: "right" },
  { name: "max_tenants", spare: true, value: ({ maxTenants }) => maxTenants, align: "right" },
  { name: "warm_ready", spare: true, value: ({ warmPool }) => warmPool.ready, align: "right" },
  { name: "warm_target", spare: true, value: ({ warmPool }) => warmPool.target, align: "right" },
  moment("last_contact", ({ lastContactAt }) => lastContactAt),
  { name: "id", value: ({ id }) => id, plainOnly: true },
];

/** API keys, without their secrets: nobody has those. */
export const keyColumns: readonly Column<ListKeysQuery["apiKeys"][number]>[] = [
  { name: "id", value: ({ id }) => id },
  { name: "name", value: ({ name }) => name },
  { name: "role", value: ({ role }) => role },
  { name: "prefix", spare: true, value: ({ prefix }) => prefix },
  moment("created", ({ createdAt }) => createdAt),
  moment("last_used", ({ lastUsedAt }) => lastUsedAt),
  moment("expires", ({ expiresAt }) => expiresAt),
  moment("revoked", ({ revokedAt }) => revokedAt),
];

/** Who did what. */
export const auditColumns: readonly Column<ListAuditQuery["auditLog"]["nodes"][number]>[] = [
  moment("at", ({ at }) => at),
  // Which key, programs learn.
  { name: "actor", value: ({ actor }) => actor, text: ({ actor }) => actor.replace(/ \(key_[^)]*\)$/, "") },
  { name: "action", value: ({ action }) => action },
  { name: "subject", spare: true, value: ({ subject }) => subject },
  { name: "result", value: ({ result }) => result },
  { name: "note", spare: true, value: ({ note }) => note },
  { name: "request_id", value: ({ requestId }) => requestId, plainOnly: true },
  { name: "id", value: ({ id }) => id, plainOnly: true },
];

/** Schedules. */
export const scheduleColumns: readonly Column<ListSchedulesQuery["schedules"][number]>[] = [
  { name: "name", value: ({ name }) => name },
  { name: "kind", value: ({ kind }) => kind },
  { name: "cron", value: ({ cron }) => cron },
  { name: "time_zone", spare: true, value: ({ timeZone }) => timeZone },
  { name: "enabled", value: ({ enabled }) => enabled },
  moment("next_run", ({ nextRunAt }) => nextRunAt),
  moment("last_run", ({ lastRunAt }) => lastRunAt),
  { name: "last_missed", spare: true, value: ({ lastMissedReason }) => lastMissedReason },
  { name: "options", value: ({ options }) => options, plainOnly: true },
  { name: "id", value: ({ id }) => id, plainOnly: true },
];

function moment<Item>(name: string, value: (item: Item) => string | null): Column<Item> {
  return { name, spare: true, value, text: (item) => instant(value(item)) };
}
