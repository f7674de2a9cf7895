import { boolean, index, mysqlTable, uniqueIndex } from "drizzle-orm/mysql-core";
import type { DomainId, TenantId } from "../../kit/ids.ts";
import { asciiColumn, idColumn, instantColumn } from "./columns.ts";

/** Host names of tenants that are not DELETED. */
export const domains = mysqlTable(
  "domains",
  {
    id: idColumn<DomainId>("id").primaryKey(),
    tenantId: idColumn<TenantId>("tenant_id").notNull(),
    hostname: asciiColumn("hostname", 253).notNull(),
    isPrimary: boolean("is_primary").notNull(),
    createdAt: instantColumn("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("domains_hostname").on(table.hostname),
    index("domains_tenant").on(table.tenantId, table.createdAt),
  ],
);
