import { ServerTrouble } from "../servers/server-trouble.ts";
import { type JournalRow, type PendingMigration, statementRow } from "./journal.ts";
import type { Migration, Statement } from "./migration.ts";
import { MigrationFailed, MigrationInDoubt } from "./migration-trouble.ts";
import type { Effect } from "./statements/statement-effect.ts";
import type { SchemaSession } from "./tenant-schemas.ts";

/** Where tests make a run stop, by throwing or by never answering. */
export type Failpoint = (name: FailpointName) => Promise<void>;
export type FailpointName =
  | "migration.statement-started"
  | "migration.statement-run"
  | "migration.rows-run"
  | "migration.rows-committed"
  | "migration.before-journal";

/**
 * Applies pending migrations one statement after the other. The journal says of each statement that it has started before
 * it runs, and that it is done together with the start of the next: one write per statement.
 */
export class MigrationRun {
  /** Rows to go with the next write. */
  #owed: JournalRow[] = [];

  constructor(
    private readonly session: SchemaSession,
    private readonly failpoint: Failpoint,
  ) {}

  /** @param version the newest tag before these @throws MigrationFailed, MigrationInDoubt, ServerTrouble */
  async apply(pending: readonly PendingMigration[], version: string | undefined): Promise<void> {
    // Another session's statement may still be at work in a file that has begun: the service ended, the server did not notice.
    if (pending.some((each) => each.begun)) await this.session.endOthers();
    let from = version;
    try {
      for (const each of pending) {
        await this.#applyOne(each, from);
        if (from === undefined || each.migration.tag > from) from = each.migration.tag;
      }
    } catch (error) {
      // What was done is to be known even when what came next failed. Where this cannot be written either, the row stays
      // STARTED, and the next run looks.
      await this.#pay().catch(() => undefined);
      throw error;
    }
    await this.#pay();
  }

  async #applyOne(pending: PendingMigration, fromVersion: string | undefined): Promise<void> {
    const { migration, next } = pending;
    await this.session.begin();
    for (const statement of migration.statements) {
      if (statement.number < next && statement.effect.kind === "SETTING") await this.#run(migration, statement);
    }
    const whole: JournalRow = {
      migration: migration.tag,
      statement: 0,
      checksum: migration.checksum,
      status: "STARTED",
    };
    if (!pending.begun) this.#owed.push({ ...whole, fromVersion });
    let inDoubt = pending.inDoubt;
    for (const unit of unitsFrom(migration, next)) {
      const [first] = unit;
      if (first && inDoubt) await this.#settle(migration, first);
      else if (first?.effect.kind === "ROWS") await this.#runRows(migration, unit);
      else if (first?.effect.kind === "SETTING") await this.#runSetting(migration, first);
      else if (first) await this.#runSchema(migration, first);
      inDoubt = false;
    }
    this.#owed.push({ ...whole, status: "DONE" });
  }

  async #runRows(migration: Migration, statements: readonly Statement[]): Promise<void> {
    const owed = this.#owed;
    await this.session.transaction(async () => {
      for (const statement of statements) await this.#run(migration, statement);
      await this.failpoint("migration.rows-run");
      if (owed.length > 0) await this.session.write(owed);
      await this.session.enter(statements.map((statement) => statementRow(migration, statement, "DONE")));
    });
    this.#owed = [];
    await this.failpoint("migration.rows-committed");
  }

  async #runSetting(migration: Migration, statement: Statement): Promise<void> {
    await this.#run(migration, statement);
    this.#owed.push(statementRow(migration, statement, "DONE"));
  }

  async #runSchema(migration: Migration, statement: Statement): Promise<void> {
    this.#owed.push(statementRow(migration, statement, "STARTED"));
    await this.#pay();
    await this.failpoint("migration.statement-started");
    await this.#change(migration, statement);
  }

  async #change(migration: Migration, statement: Statement): Promise<void> {
    try {
      await this.#run(migration, statement);
    } catch (error) {
      if (tookNoEffect(error)) await this.session.retract(statementRow(migration, statement, "STARTED"));
      throw error;
    }
    await this.failpoint("migration.statement-run");
    this.#owed.push(statementRow(migration, statement, "DONE"));
  }

  /** The statement had begun when the last run ended. */
  async #settle(migration: Migration, statement: Statement): Promise<void> {
    const tookEffect = await this.#tookEffect(migration, statement, statement.effect);
    if (tookEffect) this.#owed.push(statementRow(migration, statement, "DONE"));
    else await this.#change(migration, statement);
  }

  async #tookEffect(migration: Migration, statement: Statement, effect: Effect): Promise<boolean> {
    if (effect.kind !== "SCHEMA" || (effect.facts.length === 0 && effect.repeatable)) return false;
    const holding: boolean[] = [];
    for (const fact of effect.facts) holding.push(await this.session.holds(fact));
    if (holding.length > 0 && holding.every((holds) => holds)) return true;
    if (holding.length > 0 && holding.every((holds) => !holds)) return false;
    throw new MigrationInDoubt(migration.tag, statement.number);
  }

  async #run(migration: Migration, statement: Statement): Promise<void> {
    try {
      await this.session.run(statement);
    } catch (error) {
      throw failureOf(migration.tag, statement.number, error);
    }
  }

  async #pay(): Promise<void> {
    if (this.#owed.length === 0) return;
    await this.failpoint("migration.before-journal");
    await this.session.write(this.#owed);
    this.#owed = [];
  }
}

/** Trouble that may pass stays what it is; a refusal of the statement itself becomes MigrationFailed. */
export function failureOf(tag: string, statement: number, error: unknown): unknown {
  if (!(error instanceof ServerTrouble) || error.retryable) return error;
  return new MigrationFailed(tag, statement, error.errno, { cause: error });
}

/** The server answered with a refusal; a statement of DDL is atomic. A lost connection says nothing. */
function tookNoEffect(error: unknown): boolean {
  return error instanceof MigrationFailed || (error instanceof ServerTrouble && error.code !== "UNREACHABLE");
}

/** Statements that run together: neighbours that change rows are one transaction, every other stands alone. */
function unitsFrom(migration: Migration, next: number): readonly (readonly Statement[])[] {
  const units: Statement[][] = [];
  for (const statement of migration.statements.slice(next - 1)) {
    const last = units.at(-1);
    if (statement.effect.kind === "ROWS" && last?.[0]?.effect.kind === "ROWS") last.push(statement);
    else units.push([statement]);
  }
  return units;
}
