import type { ServerId, TenantId } from "../kit/ids.ts";
import type { ServerTrouble } from "../servers/server-trouble.ts";
import type { Baseline } from "./baseline.ts";
import type { JournalRow } from "./journal.ts";
import type { Migration, Statement } from "./migration.ts";
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

/** One thing that is done to a tenant's database. */
export type SchemaStep =
  /** Brings the settings that a migration may change back to those that every migration begins with. */
  | { readonly what: "BEGIN" }
  /** Runs a statement of a migration; views get the tenant's account as their definer. */
  | { readonly what: "RUN"; readonly migration: Migration; readonly statement: Statement }
  /** Enters journal rows, or brings those that are there to the new status and checksum; what is done stays so. */
  | { readonly what: "WRITE"; readonly rows: readonly JournalRow[] }
  /** Enters journal rows that are not there yet; refused when one is. */
  | { readonly what: "ENTER"; readonly rows: readonly JournalRow[] }
  | { readonly what: "START_TRANSACTION" }
  | { readonly what: "COMMIT" }
  /** Reads the journal rows of these migrations. The last step of a session. */
  | { readonly what: "READ_BACK"; readonly tags: readonly string[] };

/** What became of several steps. */
export interface SchemaAnswer {
  /** What was read back. */
  readonly journal: readonly JournalRow[];
  /**
   * The step that the server refused, which took no effect, and why; those before it were done, those after it were not.
   * Without a step where it refused the database itself: nothing was done.
   */
  readonly refusal?: { readonly step?: SchemaStep | undefined; readonly trouble: ServerTrouble } | undefined;
}

/** One connection with the tenant's database as the current one. Errors are ServerTrouble. */
export interface SchemaSession {
  /**
   * In one packet where they are not large, which the server carries out in order: what a step writes is on the disk before the next one begins.
   * @throws ServerTrouble when the server did not answer, which says nothing of how far it came
   */
  send(steps: readonly SchemaStep[]): Promise<SchemaAnswer>;
  /** All rows, as they are now. */
  journal(): Promise<readonly JournalRow[]>;
  /** Takes the row of a statement that has begun out again: it took no effect. */
  retract(row: JournalRow): Promise<void>;
  rollBack(): Promise<void>;
  holds(fact: Fact): Promise<boolean>;
  /** Ends the service's other sessions on this database, whose client is gone but whose statement may go on, and waits until they are gone. */
  endOthers(): Promise<void>;
}

/** The tenants' databases, as far as migrations are concerned. */
export interface TenantSchemas {
  /** @param objects when their names are read too: always, or only where no migration has begun */
  look(target: MigrationTarget, patience: Patience, objects?: "ALWAYS" | "IF_FRESH"): Promise<SchemaLook>;
  /** Journals of many databases of one server at once. One that cannot be read is left out; all of them where one is locked. */
  journals(
    serverId: ServerId,
    targets: readonly MigrationTarget[],
    patience: Patience,
  ): Promise<ReadonlyMap<TenantId, readonly JournalRow[]>>;
  work<T>(target: MigrationTarget, patience: Patience, work: (session: SchemaSession) => Promise<T>): Promise<T>;
  /** Applies the batch to a database that is empty, or in which the same batch was begun. @returns how it looks afterwards */
  applyBaseline(target: MigrationTarget, baseline: Baseline, patience: Patience): Promise<SchemaLook>;
  /**
   * Takes away what a batch that did not end has made. @returns false when a table holds rows, which the batch cannot
   * have written: nothing was taken away
   */
  discardBaseline(target: MigrationTarget, patience: Patience): Promise<boolean>;
}
