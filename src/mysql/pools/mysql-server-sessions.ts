import { untilAborted } from "../../kit/deadline.ts";
import type { ServerId } from "../../kit/ids.ts";
import type { Secret } from "../../kit/secret.ts";
import type { PoolUsage } from "../../metrics/metrics-snapshot.ts";
import { trouble } from "./classify-error.ts";
import { budgetFor, ConnectionBudget } from "./connection-budget.ts";
import type { LogIn } from "./connection-options.ts";
import { sendInParts } from "./packet-parts.ts";
import { ServerConnection } from "./server-connection.ts";
import { parseServerUrl, type ServerEndpoint } from "./server-endpoint.ts";
import { ServerPool } from "./server-pool.ts";
import type {
  PacketSession,
  PacketSessions,
  ServerSession,
  ServerSessions,
  SessionWish,
  TenantTurns,
} from "./server-sessions.ts";

/** How many connections each server may be asked for. */
export interface SessionLimits {
  /** Fixed budget per server. Absent: a quarter of its `max_connections`, at most 40, at least 8. */
  readonly connectionsPerServer?: number | undefined;
}

/** Before a server has said what its `max_connections` is. */
const cautiousBudget = 8;

/** Sessions through mysql2. Knows the servers that were attached to it. */
export class MysqlServerSessions implements ServerSessions, PacketSessions, TenantTurns {
  readonly #pools = new Map<ServerId, ServerPool>();

  constructor(private readonly limits: SessionLimits = {}) {}

  /** From now on the server is found under this URL; open connections to another one are closed. @throws ServerUrlInvalid */
  attach(serverId: ServerId, adminUrl: Secret): ServerEndpoint {
    const endpoint = parseServerUrl(adminUrl);
    const known = this.#pools.get(serverId);
    if (known) known.moveTo(endpoint);
    else {
      const budget = new ConnectionBudget(this.limits.connectionsPerServer ?? cautiousBudget);
      this.#pools.set(serverId, new ServerPool(endpoint, budget));
    }
    return endpoint;
  }

  /** The server said how many connections it takes in all. */
  fitTo(serverId: ServerId, maxConnections: number): void {
    this.#pools.get(serverId)?.budget.resize(this.limits.connectionsPerServer ?? budgetFor(maxConnections));
  }

  /** Connections that work may hold at a time; 0 for a server that is not attached. */
  budgetOf(serverId: ServerId): number {
    return this.#pools.get(serverId)?.budget.limit ?? 0;
  }

  /** How the connections to the server are used; undefined for one that is not attached. */
  usageOf(serverId: ServerId): PoolUsage | undefined {
    return this.#pools.get(serverId)?.usage();
  }

  withAdmin<T>(wish: SessionWish, work: (session: ServerSession) => Promise<T>): Promise<T> {
    return this.#with(wish, (pool, signal) => usingPooled(pool, undefined, signal, work));
  }

  withAdminOn<T>(
    wish: SessionWish & { readonly database: string },
    work: (session: ServerSession) => Promise<T>,
  ): Promise<T> {
    return this.#with(wish, (pool, signal) => usingPooled(pool, wish.database, signal, work));
  }

  withAdminPackets<T>(wish: SessionWish, work: (session: PacketSession) => Promise<T>): Promise<T> {
    return this.#with(wish, (pool, signal) => usingPackets(pool, signal, work));
  }

  withTenant<T>(
    wish: SessionWish & { readonly databaseName: string; readonly password: Secret },
    work: (session: ServerSession) => Promise<T>,
  ): Promise<T> {
    return this.#with(wish, (pool, signal) => {
      const logIn: LogIn = { user: wish.databaseName, password: wish.password, database: wish.databaseName };
      return usingOnce(() => pool.open(logIn, signal), signal, work);
    });
  }

  withTenantInTurn<T>(
    wish: SessionWish & { readonly databaseName: string; readonly password: Secret },
    work: (session: ServerSession) => Promise<T>,
  ): Promise<T> {
    const logIn: LogIn = { user: wish.databaseName, password: wish.password, database: wish.databaseName };
    return this.#with(wish, (pool, signal) => usingLane(pool, logIn, signal, work));
  }

  async endTurns(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.closeLanes()));
  }

  /** Closes what is idle; what is in use is closed when it is given back. */
  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }

  async #with<T>(wish: SessionWish, use: (pool: ServerPool, signal: AbortSignal) => Promise<T>): Promise<T> {
    wish.signal?.throwIfAborted();
    const pool = this.#pools.get(wish.serverId);
    if (!pool) throw trouble("UNREACHABLE", "the server is not attached");
    const startedAt = performance.now();
    const { signal, deadlineMs, interactive = false } = wish;
    const leave = await pool.budget.acquire({ interactive, signal, timeoutMs: deadlineMs });
    const controller = new AbortController();
    const onAbort = () => controller.abort(signal?.reason);
    const left = Math.max(1, deadlineMs - (performance.now() - startedAt));
    const timer = setTimeout(() => controller.abort(trouble("UNREACHABLE", `within ${deadlineMs} ms`)), left);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
    try {
      return await use(pool, controller.signal);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      leave();
    }
  }
}

async function usingPooled<T>(
  pool: ServerPool,
  database: string | undefined,
  signal: AbortSignal,
  work: (session: ServerSession) => Promise<T>,
): Promise<T> {
  const placed = database !== undefined;
  const { connection, connectMs } = await (placed ? pool.takeOn(database, signal) : pool.take(signal));
  try {
    return await untilAborted(signal, work(connection.session(signal, connectMs)));
  } finally {
    await pool.giveBack(connection, placed ? "PLACED" : "PLAIN");
  }
}

async function usingPackets<T>(
  pool: ServerPool,
  signal: AbortSignal,
  work: (session: PacketSession) => Promise<T>,
): Promise<T> {
  const { connection, connectMs } = await pool.takeForPackets(signal);
  let asItIs = false;
  const plain = connection.session(signal, connectMs);
  const sendOne = (part: readonly string[]) => connection.sendTogether(part, signal);
  const session: PacketSession = {
    ...plain,
    send: (statements) => sendInParts(statements, sendOne, plain.query),
    leavesNothing: () => {
      asItIs = true;
    },
  };
  try {
    const result = await untilAborted(signal, work(session));
    await pool.giveBack(connection, "PACKETS", asItIs);
    return result;
  } catch (error) {
    if (signal.aborted) connection.destroy();
    else await connection.close();
    throw error;
  }
}

async function usingOnce<T>(
  open: () => Promise<ServerConnection>,
  signal: AbortSignal,
  work: (session: ServerSession) => Promise<T>,
): Promise<T> {
  const connection = await open();
  try {
    return await untilAborted(signal, work(connection.session(signal, connection.connectMs)));
  } finally {
    if (signal.aborted) connection.destroy();
    else await connection.close();
  }
}

async function usingLane<T>(
  pool: ServerPool,
  logIn: LogIn,
  signal: AbortSignal,
  work: (session: ServerSession) => Promise<T>,
): Promise<T> {
  const { connection, connectMs, left } = await pool.takeLane(logIn, signal);
  try {
    const result = await untilAborted(signal, work(connection.session(signal, connectMs)));
    await pool.leaveLane(connection);
    return result;
  } catch (error) {
    connection.destroy();
    if (!left || signal.aborted) throw error;
    return await usingOnce(() => pool.open(logIn, signal), signal, work);
  }
}
