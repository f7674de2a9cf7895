import type { Clock } from "../../kit/clock.ts";
import type { TenantId } from "../../kit/ids.ts";
import type { Secret } from "../../kit/secret.ts";
import type { GrantSeen, ServerSnapshot } from "../../provisioning/server-snapshot.ts";
import {
  type DatabaseContents,
  type ServerInstant,
  type TenantServer,
  TooLate,
} from "../../provisioning/tenant-server.ts";
import { tenantCharset, tenantMaxUserConnections, tenantPrivileges } from "../../servers/account-recipe.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import { nativePasswordHash } from "../../tenants/credentials.ts";
import { createJournalSql, journalTable } from "../migrations/journal-table.ts";
import { quoteAccount, quoteName } from "../pools/identifiers.ts";
import type { ServerSession } from "../pools/server-sessions.ts";
import { dropAccounts, endSessions, lockAccounts } from "./account-closing.ts";
import type { AccountDialect } from "./account-dialect.ts";
import { readMarker } from "./read-marker.ts";
import { revokeSql } from "./revoke-sql.ts";
import { lookAt } from "./server-look.ts";

const databaseExists = 1007;
const signalled = 1644;
const accountExists = 1396;
/** There is no such grant to take back: 1141 for an account, 1147 for a table, 1269 and 1403 for a user or a routine. */
const noSuchGrant: ReadonlySet<number> = new Set([1141, 1147, 1269, 1403]);

const charset = `CHARACTER SET ${tenantCharset.charset} COLLATE ${tenantCharset.collation}`;

/** A tenant server through one session of its admin. Names are qualified: a pooled session has no current database. */
export class MysqlTenantServer implements TenantServer {
  constructor(
    private readonly session: ServerSession,
    private readonly dialect: AccountDialect,
    private readonly clock: Clock,
  ) {}

  async createDatabase(name: string): Promise<"CREATED" | "EXISTED"> {
    const exists = await this.#metErrno(databaseExists, `CREATE DATABASE ${quoteName(name)} ${charset}`);
    return exists ? "EXISTED" : "CREATED";
  }

  async setCharset(name: string): Promise<void> {
    await this.session.run(`ALTER DATABASE ${quoteName(name)} ${charset}`);
  }

  async contentsOf(name: string): Promise<DatabaseContents> {
    const marker = await readMarker(this.session, name);
    const [row] = await this.session.query<{ readonly objects: number | string }>(
      `SELECT (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME <> ?)
        + (SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?)
        + (SELECT COUNT(*) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?) AS objects`,
      [name, journalTable, name, name],
    );
    return { marker, objects: Number(row?.objects ?? 0) + (await this.#unmarkedRows(name, marker)) };
  }

  async writeMarker(name: string, owner: TenantId): Promise<void> {
    const table = qualifiedJournal(name);
    await this.session.run(createJournalSql.replace(journalTable, table));
    await this.session.run(
      `INSERT INTO ${table} (tenant_id, migration, statement, finished_at) VALUES (?, '', 0, CURRENT_TIMESTAMP(3))
        ON DUPLICATE KEY UPDATE tenant_id = tenant_id`,
      [owner],
    );
  }

  async setAccount(name: string, password: Secret, locked = false): Promise<void> {
    const hash = nativePasswordHash(password);
    const create = this.dialect.createAccount(name, tenantMaxUserConnections, locked);
    if (!(await this.#metErrno(accountExists, create, [hash]))) return;
    await this.session.run(this.dialect.setAccount(name, tenantMaxUserConnections, locked), [hash]);
  }

  async instantAfter(ms: number): Promise<ServerInstant> {
    const [row] = await this.session.query<{ readonly at: ServerInstant }>(
      "SELECT DATE_FORMAT(UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND, '%Y-%m-%d %H:%i:%s.%f') AS at",
      [Math.round(ms * 1_000)],
    );
    if (!row) throw new ServerTrouble("UNREACHABLE", "The server did not say what time it is.");
    return row.at;
  }

  async setAccountUntil(until: ServerInstant, name: string, password: Secret): Promise<void> {
    const { createAccount, setAccount, unlessAfter } = this.dialect;
    if (!unlessAfter) return this.setAccount(name, password);
    const values = [until, nativePasswordHash(password)];
    try {
      const create = unlessAfter(createAccount(name, tenantMaxUserConnections, false));
      if (!(await this.#metErrno(accountExists, create, values))) return;
      await this.session.run(unlessAfter(setAccount(name, tenantMaxUserConnections, false)), values);
    } catch (error) {
      if (!(error instanceof ServerTrouble) || error.errno !== signalled) throw error;
      throw new TooLate("The server was told of a password too late, and has not set it.", { cause: error });
    }
  }

  async grant(name: string): Promise<void> {
    await this.session.run(`GRANT ${tenantPrivileges.join(", ")} ON ${quoteName(name)}.* TO ${quoteAccount(name)}`);
  }

  async revoke(name: string, grant: GrantSeen): Promise<void> {
    for (const sql of revokeSql(name, grant)) {
      try {
        await this.session.run(sql);
      } catch (error) {
        if (!(error instanceof ServerTrouble) || !noSuchGrant.has(error.errno ?? 0)) throw error;
      }
    }
  }

  lockAccount(name: string): Promise<number> {
    return lockAccounts(this.session, name);
  }

  endSessions(name: string): Promise<void> {
    return endSessions(this.session, name, this.clock);
  }

  async dropDatabase(name: string): Promise<void> {
    await this.session.run(`DROP DATABASE IF EXISTS ${quoteName(name)}`);
  }

  dropAccounts(name: string): Promise<void> {
    return dropAccounts(this.session, name);
  }

  async look(name: string): Promise<ServerSnapshot> {
    return lookAt(this.session, this.dialect, [name]);
  }

  /** Rows of a journal that names no owner: whatever wrote them, the database is not empty. */
  async #unmarkedRows(name: string, marker: string | undefined): Promise<number> {
    if (marker !== undefined) return 0;
    const [journal] = await this.session.query<{ readonly found: number | string }>(
      "SELECT COUNT(*) AS found FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
      [name, journalTable],
    );
    if (Number(journal?.found ?? 0) === 0) return 0;
    const [row] = await this.session.query<{ readonly found: number | string }>(
      `SELECT COUNT(*) AS found FROM ${qualifiedJournal(name)}`,
    );
    return Number(row?.found ?? 0);
  }

  /** @returns whether the statement was refused with just this errno */
  async #metErrno(errno: number, sql: string, values: readonly unknown[] = []): Promise<boolean> {
    try {
      await this.session.run(sql, values);
      return false;
    } catch (error) {
      if (error instanceof ServerTrouble && error.errno === errno) return true;
      throw error;
    }
  }
}

function qualifiedJournal(name: string): string {
  return `${quoteName(name)}.${quoteName(journalTable)}`;
}
