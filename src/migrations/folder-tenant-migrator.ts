import { DomainError } from "../kit/domain-error.ts";
import type { ServerId, TenantId } from "../kit/ids.ts";
import type { Baseline } from "./baseline.ts";
import type { Baselines } from "./baselines.ts";
import {
  baselineEntry,
  isFresh,
  type JournalReading,
  type JournalRow,
  readJournalRows,
  refuseMismatch,
  seedEntry,
} from "./journal.ts";
import type { MigrationFolder } from "./migration-folder.ts";
import { type Failpoint, MigrationRun } from "./migration-run.ts";
import { MigrationInDoubt, MigrationNotVerified } from "./migration-trouble.ts";
import type { Migrated, MigrationTarget, TenantMigrator } from "./tenant-migrator.ts";
import type { Patience, SchemaLook, SchemaSession, TenantSchemas } from "./tenant-schemas.ts";

const lookDeadlineMs = 15_000;

/** What may be chosen of a migrator. */
export interface MigratorOptions {
  /** For one connection's work on one tenant. Default: a minute. */
  readonly deadlineMs?: number;
  readonly failpoint?: Failpoint | undefined;
}

/** Applies one folder of migrations to tenants' databases. */
export class FolderTenantMigrator implements TenantMigrator {
  readonly #deadlineMs: number;
  readonly #failpoint: Failpoint | undefined;

  constructor(
    readonly folder: MigrationFolder,
    private readonly schemas: TenantSchemas,
    private readonly baselines: Baselines,
    options: MigratorOptions = {},
  ) {
    this.#deadlineMs = options.deadlineMs ?? 60_000;
    this.#failpoint = options.failpoint;
  }

  latestVersion(): string | undefined {
    return this.folder.migrations.at(-1)?.tag;
  }

  folderChecksum(): string {
    return this.folder.checksum;
  }

  async readAhead(
    serverId: ServerId,
    targets: readonly MigrationTarget[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<TenantId, readonly JournalRow[]>> {
    try {
      return await this.schemas.journals(serverId, targets, this.#patienceToLook(signal));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DomainError)) throw error;
      // Each is looked at by itself then, and what is wrong is its own failure.
      return new Map();
    }
  }

  async migrate(target: MigrationTarget, signal: AbortSignal, journal?: readonly JournalRow[]): Promise<Migrated> {
    const patience = { signal, deadlineMs: this.#deadlineMs };
    // By itself, since it must be answered sooner than the work.
    const look: SchemaLook =
      journal && !isFresh(journal)
        ? { journal }
        : await this.schemas.look(target, this.#patienceToLook(signal), "IF_FRESH");
    const reading = this.#read(look.journal);
    if (reading.pending.length === 0 && reading.baselineBegun === undefined) return migrated(reading);
    const baseline = await this.#baselineFor(target, look, reading, patience);
    if (baseline) {
      this.#verify(await this.schemas.applyBaseline(target, baseline, patience), baseline);
      return migrated(reading, this.latestVersion());
    }
    return this.schemas.work(target, patience, (session) => this.#applyEach(session, look.journal));
  }

  async versionOf(target: MigrationTarget, signal: AbortSignal): Promise<string | undefined> {
    const { journal } = await this.schemas.look(target, this.#patienceToLook(signal), "IF_FRESH");
    return readJournalRows(journal, this.folder).version;
  }

  async seed(target: MigrationTarget, signal: AbortSignal): Promise<boolean> {
    const { seed } = this.folder;
    if (!seed) return false;
    const patience = { signal, deadlineMs: this.#deadlineMs };
    const look = await this.schemas.look(target, patience, "IF_FRESH");
    if (readJournalRows(look.journal, this.folder).seeded) return false;
    const done = { migration: seedEntry, statement: 0, checksum: seed.checksum, status: "DONE" } as const;
    await this.schemas.work(target, patience, (session) =>
      new MigrationRun(session, this.#failpoint).applyRows(seed, [done]),
    );
    return true;
  }

  /** A server that does not answer a look within seconds answers nothing, however long a migration may take. */
  #patienceToLook(signal: AbortSignal): Patience {
    return { signal, deadlineMs: Math.min(lookDeadlineMs, this.#deadlineMs) };
  }

  async #applyEach(session: SchemaSession, seen: readonly JournalRow[]): Promise<Migrated> {
    const begun = this.#read(seen).pending.some((pending) => pending.begun);
    // Another session's statement may still be at work in a file that has begun: the service ended, the server did not
    // notice. What it has done until its end is only then in the journal.
    if (begun) await session.endOthers();
    const journal = begun ? await session.journal() : seen;
    const reading = this.#read(journal);
    if (reading.pending.length === 0) {
      this.#verify({ journal });
      return migrated(reading);
    }
    const written = await new MigrationRun(session, this.#failpoint).apply(reading.pending, reading.version);
    const tags = reading.pending.map(({ migration }) => migration.tag);
    this.#verify({ journal: [...journal.filter((row) => !tags.includes(row.migration)), ...written] });
    return migrated(reading, this.latestVersion());
  }

  /** @throws MigrationTampered, SchemaAhead */
  #read(journal: readonly JournalRow[]): JournalReading {
    const reading = readJournalRows(journal, this.folder);
    refuseMismatch(reading);
    return reading;
  }

  /** The folded baseline where the database is empty, or was left in the middle of one. */
  async #baselineFor(
    target: MigrationTarget,
    look: SchemaLook,
    reading: JournalReading,
    patience: Patience,
  ): Promise<Baseline | undefined> {
    if (!reading.fresh) return undefined;
    const begun = reading.baselineBegun !== undefined;
    if ((look.objects?.length ?? 0) > 0 && !begun) return undefined;
    // The batch of a service that ended may still be at work on the server.
    if (begun) await this.schemas.work(target, patience, (session) => session.endOthers());
    const folding = await this.baselines.of(target.serverId, patience.signal);
    const baseline = folding.kind === "FOLDED" ? folding.baseline : undefined;
    if (begun && baseline?.checksum !== reading.baselineBegun) {
      const gone = await this.schemas.discardBaseline(target, patience);
      if (!gone)
        throw new MigrationInDoubt(baselineEntry, 0, "The database holds rows, though its migrations never ended.");
    }
    return baseline;
  }

  #verify({ journal, objects }: SchemaLook, baseline?: Baseline): void {
    const reading = this.#read(journal);
    const present = new Set(objects);
    const missing = [...(baseline?.tables ?? []), ...(baseline?.views ?? [])].filter(({ name }) => !present.has(name));
    if (reading.pending.length > 0 || reading.baselineBegun !== undefined || missing.length > 0) {
      throw new MigrationNotVerified("The migrations were applied, but do not read back.");
    }
  }
}

/** What was pending is applied now. */
function migrated({ version, pending }: JournalReading, to = version): Migrated {
  return { from: version, to, applied: pending.map(({ migration }) => migration.tag) };
}
