import type { Migration } from "../../migrations/migration.ts";
import type { MigrationTarget } from "../../migrations/tenant-migrator.ts";
import type { Patience } from "../../migrations/tenant-schemas.ts";
import type { Finding } from "../finding.ts";

/** Puts back what is missing of a tenant's schema. */
export interface SchemaMender {
  /**
   * Adds these missing tables, columns, indexes and foreign keys as the applied migrations made them; nothing that is there is
   * dropped or changed. What the server refuses is left out. @returns why, by the finding's object
   * @throws ServerTrouble that may pass, MigrationFailed when the migrations themselves cannot be run
   */
  mend(
    target: MigrationTarget,
    applied: readonly Migration[],
    missing: readonly Finding[],
    patience: Patience,
  ): Promise<ReadonlyMap<string, string>>;
}
