import { readMigrationFiles } from "drizzle-orm/migrator";
import type { Connection, RowDataPacket } from "mysql2/promise";
import type { Logger } from "../kit/logger.ts";
import { errnoOf, isLockConflict, RegistryAhead } from "./registry-trouble.ts";

/**
 * What a statement answers whose effect is there already: table, column, key or constraint exists; or is gone.
 * MySQL 1826 is a foreign key's name.
 */
const alreadyDone: ReadonlySet<number> = new Set([1050, 1051, 1060, 1061, 1091, 1826]);

/** How long a statement may wait for what others have locked, a dump above all: the servers' own default is a day, or a year. */
export interface LockPatience {
  readonly waitSeconds: number;
  /** Tries of one statement; each but the last that waited in vain is told of. */
  readonly tries: number;
}

/** What {@link RegistryMigrator} works with. */
export interface MigratorParts {
  readonly connection: Connection;
  /** Where drizzle-kit wrote the migrations. */
  readonly folder: string;
  readonly patience: LockPatience;
  /** Nothing is begun once it is aborted. */
  readonly lost: AbortSignal;
  readonly logger: Logger;
}

/**
 * Applies the migrations that are missing, under the instance lease. Not drizzle's own migrator: DDL is not transactional and
 * that one remembers nothing of a migration in whose middle the process was killed, so that no start would ever succeed again.
 */
export class RegistryMigrator {
  constructor(private readonly parts: MigratorParts) {}

  /** @returns how many migrations were applied @throws RegistryAhead, the signal's reason */
  async migrate(): Promise<number> {
    const { connection, folder, patience } = this.parts;
    await connection.query("SET SESSION lock_wait_timeout = ?", [patience.waitSeconds]);
    await connection.query(
      `CREATE TABLE IF NOT EXISTS registry_migrations (
        hash char(64) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY,
        made_at bigint NOT NULL,
        statements_done int NOT NULL,
        statements int NOT NULL)`,
    );
    const migrations = readMigrationFiles({ migrationsFolder: folder });
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
    const [rows] = await this.parts.connection.query<RowDataPacket[]>(
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
    const { connection } = this.parts;
    await connection.query("INSERT IGNORE INTO registry_migrations VALUES (?, ?, 0, ?)", [
      hash,
      madeAt,
      statements.length,
    ]);
    for (const [position, statement] of statements.entries()) {
      if (position < (resumeAt ?? 0)) continue;
      await this.#untilFree(statement, position === resumeAt);
      await connection.query("UPDATE registry_migrations SET statements_done = ? WHERE hash = ?", [position + 1, hash]);
    }
  }

  /** What waited in vain for a lock took no effect. */
  async #untilFree(statement: string, inDoubt: boolean): Promise<void> {
    const { patience, lost, logger } = this.parts;
    for (let tries = 1; ; tries += 1) {
      lost.throwIfAborted();
      try {
        return await this.#run(statement, inDoubt);
      } catch (error) {
        if (!isLockConflict(error) || tries >= patience.tries) throw error;
        logger.warn({ statement, tries, err: error }, "registry migration waits for a lock of somebody else");
      }
    }
  }

  async #run(statement: string, inDoubt: boolean): Promise<void> {
    try {
      await this.parts.connection.query(statement);
    } catch (error) {
      if (!inDoubt || !alreadyDone.has(errnoOf(error) ?? 0)) throw error;
    }
  }
}
