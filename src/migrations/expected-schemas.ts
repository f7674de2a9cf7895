import { withDeadline } from "../kit/deadline.ts";
import type { ServerId } from "../kit/ids.ts";
import type { Migration } from "./migration.ts";
import type { MigrationFolder } from "./migration-folder.ts";
import type { SchemaDescription } from "./schema-description.ts";
import type { MigrationTarget } from "./tenant-migrator.ts";
import type { Patience } from "./tenant-schemas.ts";

/** Describes databases as they are, and as migrations make them. */
export interface SchemaSource {
  /** What the database holds now, without our journal. @throws ServerTrouble */
  describe(target: MigrationTarget, patience: Patience): Promise<SchemaDescription>;
  /** What these migrations make of an empty database. @throws MigrationFailed, ServerTrouble */
  outcomeOf(serverId: ServerId, migrations: readonly Migration[], signal: AbortSignal): Promise<SchemaDescription>;
}

const outcomeDeadlineMs = 120_000;
/** A fleet stands at a handful of versions. */
const maxKept = 32;

/** What a tenant's own applied migrations should have made: found out once per server and set of migrations. */
export class ExpectedSchemas {
  readonly #known = new Map<string, Promise<SchemaDescription>>();

  constructor(
    private readonly folder: MigrationFolder,
    private readonly source: SchemaSource,
  ) {}

  /** @param applied tags, in any order; unknown ones count for nothing @throws MigrationFailed, ServerTrouble, DeadlineExceeded */
  of(serverId: ServerId, applied: readonly string[], signal: AbortSignal): Promise<SchemaDescription> {
    const migrations = this.folder.migrations.filter(({ tag }) => applied.includes(tag));
    const key = [serverId, ...migrations.map(({ tag }) => tag)].join("\n");
    let description = this.#known.get(key);
    if (!description) {
      description = withDeadline("Finding the expected schema", outcomeDeadlineMs, undefined, (own) =>
        this.source.outcomeOf(serverId, migrations, own),
      );
      this.#keep(key, description);
    }
    const shared = description;
    // It is found out for the others too when one who waits is cancelled.
    return withDeadline("Finding the expected schema", outcomeDeadlineMs, signal, () => shared);
  }

  #keep(key: string, description: Promise<SchemaDescription>): void {
    this.#known.set(key, description);
    description.catch(() => this.#known.delete(key));
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxKept && oldest !== undefined) this.#known.delete(oldest);
  }
}
