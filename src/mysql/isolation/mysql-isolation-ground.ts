import type { ServerId } from "../../kit/ids.ts";
import { tenantMaxUserConnections, tenantPrivileges } from "../../servers/account-recipe.ts";
import { canaryComment, canaryTable, canaryView } from "../../servers/canary.ts";
import type { DatabaseEngine } from "../../servers/database-server.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import { nativePasswordHash } from "../../tenants/credentials.ts";
import type { AttackReport, AttemptSeen } from "../../test-runs/isolation/attempt.ts";
import type {
  Attacker,
  AttackWish,
  CanaryRow,
  IsolationGround,
  Lab,
  Victim,
} from "../../test-runs/isolation/isolation-ground.ts";
import type { LeakCause } from "../../test-runs/isolation/leak-cause.ts";
import type { ServerSight } from "../../test-runs/isolation/server-sight.ts";
import { quoteAccount, quoteName } from "../pools/identifiers.ts";
import type { ServerSession, ServerSessions } from "../pools/server-sessions.ts";
import { accountDialect } from "../provisioning/account-dialect.ts";
import { Attack } from "./attack.ts";
import { at } from "./attempt-spec.ts";
import { PoolTrial } from "./pool-trial.ts";
import { removalSql } from "./removal-sql.ts";
import { lookAround } from "./sight.ts";

/** A thousand views or triggers are opened one by one. */
const lookMs = 120_000;
const plantMs = 60_000;
/** As long as a run may take on one server. */
const holdMs = 3_600_000;

/** The servers through mysql2: the admin's sessions, and those of tenants. */
export class MysqlIsolationGround implements IsolationGround {
  /** @param engineOf known without asking the server */
  constructor(
    private readonly sessions: ServerSessions,
    private readonly engineOf: (serverId: ServerId) => Promise<DatabaseEngine>,
  ) {}

  async look(serverId: ServerId, signal: AbortSignal): Promise<ServerSight> {
    const engine = await this.engineOf(serverId);
    return this.#asAdmin(serverId, signal, lookMs, (session) => lookAround(session, engine));
  }

  removal(cause: LeakCause): readonly string[] {
    return removalSql(cause);
  }

