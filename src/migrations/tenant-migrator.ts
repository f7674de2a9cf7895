import type { ServerId, TenantId } from "../kit/ids.ts";
import type { JournalRow } from "./journal.ts";

/** A tenant's database, as far as migrations need to know it. */
export interface MigrationTarget {
  readonly tenantId: TenantId;
  readonly serverId: ServerId;
  /** Also the name of the account that becomes the definer of views. */
  readonly databaseName: string;
}

export interface Migrated {
  /** Tag of the newest migration before and after; undefined: none. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Tags applied now, in order. */
  readonly applied: readonly string[];
}

/** Brings a tenant's database, which carries its ownership marker, to the newest migration. Safe to repeat at any point. */
export interface TenantMigrator {
  /** Tag of the newest migration of the folder; undefined: the folder is empty. */
  latestVersion(): string | undefined;
  /** Over all migrations of the folder: a tenant to which just these were applied has the same. */
  folderChecksum(): string;
  /**
   * An empty database gets the folded baseline as one batch; any other what its journal says is missing.
   * Reads back before it answers. @param journal as `readAhead` has just read it @throws MigrationTampered, SchemaAhead, MigrationFailed, ServerTrouble
   */
  migrate(target: MigrationTarget, signal: AbortSignal, journal?: readonly JournalRow[]): Promise<Migrated>;
  /**
   * Journals of tenants that are about to be migrated, read together; one that cannot be is left out. Nobody else may change these tenants
   * until then. Never rejects but for the signal's reason.
   */
  readAhead(
    serverId: ServerId,
    targets: readonly MigrationTarget[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<TenantId, readonly JournalRow[]>>;
  /** Tag of the newest migration that the database's journal has as applied; undefined: none. @throws ServerTrouble */
  versionOf(target: MigrationTarget, signal: AbortSignal): Promise<string | undefined>;
  /** Runs the folder's seed, once per tenant. @returns false when it had run already or the folder has none */
  seed(target: MigrationTarget, signal: AbortSignal): Promise<boolean>;
}
