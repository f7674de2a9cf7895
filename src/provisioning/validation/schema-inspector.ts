import type { ExpectedSchemas, SchemaSource } from "../../migrations/expected-schemas.ts";
import { type JournalReading, readJournalRows } from "../../migrations/journal.ts";
import type { MigrationFolder } from "../../migrations/migration-folder.ts";
import type { SchemaDescription } from "../../migrations/schema-description.ts";
import { diffSchema, type SchemaDifference } from "../../migrations/schema-diff.ts";
import { standingAlready } from "../../migrations/standing-effects.ts";
import type { MigrationTarget } from "../../migrations/tenant-migrator.ts";
import type { TenantSchemas } from "../../migrations/tenant-schemas.ts";
import { CloseLook } from "./close-look.ts";
import { digestOfJournal, rowsOfFolder } from "./journal-digest.ts";
import type { ContentsSeen, ServerSurveys } from "./server-survey.ts";

const journalLookMs = 30_000;
/** Different structures that are remembered; a fleet has a handful. */
const maxKept = 512;

/** What a tenant's database has of its schema. */
export interface SchemaSight {
  /** What its journal says; undefined: it has none, the database is empty. */
  readonly reading?: JournalReading | undefined;
  /** From what its own applied migrations make. */
  readonly differences: readonly SchemaDifference[];
}

/** What {@link SchemaInspector} works with. */
export interface InspectorParts {
  readonly folder: MigrationFolder;
  readonly schemas: Pick<TenantSchemas, "look">;
  readonly expected: Pick<ExpectedSchemas, "of">;
  readonly source: Pick<SchemaSource, "describe">;
  readonly surveys: Pick<ServerSurveys, "one">;
}

/** Compares databases with what their own migrations should have made of them. What looks the same from outside is looked at once. */
export class SchemaInspector {
  readonly #readings = new Map<string, JournalReading>();
  readonly #differences = new Map<string, readonly SchemaDifference[]>();
  readonly #standings = new Map<string, readonly string[]>();

  constructor(private readonly parts: InspectorParts) {
    const rows = rowsOfFolder(parts.folder);
    this.#readings.set(digestOfJournal(rows), readJournalRows(rows, parts.folder));
  }

  /** @param version that the registry has, by which an empty database is judged @throws MigrationFailed, ServerTrouble, DeadlineExceeded */
  async inspect(
    target: MigrationTarget,
    contents: ContentsSeen | undefined,
    version: string | undefined,
    signal: AbortSignal,
  ): Promise<SchemaSight> {
    const journal = contents?.journal;
    const reading = typeof journal === "object" ? await this.#read(target, journal.digest, signal) : undefined;
    const close = new CloseLook(this.parts.source, this.parts.surveys, target, contents, signal);
    if (!reading || (reading.fresh && contents?.objects === 0)) {
      const lost = this.#tagsUpTo(version);
      return { reading, differences: lost.length === 0 ? [] : await this.#differ(close, lost) };
    }
    // Nobody can say what an unknown or edited migration should have made.
    if (reading.fresh && version !== undefined) return { reading: forgotten(reading, version), differences: [] };
    const untold = reading.tampered.length > 0 || reading.ahead.length > 0 || reading.baselineBegun !== undefined;
    if (untold) return { reading, differences: [] };
    const differences = await this.#differ(close, reading.applied);
    const standing = await this.#standing(close, reading);
    const told = { ...reading, tampered: standing.map(quicker) };
    const begun = reading.pending.filter((pending) => pending.begun).map(({ migration }) => migration.tag);
    if (begun.length === 0) return { reading: told, differences };
    // What a half-applied migration explains is no difference.
    const withBegun = await this.#differ(close, [...reading.applied, ...begun]);
    const both = new Set(withBegun.map(keyOf));
    return { reading: told, differences: differences.filter((each) => both.has(keyOf(each))) };
  }

  async #read(target: MigrationTarget, digest: string, signal: AbortSignal): Promise<JournalReading> {
    const known = this.#readings.get(digest);
    if (known) return known;
    const { journal } = await this.parts.schemas.look(target, { signal, deadlineMs: journalLookMs });
    const reading = readJournalRows(journal, this.parts.folder);
    // It may have gone on since the survey.
    if (digestOfJournal(journal) === digest) keep(this.#readings, digest, reading);
    return reading;
  }

  async #differ(close: CloseLook, applied: readonly string[]): Promise<readonly SchemaDifference[]> {
    const { target, print, signal } = close;
    const key = [target.serverId, ...applied, print].join("\n");
    const known = this.#differences.get(key);
    if (known) return known;
    const expected = await this.parts.expected.of(target.serverId, applied, signal);
    const { actual, unmoved } = await close.seen();
    const found = differencesOf(expected, actual);
    if (unmoved) keep(this.#differences, key, found);
    return found;
  }

  /** Tags of pending migrations that would be refused, because what they make is there. */
  async #standing(close: CloseLook, { pending }: JournalReading): Promise<readonly string[]> {
    if (pending.length === 0) return [];
    const where = pending.map(({ migration, next, inDoubt }) => `${migration.tag} ${next} ${inDoubt}`);
    const key = [close.target.serverId, ...where, close.print].join("\n");
    const known = this.#standings.get(key);
    if (known) return known;
    const { actual, unmoved } = await close.seen();
    const found = standingAlready(pending, actual);
    if (unmoved) keep(this.#standings, key, found);
    return found;
  }

  #tagsUpTo(version: string | undefined): readonly string[] {
    const tags = this.parts.folder.migrations.map(({ tag }) => tag);
    return tags.slice(0, version === undefined ? 0 : tags.indexOf(version) + 1);
  }
}

function differencesOf(expected: SchemaDescription, actual: SchemaDescription): readonly SchemaDifference[] {
  // The database's own charset is seen without a close look.
  const differences = diffSchema(expected, actual).filter(({ object }) => object !== "");
  const views = [...expected.tables].flatMap(([name, { kind }]) => (kind === "VIEW" ? [`${name}.`] : []));
  const ofTables = differences.filter(({ object }) => !views.some((view) => object.startsWith(view)));
  // What a view shows follows from the tables: with one of them it differs too.
  return ofTables.length > 0 ? ofTables : differences;
}

/** What the registry knows to have been applied stands in the way of applying it. */
function forgotten(reading: JournalReading, version: string): JournalReading {
  const message = `The database holds tables, and its journal knows of no migration; the registry knows of ${version}.`;
  return { ...reading, tampered: [message], pending: [] };
}

function quicker(tag: string): string {
  return `Migration ${tag} is not in the journal as applied, though what it makes is there.`;
}

function keyOf({ kind, object }: SchemaDifference): string {
  return `${kind} ${object}`;
}

function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.set(key, value);
  const [, second] = map.keys();
  // The first is the whole folder's: it is needed most.
  if (map.size > maxKept && second !== undefined) map.delete(second);
}
