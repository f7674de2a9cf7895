import { index, mysqlTable, primaryKey } from "drizzle-orm/mysql-core";
import type { JobId } from "../../kit/ids.ts";
import { asciiColumn, exactTextColumn, idColumn, instantColumn } from "./columns.ts";

/** Requests that must not be entered twice. Of the key only its SHA-256, which compares as bytes and is always short. */
export const idempotencyKeys = mysqlTable(
  "idempotency_keys",
  {
    actorId: exactTextColumn("actor_id", 128).notNull(),
    keyHash: asciiColumn("key_hash", 64).notNull(),
    operation: asciiColumn("operation", 64).notNull(),
    inputHash: asciiColumn("input_hash", 128).notNull(),
    /** What was entered: the job, and through its items the tenants. */
    jobId: idColumn<JobId>("job_id").notNull(),
    createdAt: instantColumn("created_at").notNull(),
  },
  (table) => [
    primaryKey({ name: "idempotency_keys_pk", columns: [table.actorId, table.keyHash] }),
    index("idempotency_keys_created").on(table.createdAt),
  ],
);
