import { DomainError } from "../../kit/domain-error.ts";
import type { ServerId } from "../../kit/ids.ts";
import type { Logger } from "../../kit/logger.ts";
import type { ServerStrain, ServerStrains } from "../../test-runs/load/tenant-load.ts";
import type { ServerSessions } from "../pools/server-sessions.ts";

/** A server that needs longer for this is strained beyond any figure. Milliseconds. */
const patienceMs = 1_000;

/** Asks the servers as their admin, by the share of connections that bulk work leaves free. */
export class MysqlServerStrains implements ServerStrains {
  constructor(
    private readonly sessions: Pick<ServerSessions, "withAdmin">,
    private readonly logger: Logger,
  ) {}

  async of(serverId: ServerId, signal: AbortSignal): Promise<ServerStrain | undefined> {
    const wish = { serverId, signal, deadlineMs: patienceMs, interactive: true };
    try {
      return await this.sessions.withAdmin(wish, async (session) => {
        const rows = await session.query<{ readonly Variable_name: string; readonly Value: string }>(
          "SHOW GLOBAL STATUS WHERE Variable_name IN ('Threads_running', 'Threads_connected')",
        );
        const [limit] = await session.query<{ readonly most: number }>("SELECT @@GLOBAL.max_connections AS most");
        const said = new Map(rows.map(({ Variable_name: name, Value: value }) => [name, Number(value)]));
        return {
          threadsRunning: said.get("Threads_running") ?? 0,
          threadsConnected: said.get("Threads_connected") ?? 0,
          maxConnections: Number(limit?.most ?? 0),
        };
      });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DomainError)) throw error;
      this.logger.warn({ serverId, err: error }, "server does not say how strained it is");
      return undefined;
    }
  }
}
