import type { PoolUsage } from "../../metrics/metrics-snapshot.ts";
import type { ServerTrouble } from "../../servers/server-trouble.ts";
import { toServerTrouble, trouble } from "./classify-error.ts";
import type { ConnectionBudget } from "./connection-budget.ts";
import type { LogIn } from "./connection-options.ts";
import { ServerConnection } from "./server-connection.ts";
import type { ServerEndpoint } from "./server-endpoint.ts";
import { TenantLanes } from "./tenant-lanes.ts";

/** A current database cannot be taken back, so that one that ever had one (PLACED) is lent with one only. */
type IdleKind = "PLAIN" | "PLACED" | "PACKETS";

interface IdleConnection {
  readonly connection: ServerConnection;
  readonly kind: IdleKind;
  readonly sinceMs: number;
  /** Its reset has ended; never rejects. */
  readonly ready: Promise<void>;
}

/** A connection, and how long opening it took. */
interface Lent {
  readonly connection: ServerConnection;
  readonly connectMs: number;
}

/** A session that lay idle longer than this is closed rather than lent again, so that no middlebox has forgotten it. */
const maxIdleMs = 60_000;
const maxIdle = 8;
const resetDeadlineMs = 2_000;
/** A log-in takes 0.2 ms; MariaDB keeps a refusal back for a second where the connection was another account's before. */
const refusalMs = 250;

/** The connections to one server: idle ones of the admin, and new ones within the budget. */
export class ServerPool {
  #idle: IdleConnection[] = [];
  readonly #lanes = new TenantLanes();
  #closed = false;
  /** Connections to an endpoint that was left are not taken back. */
  readonly #origins = new WeakMap<ServerConnection, ServerEndpoint>();

  constructor(
    private endpoint: ServerEndpoint,
    readonly budget: ConnectionBudget,
  ) {}

