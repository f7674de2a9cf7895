import { type Clock, systemClock } from "../../kit/clock.ts";
import type { ServerId } from "../../kit/ids.ts";
import type { Secret } from "../../kit/secret.ts";
import type { TenantPlace, TenantServer, TenantServers } from "../../provisioning/tenant-server.ts";
import type { DatabaseEngine } from "../../servers/database-server.ts";
import type { ServerSession, ServerSessions } from "../pools/server-sessions.ts";
import { accountDialect } from "./account-dialect.ts";
import { MysqlTenantServer } from "./mysql-tenant-server.ts";
import { readMarker } from "./read-marker.ts";

/** A tenant's steps take some ten milliseconds; this is for a server that drowns, and shorter than a job's patience. */
const workDeadlineMs = 30_000;
const logInDeadlineMs = 10_000;

/** Tenant servers through mysql2. */
export class MysqlTenantServers implements TenantServers {
  /** A server does not change its engine while we run. */
  readonly #engines = new Map<ServerId, DatabaseEngine>();

  constructor(
    private readonly sessions: ServerSessions,
    private readonly clock: Clock = systemClock,
  ) {}

  work<T>(serverId: ServerId, signal: AbortSignal, work: (server: TenantServer) => Promise<T>): Promise<T> {
    return this.sessions.withAdmin({ serverId, signal, deadlineMs: workDeadlineMs }, async (session) => {
      const dialect = accountDialect(await this.#engineOf(serverId, session));
      return work(new MysqlTenantServer(session, dialect, this.clock));
    });
  }

  readMarkerAs(
    { serverId, databaseName }: TenantPlace,
    password: Secret,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const wish = { serverId, signal, databaseName, password, deadlineMs: logInDeadlineMs };
    return this.sessions.withTenant(wish, (session) => readMarker(session, databaseName));
  }

  async #engineOf(serverId: ServerId, session: ServerSession): Promise<DatabaseEngine> {
    const known = this.#engines.get(serverId);
    if (known) return known;
    const [row] = await session.query<{ readonly version: string }>("SELECT VERSION() AS version");
    const engine = /mariadb/i.test(row?.version ?? "") ? "MARIADB" : "MYSQL";
    this.#engines.set(serverId, engine);
    return engine;
  }
}
