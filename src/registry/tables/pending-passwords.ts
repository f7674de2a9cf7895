import { mysqlTable } from "drizzle-orm/mysql-core";
import type { TenantId } from "../../kit/ids.ts";
import { asciiColumn, idColumn, instantColumn } from "./columns.ts";

/** Passwords that are being set, or may have been. A table of its own: a few rows, that the sweep reads all. */
export const pendingPasswords = mysqlTable("pending_passwords", {
  tenantId: idColumn<TenantId>("tenant_id").primaryKey(),
  password: asciiColumn("password", 512).notNull(),
  createdAt: instantColumn("created_at").notNull(),
});
