import type { ServerId } from "../../kit/ids.ts";
import type { Migration } from "../../migrations/migration.ts";
import type { MigrationTarget } from "../../migrations/tenant-migrator.ts";
import type { Patience } from "../../migrations/tenant-schemas.ts";
import type { Finding } from "../../provisioning/finding.ts";
import type { SchemaMender } from "../../provisioning/repair/schema-mender.ts";
import { runMigrations } from "../migrations/mysql-baseline-source.ts";
import type { ScratchDatabases } from "../migrations/scratch-databases.ts";
import { readDefinitions } from "../migrations/scratch-snapshot.ts";
import { sessionSettings } from "../migrations/sql-text.ts";
import type { ServerSessions } from "../pools/server-sessions.ts";
import { type Definitions, SchemaAdditions } from "./schema-additions.ts";

/** A tenant's open transaction must not hold the fleet up: what waits longer is tried by a next repair. */
const lockWaitSeconds = 5;
/** A fleet stands at a handful of versions. */
const maxKept = 16;

/** Takes the definitions from a scratch database in which the same migrations ran: once per server and set of migrations. */
export class MysqlSchemaMender implements SchemaMender {
  readonly #known = new Map<string, Promise<Definitions>>();

  constructor(
    private readonly sessions: ServerSessions,
    private readonly scratch: ScratchDatabases,
  ) {}

  async mend(
    target: MigrationTarget,
    applied: readonly Migration[],
    missing: readonly Finding[],
    patience: Patience,
  ): Promise<ReadonlyMap<string, string>> {
    const { serverId, databaseName: database } = target;
    const definitions = await this.#definitions(serverId, applied, patience.signal);
    return this.sessions.withAdminOn({ serverId, database, ...patience }, async (session) => {
      await session.run(sessionSettings({ lockWaitSeconds }));
      return new SchemaAdditions(session, definitions, database).add(missing);
    });
  }

  #definitions(serverId: ServerId, applied: readonly Migration[], signal: AbortSignal): Promise<Definitions> {
    const key = [serverId, ...applied.map(({ tag, checksum }) => `${tag} ${checksum}`)].join("\n");
    const known = this.#known.get(key);
    if (known) return known;
    const found = this.scratch.use(serverId, "EXPECTED_SCHEMA", signal, async (session, database) => {
      await runMigrations(session, applied);
      return readDefinitions(session, database);
    });
    this.#known.set(key, found);
    found.catch(() => this.#known.delete(key));
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxKept && oldest !== undefined) this.#known.delete(oldest);
    return found;
  }
}
