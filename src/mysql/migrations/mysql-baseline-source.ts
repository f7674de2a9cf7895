import { isDeepStrictEqual } from "node:util";
import type { Ids, ServerId, TenantId } from "../../kit/ids.ts";
import type { Baseline, BaselineSource, Folding } from "../../migrations/baseline.ts";
import { rowsOfApplied } from "../../migrations/journal.ts";
import type { Migration } from "../../migrations/migration.ts";
import type { MigrationFolder } from "../../migrations/migration-folder.ts";
import { failureOf } from "../../migrations/migration-run.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import { quoteObservedName } from "../pools/identifiers.ts";
import type { ServerSession } from "../pools/server-sessions.ts";
import { baselineStatements } from "./baseline-batch.ts";
import { type GeneratedKey, KeyNotReproducible, probeGeneratedKeys, withoutGeneratedKeys } from "./generated-keys.ts";
import { createJournalSql } from "./journal-table.ts";
import { commonRows, type FrozenClock, frozenClocks, insertStatements, type TableRows } from "./row-literals.ts";
import type { ScratchDatabases } from "./scratch-databases.ts";
import { NotFoldable, readScratch, type ScratchSnapshot } from "./scratch-snapshot.ts";
import { sessionSettings } from "./sql-text.ts";

const lockWaitSeconds = 30;

/**
 * Folds by doing: the migrations run in a scratch database, and what they end in is read back. Where they leave rows they
 * run a second time under another clock, to tell values that stay from the clock's and from those of chance. The
 * baseline is believed when a third database, made from it, equals the first.
 */
export class MysqlBaselineSource implements BaselineSource {
  constructor(
    private readonly scratch: ScratchDatabases,
    private readonly ids: Ids,
  ) {}

  async fold(serverId: ServerId, folder: MigrationFolder, signal: AbortSignal): Promise<Folding> {
    const volatile = folder.migrations.find(({ statements }) => statements.some((statement) => statement.volatile));
    if (volatile) return { kind: "STEPWISE", reason: `${volatile.tag} uses SYSDATE` };
    try {
      const first = await this.#outcome(serverId, folder, frozenClocks[0], signal, readWithKeys);
      const rows =
        first.rows.length === 0
          ? []
          : rowsInCommon(first, await this.#outcome(serverId, folder, frozenClocks[1], signal, readScratch));
      const baseline = baselineOf(folder, first, rows);
      await this.#prove(serverId, baseline, first, signal);
      return { kind: "FOLDED", baseline };
    } catch (error) {
      if (error instanceof NotFoldable || error instanceof KeyNotReproducible)
        return { kind: "STEPWISE", reason: error.message };
      throw error;
    }
  }

  #outcome<Snapshot>(
    serverId: ServerId,
    folder: MigrationFolder,
    clock: FrozenClock,
    signal: AbortSignal,
    read: (session: ServerSession, database: string) => Promise<Snapshot>,
  ): Promise<Snapshot> {
    return this.scratch.use(serverId, "FOLD_MIGRATIONS", signal, async (session, database) => {
      await session.run(`SET SESSION timestamp = ${clock.timestamp}`);
      await runMigrations(session, folder.migrations);
      return read(session, database);
    });
  }

  async #prove(serverId: ServerId, baseline: Baseline, first: Outcome, signal: AbortSignal): Promise<void> {
    const made = await this.scratch.use(serverId, "FOLD_MIGRATIONS", signal, async (session, database) => {
      await session.run(`SET SESSION timestamp = ${frozenClocks[0].timestamp}`);
      await session.run(createJournalSql);
      const tenantId: TenantId = this.ids.next<"Tenant">();
      for (const statement of baselineStatements(baseline, tenantId, { definer: "CURRENT_USER", lockWaitSeconds })) {
        await session.run(statement).catch(refusedBatch);
      }
      return readWithKeys(session, database);
    });
    const differing = differenceOf(first, made);
    if (differing) throw new NotFoldable(`${differing} made from the baseline differs from what the migrations made`);
  }
}

interface Outcome extends ScratchSnapshot {
  readonly generatedKeys: readonly GeneratedKey[];
}

/** Adds indexes in the end, to find the generated ones: the database is of no use afterwards. */
async function readWithKeys(session: ServerSession, database: string): Promise<Outcome> {
  const snapshot = await readScratch(session, database);
  return { ...snapshot, generatedKeys: await probeGeneratedKeys(session, database) };
}

/** Runs them as a tenant would get them, without a journal. @throws MigrationFailed, ServerTrouble */
export async function runMigrations(session: ServerSession, migrations: readonly Migration[]): Promise<void> {
  for (const migration of migrations) {
    await session.run(sessionSettings({ lockWaitSeconds }));
    for (const statement of migration.statements) {
      await session.run(statement.text).catch((error: unknown) => {
        throw failureOf(migration.tag, statement.number, error);
      });
    }
  }
}

function rowsInCommon(first: ScratchSnapshot, second: ScratchSnapshot): readonly TableRows[] {
  const stray = second.rows.find(({ table }) => !first.rows.some((rows) => rows.table === table));
  if (stray) throw new NotFoldable(`the rows of ${stray.table} are not the same each time`);
  return first.rows.map((rows) => {
    const common = commonRows(
      rows,
      second.rows.find(({ table }) => table === rows.table),
    );
    if (!common) throw new NotFoldable(`the rows of ${rows.table} are not the same each time`);
    return common;
  });
}

function baselineOf(folder: MigrationFolder, outcome: Outcome, rows: readonly TableRows[]): Baseline {
  return {
    checksum: folder.checksum,
    tables: outcome.tables.map(({ name, create }) => {
      const keys = outcome.generatedKeys.filter(({ table }) => table === name);
      return { name, create: withoutGeneratedKeys(create, name, keys) };
    }),
    views: outcome.views,
    rows: rows.flatMap((each) => insertStatements(each, quoteObservedName)),
    journal: folder.migrations.flatMap((migration, at) => rowsOfApplied(migration, folder.migrations[at - 1]?.tag)),
  };
}

/** @returns the first thing that differs */
function differenceOf(expected: Outcome, made: Outcome): string | undefined {
  for (const part of ["tables", "views", "rows", "generatedKeys"] as const) {
    const [left, right] = [expected[part], made[part]];
    if (left.length !== right.length) return `the number of ${part}`;
    const at = left.findIndex((each, index) => !isDeepStrictEqual(each, right[index]));
    if (at >= 0) return `one of the ${part === "generatedKeys" ? "server's own indexes" : part} (${nameIn(left[at])})`;
  }
  return undefined;
}

function nameIn(part: { readonly name: string } | { readonly table: string } | undefined): string {
  if (part === undefined) return "";
  return "name" in part ? part.name : part.table;
}

function refusedBatch(error: unknown): never {
  if (error instanceof ServerTrouble && !error.retryable) {
    throw new NotFoldable(`the server refuses the baseline (error ${error.errno ?? 0})`);
  }
  throw error;
}
