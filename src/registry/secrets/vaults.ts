import type { AnyMySqlColumn, MySqlTable } from "drizzle-orm/mysql-core";
import type { SecretPlace } from "../../kit/secret-box.ts";
import { pendingPasswords } from "../tables/pending-passwords.ts";
import { tenants } from "../tables/tenants.ts";
import { warmDatabases } from "../tables/warm-databases.ts";

/** A column that sealed secrets lie in. */
export interface Vault {
  readonly name: string;
  readonly table: MySqlTable;
  /** Primary key, and owner of the secret. */
  readonly owner: AnyMySqlColumn;
  /** Empty: there is none. */
  readonly sealed: AnyMySqlColumn;
  readonly field: SecretPlace["field"];
}

/** Every column of the registry that holds sealed secrets; from where secrets move first, to where they move later. */
export const vaults: readonly Vault[] = [
  {
    name: "passwords of warm databases",
    table: warmDatabases,
    owner: warmDatabases.tenantId,
    sealed: warmDatabases.password,
    field: "password",
  },
  {
    name: "pending passwords",
    table: pendingPasswords,
    owner: pendingPasswords.tenantId,
    sealed: pendingPasswords.password,
    field: "pendingPassword",
  },
  { name: "passwords", table: tenants, owner: tenants.id, sealed: tenants.password, field: "password" },
];
