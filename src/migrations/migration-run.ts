import { ServerTrouble } from "../servers/server-trouble.ts";
import { type JournalRow, type PendingMigration, statementRow } from "./journal.ts";
import { debtAfter, type JournalDebt, type PlannedStep } from "./journal-debt.ts";
import type { Migration, Statement } from "./migration.ts";
import { MigrationFailed, MigrationInDoubt } from "./migration-trouble.ts";
import type { Effect } from "./statements/statement-effect.ts";
import type { SchemaSession, SchemaStep } from "./tenant-schemas.ts";

/** Where tests make a run stop, by throwing or by never answering. */
export type Failpoint = (name: FailpointName) => Promise<void>;
export type FailpointName =
  | "migration.statement-started"
  | "migration.statement-run"
  | "migration.rows-run"
  | "migration.rows-committed"
  | "migration.before-journal";

/** An entry of the journal that is there already. */
const duplicate = 1062;
const overtaken = "Another session has begun the same migration meanwhile.";

/**
 * Applies pending migrations one statement after the other. The journal says of each statement that it has started before
 * it runs, and that it is done together with the start of the next: one write per statement. What is written before and after a
 * statement goes to the server with it, in one packet that holds one change of the schema or one transaction.
 */
export class MigrationRun {
  /** After what was carried out; what the steps add to it is known when they are. */
  #debt: JournalDebt = { rows: [] };
  /** To go with the next packet. */
  #steps: PlannedStep[] = [];
  /** Whether those hold a change of the schema, or a transaction. */
  #full = false;
  /** Whether the next write is the first, of rows that nobody can have written. */
  #fresh = false;

  /** @param failpoint where there is one, packets end where it is */
  constructor(
    private readonly session: SchemaSession,
    private readonly failpoint?: Failpoint | undefined,
  ) {}

  /**
   * @param pending by a journal that no other session writes to any more, or of which none had begun
   * @param version the newest tag before these @returns the journal's rows of these migrations, read back
   * @throws MigrationFailed, MigrationInDoubt, ServerTrouble
   */
  async apply(pending: readonly PendingMigration[], version: string | undefined): Promise<readonly JournalRow[]> {
    this.#fresh = !pending.some((each) => each.begun);
    let from = version;
    try {
      for (const each of pending) {
        await this.#applyOne(each, from);
        if (from === undefined || each.migration.tag > from) from = each.migration.tag;
      }
      await this.#pay();
      return await this.#send({ what: "READ_BACK", tags: pending.map(({ migration }) => migration.tag) });
    } catch (error) {
      // What was done is to be known even when what came next failed. Where this cannot be written either, the row stays
      // STARTED, and the next run looks.
      const { rows } = this.#debt;
      if (rows.some((row) => row.status === "DONE"))
        await this.session.send([{ what: "WRITE", rows }]).catch(() => undefined);
      throw error;
    }
  }

  /** Runs a file that holds changes of rows alone, with these rows of the journal, as one transaction. @throws as `apply` */
  async applyRows(file: Migration, entries: readonly JournalRow[]): Promise<void> {
    this.#steps.push({ what: "BEGIN" });
    await this.#runRows(file, file.statements, entries);
  }