  /** How the budget is used. */
  usage(): PoolUsage {
    const { limit, inUse, waiting, refusedTotal, waitedMsTotal } = this.budget;
    return { limit, inUse, idle: this.#idle.length + this.#lanes.idle, waiting, refusedTotal, waitedMsTotal };
  }

  /** The server answers elsewhere now, or to another admin. */
  moveTo(endpoint: ServerEndpoint): void {
    this.endpoint = endpoint;
    for (const { connection } of this.#idle.splice(0)) connection.destroy();
    this.#lanes.destroyAll();
  }

  /** An admin's connection, fresh or reset. `connectMs` is 0 for one that was open. @throws ServerTrouble, or the signal's reason */
  async take(signal: AbortSignal): Promise<Lent> {
    const connection = await this.#takeIdle("PLAIN", signal);
    return connection ? { connection, connectMs: 0 } : lent(await this.openAdmin(signal, { multiple: false }));
  }

  /** The same with a current database. @throws ServerTrouble, or the signal's reason */
  async takeOn(database: string, signal: AbortSignal): Promise<Lent> {
    const connection = await this.#takeIdle("PLACED", signal);
    if (!connection) return lent(await this.openAdmin(signal, { database, multiple: false }));
    await connection.choose(database, signal).catch(async (error: unknown) => {
      await connection.close();
      throw signal.aborted ? error : asAdminTrouble(toServerTrouble(error, "choosing a database"));
    });
    return { connection, connectMs: 0 };
  }

  /** One that takes several statements in a packet, perhaps with the settings of the one before. @throws ServerTrouble, or the signal's reason */
  async takeForPackets(signal: AbortSignal): Promise<Lent> {
    const connection = await this.#takeIdle("PACKETS", signal);
    if (connection) return { connection, connectMs: 0 };
    return lent(await this.openAdmin(signal, { database: "information_schema", multiple: true }));
  }

  /**
   * Keeps the connection for the next one, or closes it. Its reset goes on while the borrower has its answer already.
   * @param kind as what it was taken @param asItIs nothing is left that would have to be reset
   */
  async giveBack(connection: ServerConnection, kind: IdleKind, asItIs = false): Promise<void> {
    if (connection.broken) return;
    if (this.#closed || this.#idle.length >= maxIdle || this.#origins.get(connection) !== this.endpoint) {
      await connection.close();
      return;
    }
    const ready = asItIs ? Promise.resolve() : resetOrDestroy(connection, kind !== "PLAIN");
    this.#idle.push({ connection, kind, sinceMs: performance.now(), ready });
  }

  async #takeIdle(kind: IdleKind, signal: AbortSignal): Promise<ServerConnection | undefined> {
    signal.throwIfAborted();
    const youngest = performance.now() - maxIdleMs;
    for (;;) {
      const at = this.#idle.findLastIndex((one) => one.kind === kind);
      const [idle] = at < 0 ? [] : this.#idle.splice(at, 1);
      if (!idle) return undefined;
      await readyOrAborted(idle, signal);
      if (!idle.connection.broken && idle.sinceMs > youngest) return idle.connection;
      await idle.connection.close();
    }
  }

  /** @throws ServerTrouble UNREACHABLE also when the admin is refused: who cannot look knows nothing of the tenants */
  async openAdmin(
    signal: AbortSignal,
    wish: { readonly database?: string; readonly multiple: boolean },
  ): Promise<ServerConnection> {
    const { user, password } = this.endpoint;
    const logIn: LogIn = { user, password, database: wish.database, multipleStatements: wish.multiple };
    const connection = await this.open(logIn, signal).catch((error: unknown) => {
      throw signal.aborted ? error : asAdminTrouble(toServerTrouble(error, "logging in"));
    });
    await connection.setUp(signal).catch((error: unknown) => {
      connection.destroy();
      throw error;
    });
    return connection;
  }

  /** @throws ServerTrouble, or the signal's reason */
  async open(logIn: LogIn, signal: AbortSignal): Promise<ServerConnection> {
    // Idle connections count too: what is in use (this one included) and what is idle stay within the budget together.
    while (this.budget.inUse + this.#idle.length + this.#lanes.idle > this.budget.limit) {
      if (await this.#lanes.closeOne()) continue;
      const idle = this.#idle.shift();
      if (!idle) break;
      await idle.connection.close();
    }
    const { endpoint } = this;
    const connection = await ServerConnection.open(endpoint, logIn, signal);
    this.#origins.set(connection, endpoint);
    return connection;
  }

  /**
   * A connection on which the tenant has just logged in: one that another tenant has left, else a fresh one. What fails on a left one says
   * nothing of the tenant yet and is not told. @throws ServerTrouble, or the signal's reason
   */
  async takeLane(logIn: LogIn, signal: AbortSignal): Promise<Lent & { readonly left: boolean }> {
    const connection = this.#lanes.take();
    if (connection) {
      const late = setTimeout(() => connection.destroy(), refusalMs);
      try {
        return { connection, connectMs: await connection.logInAs(logIn, signal), left: true };
      } catch (error) {
        connection.destroy();
        if (signal.aborted) throw error;
      } finally {
        clearTimeout(late);
      }
    }
    return { ...lent(await this.open(logIn, signal)), left: false };
  }

  /** Keeps the connection for the next tenant's log-in, or closes it. */
  async leaveLane(connection: ServerConnection): Promise<void> {
    if (connection.broken) return;
    if (this.#closed || this.#origins.get(connection) !== this.endpoint) await connection.close();
    else this.#lanes.keep(connection);
  }

  /** No tenant logs in for now. */
  closeLanes(): Promise<void> {
    return this.#lanes.closeAll();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#lanes.closeAll();
    const idle = this.#idle.splice(0);
    await Promise.all(idle.map(({ ready }) => ready));
    await Promise.all(idle.map(({ connection }) => connection.close()));
  }
}

/** @throws the signal's reason: a server that has fallen silent in the middle of a reset holds nobody longer than he wished */
async function readyOrAborted({ connection, ready }: IdleConnection, signal: AbortSignal): Promise<void> {
  const onAbort = () => connection.destroy();
  signal.addEventListener("abort", onAbort, { once: true });
  await ready;
  signal.removeEventListener("abort", onAbort);
  signal.throwIfAborted();
}

function lent(connection: ServerConnection): Lent {
  return { connection, connectMs: connection.connectMs };
}

async function resetOrDestroy(connection: ServerConnection, placed: boolean): Promise<void> {
  try {
    await connection.reset(AbortSignal.timeout(resetDeadlineMs), placed);
  } catch {
    // The work is done and its answer given; a session that cannot be reset is only not lent again.
    connection.destroy();
  }
}

/** Errors that say something of a tenant's account say nothing of one when it is the admin who is refused. */
function asAdminTrouble(error: ServerTrouble): ServerTrouble {
  switch (error.code) {
    case "WRONG_CREDENTIALS":
    case "ACCOUNT_LOCKED":
    case "TOO_MANY_CONNECTIONS":
    case "ACCESS_DENIED":
      return trouble("UNREACHABLE", "the service's own account is refused", { errno: error.errno, cause: error });
    default:
      return error;
  }
}