  async raise(serverId: ServerId, { leaky, bystander, role }: Lab, signal: AbortSignal): Promise<void> {
    const dialect = accountDialect(await this.engineOf(serverId));
    await this.#asAdmin(serverId, signal, plantMs, async (session) => {
      for (const party of [leaky, bystander]) {
        const { databaseName: name } = party;
        await session.run(`CREATE DATABASE ${quoteName(name)}`);
        await session.run(dialect.createAccount(name, tenantMaxUserConnections, false), [
          nativePasswordHash(party.password),
        ]);
        await session.run(`GRANT ${tenantPrivileges.join(", ")} ON ${quoteName(name)}.* TO ${quoteAccount(name)}`);
        await plantCanary(session, party);
      }
      await this.#leak(session, leaky, bystander, role);
    });
  }

  occupied(serverId: ServerId, databases: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    return this.#asAdmin(serverId, signal, plantMs, async (session) => {
      const rows = await session.query<{ readonly name: string }>(
        `SELECT TABLE_SCHEMA AS name FROM information_schema.TABLES
          WHERE TABLE_SCHEMA IN (?) AND TABLE_NAME = '${canaryTable}' AND TABLE_COMMENT <> '${canaryComment}'`,
        [databases],
      );
      return new Set(rows.map(({ name }) => name));
    });
  }

  plant(serverId: ServerId, victims: readonly Victim[], signal: AbortSignal): Promise<void> {
    return this.#asAdmin(serverId, signal, plantMs, async (session) => {
      // What stands there is what a run has left, or `occupied` would have told.
      const tables = victims.map(({ databaseName }) => at(databaseName, canaryTable));
      await session.run(`DROP TABLE IF EXISTS ${tables.join(", ")}`);
      for (const victim of victims) await plantCanary(session, victim);
    });
  }

  canaries(
    serverId: ServerId,
    databases: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly CanaryRow[]>> {
    return this.#asAdmin(serverId, signal, plantMs, async (session) => {
      const together = await readCanaries(session, databases);
      if (together) return together;
      const each = new Map<string, readonly CanaryRow[]>();
      for (const name of databases)
        for (const [, rows] of (await readCanaries(session, [name])) ?? []) each.set(name, rows);
      return each;
    });
  }

  attack(wish: AttackWish): Promise<AttackReport> {
    return new Attack(this.sessions, wish).run();
  }

  async hold<T>(
    serverId: ServerId,
    { databaseName, password }: Attacker,
    signal: AbortSignal,
    work: (connectionId: number) => Promise<T>,
  ): Promise<T> {
    const wish = { serverId, signal, databaseName, password, deadlineMs: holdMs };
    let going: Promise<unknown> = Promise.resolve();
    try {
      return await this.sessions.withTenant(wish, async (session) => {
        const [row] = await session.query<{ readonly id: number }>("SELECT CONNECTION_ID() AS id");
        const result = work(row?.id ?? 0);
        going = result.catch(() => undefined);
        return result;
      });
    } finally {
      // A session that is ended from without does not wait for the work, which has things to clear up.
      await going;
    }
  }

  tryPool(serverId: ServerId, { databaseName }: Victim, signal: AbortSignal): Promise<readonly AttemptSeen[]> {
    return new PoolTrial(this.sessions, { serverId, database: databaseName, signal }).run();
  }

  /** By more than one route, so that it tells whether each of them would be found. */
  async #leak(session: ServerSession, leaky: Attacker, bystander: Attacker, role: string): Promise<void> {
    const account = quoteAccount(leaky.databaseName);
    const canary = at(bystander.databaseName, canaryTable);
    await session.run(`GRANT SELECT ON ${quoteName(bystander.databaseName)}.* TO ${account}`);
    await session.run(`GRANT INSERT, UPDATE ON ${canary} TO ${account}`);
    await session.run(`CREATE VIEW ${at(leaky.databaseName, canaryView)} AS SELECT * FROM ${canary}`);
    await session.run(`CREATE ROLE ${quoteName(role)}`);
    await session.run(`GRANT ${quoteName(role)} TO ${account}`);
  }

  #asAdmin<T>(
    serverId: ServerId,
    signal: AbortSignal,
    deadlineMs: number,
    work: (session: ServerSession) => Promise<T>,
  ): Promise<T> {
    return this.sessions.withAdmin({ serverId, signal, deadlineMs }, work);
  }
}

async function plantCanary(session: ServerSession, { databaseName, token }: Victim): Promise<void> {
  const table = at(databaseName, canaryTable);
  await session.run(
    `CREATE TABLE ${table} (id INT NOT NULL PRIMARY KEY, token VARCHAR(64) NOT NULL) ENGINE=InnoDB COMMENT='${canaryComment}'`,
  );
  await session.run(`INSERT INTO ${table} (id, token) VALUES (1, ?)`, [token]);
}

/** @returns undefined when one of them cannot be read @throws ServerTrouble when it is the connection that broke */
async function readCanaries(
  session: ServerSession,
  databases: readonly string[],
): Promise<ReadonlyMap<string, readonly CanaryRow[]> | undefined> {
  const selects = databases.map((name) => `SELECT '${name}' AS name, id, token FROM ${at(name, canaryTable)}`);
  try {
    const rows = await session.query<CanaryRow & { readonly name: string }>(selects.join(" UNION ALL "));
    return new Map(databases.map((name) => [name, rows.filter((row) => row.name === name)]));
  } catch (error) {
    if (error instanceof ServerTrouble && error.errno !== undefined) return undefined;
    throw error;
  }
}