  async #applyOne(pending: PendingMigration, fromVersion: string | undefined): Promise<void> {
    const { migration, next } = pending;
    this.#steps.push({ what: "BEGIN" });
    for (const statement of migration.statements) {
      if (statement.number < next && statement.effect.kind === "SETTING")
        this.#steps.push({ what: "RUN", migration, statement });
    }
    const whole: JournalRow = {
      migration: migration.tag,
      statement: 0,
      checksum: migration.checksum,
      status: "STARTED",
    };
    if (!pending.begun) this.#owe({ ...whole, fromVersion });
    let inDoubt = pending.inDoubt;
    for (const unit of unitsFrom(migration, next)) {
      const [first] = unit;
      if (first && inDoubt) await this.#settle(migration, first);
      else if (first?.effect.kind === "ROWS") await this.#runRows(migration, unit);
      else if (first?.effect.kind === "SETTING") this.#runSetting(migration, first);
      else if (first) await this.#runSchema(migration, first);
      inDoubt = false;
    }
    this.#owe({ ...whole, status: "DONE" });
  }

  async #runRows(
    migration: Migration,
    statements: readonly Statement[],
    entries: readonly JournalRow[] = statements.map((each) => statementRow(migration, each, "DONE")),
  ): Promise<void> {
    await this.#makeRoom();
    this.#steps.push({ what: "START_TRANSACTION" });
    for (const statement of statements) this.#steps.push({ what: "RUN", migration, statement });
    try {
      await this.#passed("migration.rows-run");
      this.#write();
      this.#steps.push({ what: "ENTER", rows: entries });
      await this.#send({ what: "COMMIT" });
    } catch (error) {
      // Where the connection is gone the server rolls back by itself; the first error is the one that says why.
      await this.session.rollBack().catch(() => undefined);
      throw error;
    }
    await this.#passed("migration.rows-committed");
  }

  #runSetting(migration: Migration, statement: Statement): void {
    this.#steps.push({ what: "RUN", migration, statement });
    this.#owe(statementRow(migration, statement, "DONE"));
  }

  async #runSchema(migration: Migration, statement: Statement): Promise<void> {
    await this.#pay(statementRow(migration, statement, "STARTED"));
    await this.#passed("migration.statement-started");
    await this.#change(migration, statement);
  }

  async #change(migration: Migration, statement: Statement): Promise<void> {
    await this.#makeRoom();
    this.#full = true;
    this.#steps.push({ what: "RUN", migration, statement });
    this.#owe(statementRow(migration, statement, "DONE"));
    await this.#passed("migration.statement-run");
  }

  /** The statement had begun when the last run ended. */
  async #settle(migration: Migration, statement: Statement): Promise<void> {
    await this.#send();
    const tookEffect = await this.#tookEffect(migration, statement, statement.effect);
    if (tookEffect) this.#owe(statementRow(migration, statement, "DONE"));
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

  #owe(row: JournalRow): void {
    this.#steps.push({ what: "OWE", row });
  }

  /** @param more what is only so when it is written */
  async #pay(...more: readonly JournalRow[]): Promise<void> {
    if (more.length === 0 && this.#owed().length === 0) return;
    await this.#passed("migration.before-journal");
    this.#write(...more);
  }

  #owed(): readonly JournalRow[] {
    return debtAfter(this.#debt, this.#steps).rows;
  }

  #write(...more: readonly JournalRow[]): void {
    const rows = [...this.#owed(), ...more];
    if (rows.length === 0) return;
    this.#steps.push({ what: this.#fresh ? "ENTER" : "WRITE", rows });
    this.#fresh = false;
  }

  /** One change per packet: whoever gives up on a packet gives up on no more than that. */
  async #makeRoom(): Promise<void> {
    if (this.#full) await this.#send();
  }

  async #passed(name: FailpointName): Promise<void> {
    if (!this.failpoint) return;
    await this.#send();
    await this.failpoint(name);
  }

  /** @returns what was read back */
  async #send(...last: readonly SchemaStep[]): Promise<readonly JournalRow[]> {
    const planned = [...this.#steps, ...last];
    this.#steps = [];
    this.#full = false;
    const steps = planned.filter((step) => step.what !== "OWE");
    if (steps.length === 0) {
      this.#debt = debtAfter(this.#debt, planned);
      return [];
    }
    const { journal, refusal } = await this.session.send(steps).catch((error: unknown) => {
      // Nobody knows how far it came: the journal's rows that are there say so.
      this.#debt = { rows: [] };
      throw error;
    });
    const refused = refusal?.step ? planned.indexOf(refusal.step) : 0;
    this.#debt = debtAfter(this.#debt, refusal ? planned.slice(0, refused) : planned);
    if (!refusal) return journal;
    // The refused one may be within a transaction, which is rolled back.
    this.#debt = { rows: this.#debt.rolledBack ?? this.#debt.rows };
    throw await this.#failure(refusal.step, refusal.trouble);
  }

  /** @returns what the refusal of a step means to the tenant */
  async #failure(step: SchemaStep | undefined, trouble: ServerTrouble): Promise<unknown> {
    if (step?.what === "ENTER" && trouble.errno === duplicate) {
      this.#debt = { rows: [] };
      return new ServerTrouble("DEADLOCK", overtaken, duplicate, { cause: trouble });
    }
    if (step?.what !== "RUN") return trouble;
    const { migration, statement } = step;
    if (statement.effect.kind === "SCHEMA" && tookNoEffect(trouble)) {
      await this.session.retract(statementRow(migration, statement, "STARTED"));
    }
    return failureOf(migration.tag, statement.number, trouble);
  }
}

/** Trouble that may pass stays what it is; a refusal of the statement itself becomes MigrationFailed. */
export function failureOf(tag: string, statement: number, error: unknown): unknown {
  if (!(error instanceof ServerTrouble) || error.retryable) return error;
  return new MigrationFailed(tag, statement, error.errno, { cause: error });
}

/** The server answered with a refusal; a statement of DDL is atomic. That it was interrupted says nothing. */
function tookNoEffect(trouble: ServerTrouble): boolean {
  return trouble.code !== "UNREACHABLE";
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
