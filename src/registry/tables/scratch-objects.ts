import { index, mysqlTable } from "drizzle-orm/mysql-core";
import type { ServerId } from "../../kit/ids.ts";
import { asciiColumn, idColumn, instantColumn } from "./columns.ts";

/** What the service made for its own use on tenant servers and has not dropped yet. */
export const scratchObjects = mysqlTable(
  "scratch_objects",
  {
    name: asciiColumn("name", 64).primaryKey(),
    serverId: idColumn<ServerId>("server_id").notNull(),
    purpose: asciiColumn("purpose", 64).notNull(),
    createdAt: instantColumn("created_at").notNull(),
  },
  (table) => [index("scratch_objects_created").on(table.createdAt, table.name)],
);
