import { sql } from "drizzle-orm";
import { boolean, index, int, mysqlTable, uniqueIndex } from "drizzle-orm/mysql-core";
import type { JobId, ServerId, TenantId } from "../../kit/ids.ts";
import type { TenantStatus } from "../../tenants/tenant.ts";
import { asciiColumn, idColumn, instantColumn, nameColumn, proseColumn } from "./columns.ts";

/** Tenants, tombstones included: a database name is never used twice. */
export const tenants = mysqlTable(
  "tenants",
  {
    id: idColumn<TenantId>("id").primaryKey(),
    slug: asciiColumn("slug", 63).notNull(),
    /** The slug while the tenant lives; NULL afterwards, so that the slug is free again. */
    liveSlug: asciiColumn("live_slug", 63).generatedAlwaysAs(sql`(if(\`status\` = 'DELETED', null, \`slug\`))`, {
      mode: "stored",
    }),
    name: nameColumn("name", 255).notNull(),
    status: asciiColumn<TenantStatus>("status", 20).notNull(),
    statusReason: proseColumn("status_reason"),
    serverId: idColumn<ServerId>("server_id").notNull(),
    databaseName: asciiColumn("database_name", 64).notNull(),
    password: asciiColumn("password", 512).notNull(),
    schemaVersion: asciiColumn("schema_version", 255),
    schemaChecksum: asciiColumn("schema_checksum", 64),
    seed: boolean("seed").notNull(),
    validatedAt: instantColumn("validated_at"),
    generation: int("generation").notNull(),
    /** The unfinished job that changes the tenant: at most one. */
    busyJobId: idColumn<JobId>("busy_job_id"),
    createdAt: instantColumn("created_at").notNull(),
    updatedAt: instantColumn("updated_at").notNull(),
    deletedAt: instantColumn("deleted_at"),
  },
  (table) => [
    uniqueIndex("tenants_live_slug").on(table.liveSlug),
    uniqueIndex("tenants_database_name").on(table.databaseName),
    index("tenants_created").on(table.createdAt, table.id),
    // Beyond their order, what a search with many hits is sorted and filtered by: without it each hit's row would be read.
    index("tenants_name").on(table.name, table.id, table.createdAt, table.status),
    index("tenants_slug").on(table.slug, table.id, table.createdAt, table.status),
    index("tenants_status_created").on(table.status, table.createdAt, table.id),
    index("tenants_status_version").on(table.status, table.schemaVersion),
    index("tenants_version").on(table.schemaVersion),
    index("tenants_server").on(table.serverId, table.status),
    index("tenants_busy").on(table.busyJobId),
  ],
);
