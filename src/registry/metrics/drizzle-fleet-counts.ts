import { isNotNull, sql } from "drizzle-orm";
import type { FleetCountSource } from "../../metrics/fleet-counter.ts";
import type { FleetCounts } from "../../metrics/metrics-snapshot.ts";
import type { RegistryDatabase } from "../database.ts";
import { jobs } from "../tables/jobs.ts";
import { tenantHealth } from "../tables/tenant-health.ts";
import { tenants } from "../tables/tenants.ts";

const count = sql<number>`count(*)`.mapWith(Number);

/** Counts the registry's rows, each group from an index where there is one. */
export class DrizzleFleetCounts implements FleetCountSource {
  constructor(private readonly db: RegistryDatabase) {}

  counts(): Promise<FleetCounts> {
    return this.db.read(async (orm) => {
      const [byStatus, byKind, byRating] = await Promise.all([
        orm.select({ status: tenants.status, count }).from(tenants).groupBy(tenants.status),
        orm.select({ kind: jobs.kind, status: jobs.status, count }).from(jobs).groupBy(jobs.status, jobs.kind),
        orm
          .select({ rating: tenantHealth.rating, count })
          .from(tenantHealth)
          .where(isNotNull(tenantHealth.rating))
          .groupBy(tenantHealth.rating),
      ]);
      return {
        tenants: new Map(byStatus.map((row) => [row.status, row.count])),
        jobs: byKind,
        ratings: new Map(byRating.flatMap((row) => (row.rating === null ? [] : [[row.rating, row.count] as const]))),
      };
    });
  }
}
