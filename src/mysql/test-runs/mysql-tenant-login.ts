import type { ServerId, TenantId } from "../../kit/ids.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import type { LoginSight, LoginWish, TenantLogin } from "../../test-runs/connection/tenant-login.ts";
import type { ServerSession, TenantTurns } from "../pools/server-sessions.ts";

/** Log-ins in turn whose budget can be asked for. */
export interface BudgetedTurns extends TenantTurns {
  /** Connections that work may hold at a time; 0 for a server that is not attached. */
  budgetOf(serverId: ServerId): number;
}

interface SightRow {
  readonly name: string | null;
  readonly account: string;
  readonly version: string;
  readonly owner: TenantId | null;
}

const identity = "DATABASE() AS name, CURRENT_USER() AS account, VERSION() AS version";
/** One query sees everything: a second round trip would tell nothing more about the connection. */
const withOwner = `SELECT ${identity}, (SELECT tenant_id FROM tenantry_journal WHERE migration = '' AND statement = 0) AS owner`;
const withoutOwner = `SELECT ${identity}, NULL AS owner`;
/** There is no such table. */
const noSuchTable = 1146;

/** Logs in through mysql2, within the server's connection budget. */
export class MysqlTenantLogin implements TenantLogin {
  constructor(private readonly sessions: BudgetedTurns) {}

  logIn(wish: LoginWish): Promise<LoginSight> {
    const { serverId, databaseName, password, timeoutMs, signal } = wish;
    return this.sessions.withTenantInTurn({ serverId, databaseName, password, deadlineMs: timeoutMs, signal }, look);
  }

  rest(): Promise<void> {
    return this.sessions.endTurns();
  }

  /** Seven eighths of the budget: what is left serves people who wait. */
  placesOn(serverId: ServerId): number {
    return Math.floor((this.sessions.budgetOf(serverId) * 7) / 8);
  }
}

async function look(session: ServerSession): Promise<LoginSight> {
  const startedAtMs = performance.now();
  const [row] = await session.query<SightRow>(withOwner).catch((error: unknown) => {
    if (error instanceof ServerTrouble && error.errno === noSuchTable) return session.query<SightRow>(withoutOwner);
    throw error;
  });
  return {
    connectMs: session.connectMs,
    queryMs: performance.now() - startedAtMs,
    database: row?.name ?? undefined,
    account: row?.account ?? "",
    serverVersion: row?.version ?? "",
    owner: row?.owner ?? undefined,
  };
}
