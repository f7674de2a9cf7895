import { DomainError } from "../../kit/domain-error.ts";
import type { ServerId } from "../../kit/ids.ts";
import type { Logger } from "../../kit/logger.ts";
import type { ServerReachability } from "../../test-runs/connection/tenant-login.ts";
import type { ServerSessions } from "../pools/server-sessions.ts";

/** A server that needs longer for `SELECT 1` is of no use to its tenants either. Milliseconds. */
const patienceMs = 1_500;

/** Asks the server as its admin, by the share of connections that bulk work leaves free. */
export class MysqlServerReachability implements ServerReachability {
  constructor(
    private readonly sessions: Pick<ServerSessions, "withAdmin">,
    private readonly logger: Logger,
  ) {}

  async answers(serverId: ServerId, signal: AbortSignal): Promise<boolean> {
    try {
      await this.sessions.withAdmin({ serverId, signal, deadlineMs: patienceMs, interactive: true }, (session) =>
        session.query("SELECT 1"),
      );
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DomainError)) throw error;
      this.logger.warn({ serverId, err: error }, "server does not answer its admin");
      return false;
    }
  }
}
