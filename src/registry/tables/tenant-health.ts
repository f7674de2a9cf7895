import { boolean, double, mysqlTable } from "drizzle-orm/mysql-core";
import type { TenantId } from "../../kit/ids.ts";
import type { Rating } from "../../tenants/tenant.ts";
import { asciiColumn, idColumn, instantColumn } from "./columns.ts";

/** What the last connection check saw of each tenant. A table of its own: checks must not touch the tenants' rows. */
export const tenantHealth = mysqlTable("tenant_health", {
  tenantId: idColumn<TenantId>("tenant_id").primaryKey(),
  reachable: boolean("reachable").notNull(),
  latencyMs: double("latency_ms"),
  rating: asciiColumn<Rating>("rating", 20),
  errorCode: asciiColumn("error_code", 64),
  checkedAt: instantColumn("checked_at").notNull(),
});
