import { index, mysqlTable, uniqueIndex } from "drizzle-orm/mysql-core";
import type { ServerId, TenantId } from "../../kit/ids.ts";
import type { WarmState } from "../../provisioning/warm-pool/warm-database.ts";
import { asciiColumn, idColumn, instantColumn } from "./columns.ts";

/** Databases that were made before their tenant was wished for. Whoever claims one takes its row away. */
export const warmDatabases = mysqlTable(
  "warm_databases",
  {
    /** Of the tenant that it is made for: it stands in the marker, and the password is sealed for it. */
    tenantId: idColumn<TenantId>("tenant_id").primaryKey(),
    serverId: idColumn<ServerId>("server_id").notNull(),
    databaseName: asciiColumn("database_name", 64).notNull(),
    password: asciiColumn("password", 512).notNull(),
    state: asciiColumn<WarmState>("state", 20).notNull(),
    schemaVersion: asciiColumn("schema_version", 255),
    schemaChecksum: asciiColumn("schema_checksum", 64),
    createdAt: instantColumn("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("warm_databases_name").on(table.databaseName),
    index("warm_databases_claim").on(
      table.serverId,
      table.state,
      table.schemaChecksum,
      table.createdAt,
      table.tenantId,
    ),
  ],
);
