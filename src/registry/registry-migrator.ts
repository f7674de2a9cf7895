import { readMigrationFiles } from "drizzle-orm/migrator";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { errnoOf, RegistryAhead } from "./registry-trouble.ts";

/**
 * What a statement answers whose effect is there already: table, column, key or constraint exists; or is gone.
 * MySQL 1826 is a foreign key's name.
 */
const alreadyDone: ReadonlySet<number> = new Set([1050, 1051, 1060, 1061, 1091, 1826]);

/**
 * Applies the migrations that are missing, under the instance lease. Not drizzle's own migrator: DDL is not transactional and
 * that one remembers nothing of a migration in whose middle the process was killed, so that no start would ever succeed again.
 */
export class RegistryMigrator {
  constructor(
    private readonly connection: Connection,
    /** Where drizzle-kit wrote them. */
    private readonly folder: string,
  ) {}

  /** @returns how many migrations were applied @throws RegistryAhead */
  async migrate(): Promise<number> {
    await this.connection.query(
      `CREATE TABLE IF NOT EXISTS registry_migrations (
        hash char(64) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY,
        made_at bigint NOT NULL,
        statements_done int NOT NULL,
        statements int NOT NULL)`,
    );
    const migrations = readMigrationFiles({ migrationsFolder: this.folder });
    const done = await this.#journal();
    const known = new Set(migrations.map(({ hash }) => hash));
    if ([...done.keys()].some((hash) => !known.has(hash))) {
      throw new RegistryAhead("The registry was made or changed by a newer version of the service. Start that one.");
    }
    const missing = migrations.filter(({ hash, sql }) => (done.get(hash) ?? 0) < sql.length);
    for (const { hash, sql, folderMillis } of missing) await this.#apply(hash, folderMillis, sql, done.get(hash));
    return missing.length;
  }

  /** Statements done per hash of a migration. */
  async #journal(): Promise<ReadonlyMap<string, number>> {
    const [rows] = await this.connection.query<RowDataPacket[]>(
      "SELECT hash, statements_done FROM registry_migrations",
    );
    return new Map(rows.map((row) => [String(row.hash), Number(row.statements_done)]));
  }

  /** @param resumeAt statements that the journal knows of; the one after them may or may not have taken effect */
  async #apply(
    hash: string,
    madeAt: number,
    statements: readonly string[],
    resumeAt: number | undefined,
  ): Promise<void> {
    await this.connection.query("INSERT IGNORE INTO registry_migrations VALUES (?, ?, 0, ?)", [
      hash,
      madeAt,
      statements.length,
    ]);
    for (const [position, statement] of statements.entries()) {
      if (position < (resumeAt ?? 0)) continue;
      await this.#run(statement, position === resumeAt);
      await this.connection.query("UPDATE registry_migrations SET statements_done = ? WHERE hash = ?", [
        position + 1,
        hash,
      ]);
    }
  }

  async #run(statement: string, inDoubt: boolean): Promise<void> {
    try {
      await this.connection.query(statement);
    } catch (error) {
      if (!inDoubt || !alreadyDone.has(errnoOf(error) ?? 0)) throw error;
    }
  }
}
