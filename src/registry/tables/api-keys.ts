import { index, mysqlTable, uniqueIndex } from "drizzle-orm/mysql-core";
import type { Role } from "../../kit/actor.ts";
import type { ApiKeyId } from "../../kit/ids.ts";
import { asciiColumn, exactTextColumn, idColumn, instantColumn } from "./columns.ts";

/** API keys, revoked ones included; of the secret only its hash. */
export const apiKeys = mysqlTable(
  "api_keys",
  {
    id: idColumn<ApiKeyId>("id").primaryKey(),
    name: exactTextColumn("name", 255).notNull(),
    role: asciiColumn<Role>("role", 20).notNull(),
    prefix: exactTextColumn("prefix", 32).notNull(),
    /** SHA-256, hex. */
    secretHash: asciiColumn("secret_hash", 64).notNull(),
    createdAt: instantColumn("created_at").notNull(),
    expiresAt: instantColumn("expires_at"),
    lastUsedAt: instantColumn("last_used_at"),
    revokedAt: instantColumn("revoked_at"),
  },
  (table) => [uniqueIndex("api_keys_secret_hash").on(table.secretHash), index("api_keys_role").on(table.role)],
);
