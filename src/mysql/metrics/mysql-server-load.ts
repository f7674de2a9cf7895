import type { ServerId } from "../../kit/ids.ts";
import type { ServerLoad, ServerLoadSource } from "../../metrics/server-sampler.ts";
import type { ServerSessions } from "../pools/server-sessions.ts";

/** Asks servers for their load through mysql2, with two statements each. */
export class MysqlServerLoad implements ServerLoadSource {
  constructor(private readonly sessions: Pick<ServerSessions, "withAdmin">) {}

  load(serverId: ServerId, deadlineMs: number, signal: AbortSignal): Promise<ServerLoad> {
    return this.sessions.withAdmin({ serverId, deadlineMs, signal, interactive: true }, async (session) => {
      const startedAtMs = performance.now();
      const [limits] = await session.query<{ maxConnections: number | string }>(
        "SELECT @@GLOBAL.max_connections AS maxConnections",
      );
      const pingMs = performance.now() - startedAtMs;
      const rows = await session.query<{ Variable_name: string; Value: string }>(
        "SHOW GLOBAL STATUS WHERE Variable_name IN ('Threads_connected', 'Threads_running', 'Questions')",
      );
      const status = new Map(rows.map((row) => [row.Variable_name, Number(row.Value)]));
      return {
        pingMs,
        maxConnections: Number(limits?.maxConnections ?? 0),
        threadsConnected: status.get("Threads_connected") ?? 0,
        threadsRunning: status.get("Threads_running") ?? 0,
        questions: status.get("Questions") ?? 0,
      };
    });
  }
}
