import { index, mysqlTable, primaryKey } from "drizzle-orm/mysql-core";
import type { TenantId } from "../../kit/ids.ts";
import { exactTextColumn, idColumn } from "./columns.ts";

/** Labels of tenants; a key once per tenant. */
export const tenantLabels = mysqlTable(
  "tenant_labels",
  {
    tenantId: idColumn<TenantId>("tenant_id").notNull(),
    key: exactTextColumn("label_key", 128).notNull(),
    value: exactTextColumn("label_value", 256).notNull(),
  },
  (table) => [
    primaryKey({ name: "tenant_labels_pk", columns: [table.tenantId, table.key] }),
    index("tenant_labels_value").on(table.key, table.value, table.tenantId),
  ],
);
