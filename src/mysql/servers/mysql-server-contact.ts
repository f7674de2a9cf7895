import type { ServerId } from "../../kit/ids.ts";
import type { Secret } from "../../kit/secret.ts";
import type { ServerContact, ServerIdentity } from "../../servers/server-contact.ts";
import type { MysqlServerSessions } from "../pools/mysql-server-sessions.ts";

/** Asks servers through mysql2, and lets the budget of connections follow what they say. */
export class MysqlServerContact implements ServerContact {
  constructor(private readonly sessions: MysqlServerSessions) {}

  attach(id: ServerId, adminUrl: Secret): { readonly host: string; readonly port: number } {
    const { host, port } = this.sessions.attach(id, adminUrl);
    return { host, port };
  }

  async identify(id: ServerId, deadlineMs: number, signal: AbortSignal): Promise<ServerIdentity> {
    const wish = { serverId: id, deadlineMs, signal, interactive: true };
    const [row] = await this.sessions.withAdmin(wish, (session) =>
      session.query<{ version: string; maxConnections: number | string }>(
        "SELECT VERSION() AS version, @@GLOBAL.max_connections AS maxConnections",
      ),
    );
    const version = row?.version ?? "";
    const maxConnections = Number(row?.maxConnections ?? 0);
    this.sessions.fitTo(id, maxConnections);
    return { engine: /mariadb/i.test(version) ? "MARIADB" : "MYSQL", version, maxConnections };
  }
}
