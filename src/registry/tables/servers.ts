import { int, mysqlTable, uniqueIndex } from "drizzle-orm/mysql-core";
import type { ServerId } from "../../kit/ids.ts";
import type { DatabaseEngine, ServerStatus } from "../../servers/database-server.ts";
import { asciiColumn, exactTextColumn, idColumn, instantColumn } from "./columns.ts";

/** Servers that hold tenants' databases. */
export const servers = mysqlTable(
  "servers",
  {
    id: idColumn<ServerId>("id").primaryKey(),
    name: exactTextColumn("name", 128).notNull(),
    engine: asciiColumn<DatabaseEngine>("engine", 20).notNull(),
    version: exactTextColumn("version", 128),
    host: exactTextColumn("host", 255).notNull(),
    port: int("port").notNull(),
    status: asciiColumn<ServerStatus>("status", 20).notNull(),
    maxTenants: int("max_tenants"),
    warmPoolTarget: int("warm_pool_target").notNull().default(0),
    lastContactAt: instantColumn("last_contact_at"),
  },
  (table) => [uniqueIndex("servers_name").on(table.name)],
);
