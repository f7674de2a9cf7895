import { and, eq, isNotNull, ne, sql } from "drizzle-orm";
import type { FleetCountSource } from "../../metrics/fleet-counter.ts";
import type { FleetCounts, PoolState } from "../../metrics/metrics-snapshot.ts";
import type { RegistryDatabase } from "../database.ts";
import { findings } from "../tables/findings.ts";
import { jobs } from "../tables/jobs.ts";
import { tenantHealth } from "../tables/tenant-health.ts";
import { tenants } from "../tables/tenants.ts";
import { warmDatabases } from "../tables/warm-databases.ts";

const count = sql<number>`count(*)`.mapWith(Number);

const { serverId, state, schemaChecksum } = warmDatabases;

function poolStateOf(newestSchema: string) {
  return sql<PoolState>`case when ${state} = 'READY' and ${schemaChecksum} <=> ${newestSchema} then 'ready'
    when ${state} = 'READY' then 'outdated' when ${state} = 'FILLING' then 'filling' else 'reaping' end`;
}

/** Counts the registry's rows, each group from an index where there is one. */
export class DrizzleFleetCounts implements FleetCountSource {
  constructor(private readonly db: RegistryDatabase) {}

  counts(newestSchema: string): Promise<FleetCounts> {
    return this.db.read(async (orm) => {
      const [byStatus, byKind, byRating, warm, open] = await Promise.all([
        orm.select({ status: tenants.status, count }).from(tenants).groupBy(tenants.status),
        orm.select({ kind: jobs.kind, status: jobs.status, count }).from(jobs).groupBy(jobs.status, jobs.kind),
        orm
          .select({ rating: tenantHealth.rating, count })
          .from(tenantHealth)
          .where(isNotNull(tenantHealth.rating))
          .groupBy(tenantHealth.rating),
        orm
          .select({ serverId, state: poolStateOf(newestSchema), count })
          .from(warmDatabases)
          .groupBy(serverId, sql`2`),
        orm
          .select({ kind: findings.kind, severity: findings.severity, count })
          .from(findings)
          .where(and(eq(findings.isOpen, true), ne(findings.kind, "SERVER_SETTING")))
          .groupBy(findings.kind, findings.severity),
      ]);
      return {
        tenants: new Map(byStatus.map((row) => [row.status, row.count])),
        jobs: byKind,
        ratings: new Map(byRating.flatMap((row) => (row.rating === null ? [] : [[row.rating, row.count] as const]))),
        warm,
        findings: open,
      };
    });
  }
}
