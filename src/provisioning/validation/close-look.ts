import type { SchemaSource } from "../../migrations/expected-schemas.ts";
import type { SchemaDescription } from "../../migrations/schema-description.ts";
import type { MigrationTarget } from "../../migrations/tenant-migrator.ts";
import type { ContentsSeen, ServerSurveys } from "./server-survey.ts";

const closeLookMs = 30_000;

/** What was seen of a database from within. */
export interface SeenClosely {
  readonly actual: SchemaDescription;
  /** Whether the database was afterwards what the survey had shown: only then is it true of others that look the same. */
  readonly unmoved: boolean;
}

/** A look at a database from within, some time after a survey: once at most, and only when it is asked for. */
export class CloseLook {
  #seen: Promise<SeenClosely> | undefined;

  constructor(
    private readonly source: Pick<SchemaSource, "describe">,
    private readonly surveys: Pick<ServerSurveys, "one">,
    readonly target: MigrationTarget,
    private readonly contents: ContentsSeen | undefined,
    readonly signal: AbortSignal,
  ) {}

  /** As the survey has it; empty: it showed nothing in the database. */
  get print(): string {
    return this.contents?.print ?? "";
  }

  /** @throws ServerTrouble, DeadlineExceeded, QueueTimeout, or the signal's reason */
  seen(): Promise<SeenClosely> {
    this.#seen ??= this.#look();
    return this.#seen;
  }

  async #look(): Promise<SeenClosely> {
    const { target, signal } = this;
    const actual = await this.source.describe(target, { signal, deadlineMs: closeLookMs });
    const { contents } = await this.surveys.one(target, signal);
    return { actual, unmoved: textOf(contents.get(target.databaseName)) === textOf(this.contents) };
  }
}

function textOf(contents: ContentsSeen | undefined): string {
  const { journal = "NONE", print = "" } = contents ?? {};
  return `${typeof journal === "object" ? journal.digest : journal} ${print}`;
}
