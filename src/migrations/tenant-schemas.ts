import type { Baseline } from "./baseline.ts";
import type { JournalRow } from "./journal.ts";
import type { Statement } from "./migration.ts";
import type { Fact } from "./statements/fact.ts";
import type { MigrationTarget } from "./tenant-migrator.ts";

/** How long work on a tenant's database may take, and when it is to stop. */
export interface Patience {
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
}

/** What a tenant's database looks like from outside. */
export interface SchemaLook {
  readonly journal: readonly JournalRow[];
  /** Names of tables and views, without our own; absent where they were not asked for. */
  readonly objects?: readonly string[] | undefined;
}

/** One connection with the tenant's database as the current one. Errors are ServerTrouble. */
export interface SchemaSession {
  /** Brings the settings that a migration may change back to those that every migration begins with. */
  begin(): Promise<void>;
  /** Runs a statement of a migration; views get the tenant's account as their definer. */
  run(statement: Statement): Promise<void>;
  /** All rows of the journal. */
  journal(): Promise<readonly JournalRow[]>;
  /** Enters journal rows, or brings those that are there to the new status and checksum. */
  write(rows: readonly JournalRow[]): Promise<void>;
  /** Enters journal rows that are not there yet. @throws ServerTrouble when one is */
  enter(rows: readonly JournalRow[]): Promise<void>;
  /** Takes a row out again: its statement took no effect. */
  retract(row: JournalRow): Promise<void>;
  /** Commits when `work` ends well, else rolls back. */
  transaction(work: () => Promise<void>): Promise<void>;
  holds(fact: Fact): Promise<boolean>;
  /** Ends the service's other sessions on this database, whose client is gone but whose statement may go on, and waits until they are gone. */
  endOthers(): Promise<void>;
}

/** The tenants' databases, as far as migrations are concerned. */
export interface TenantSchemas {
  /** @param objects when their names are read too: always, or only where no migration has begun */
  look(target: MigrationTarget, patience: Patience, objects?: "ALWAYS" | "IF_FRESH"): Promise<SchemaLook>;
  work<T>(target: MigrationTarget, patience: Patience, work: (session: SchemaSession) => Promise<T>): Promise<T>;
  /** Applies the batch to a database that is empty, or in which the same batch was begun. */
  applyBaseline(target: MigrationTarget, baseline: Baseline, patience: Patience): Promise<void>;
  /**
   * Takes away what a batch that did not end has made. @returns false when a table holds rows, which the batch cannot
   * have written: nothing was taken away
   */
  discardBaseline(target: MigrationTarget, patience: Patience): Promise<boolean>;
}
