import type { Socket } from "node:net";
import { type Connection, createConnection } from "mysql2";
import { toServerTrouble } from "./classify-error.ts";
import { connectionOptions, type LogIn } from "./connection-options.ts";
import { ForeseenAnswer } from "./foreseen-answer.ts";
import { quoteObservedName } from "./identifiers.ts";
import type { ServerEndpoint } from "./server-endpoint.ts";
import type { PacketAnswer, ServerSession } from "./server-sessions.ts";
import { socketTo } from "./server-socket.ts";
import { affectedRows, isRows, resultsEnded, tellAll } from "./statement-results.ts";

/**
 * A server's own defaults are not ours: where it has `autocommit = 0` no row that we write would stay. A metadata lock that a tenant
 * holds ends as LOCK_TIMEOUT rather than as a silent server. What stands in the last comment MariaDB alone reads: there a GRANT
 * could else make an account by itself.
 */
const adminSettings =
  "SET SESSION time_zone = '+00:00', lock_wait_timeout = 10, autocommit = 1, completion_type = 0, " +
  "sql_mode = CONCAT('STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE," +
  "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' /*M!100000 , ',NO_AUTO_CREATE_USER' */)";

/** The same, refused by the server (1298) where there is a current database: one statement both asks and sets. */
const settingsAfterReset = adminSettings.replace(
  "'+00:00'",
  "IF(DATABASE() IS NULL, '+00:00', 'a database was chosen')",
);

/** How long a server may take to close a connection that was said goodbye to. */
const goodbyeMs = 500;

/**
 * One connection to a server. Each statement ends when the signal of the present borrower aborts, whatever the server
 * does: the socket is ours, and destroying it needs nobody's answer.
 */
export class ServerConnection {
  #broken = false;
  /** Statements that are not answered yet, each with how its caller hears that it never will be. */
  readonly #unanswered = new Set<(reason?: { readonly of: unknown }) => void>();
  /** The present borrower's. Listening once for all that it sends costs a tenth of a short statement less. */
  #heeded: AbortSignal | undefined;

  private constructor(
    private readonly connection: Connection,
    private readonly socket: Socket,
    /** Undefined where what is written is not what the server reads: under TLS. */
    private readonly foreseen: ForeseenAnswer | undefined,
    readonly connectMs: number,
  ) {
    connection.on("error", () => this.destroy());
    socket.on("close", () => {
      this.destroy();
      this.#loseAll();
    });
  }

  /** @throws ServerTrouble, or the signal's reason */
  static open(endpoint: ServerEndpoint, logIn: LogIn, signal: AbortSignal): Promise<ServerConnection> {
    signal.throwIfAborted();
    const startedAt = performance.now();
    const socket = socketTo(endpoint);
    const foreseen = endpoint.tls === "DISABLED" ? new ForeseenAnswer(socket) : undefined;
    const connection = createConnection({
      ...connectionOptions(endpoint, logIn),
      stream: socket,
      ...(foreseen && { authPlugins: { mysql_native_password: foreseen.plugin } }),
    });
    return new Promise((resolve, reject) => {
      const give = (end: () => void) => {
        signal.removeEventListener("abort", onAbort);
        connection.removeAllListeners("connect").removeAllListeners("error");
        end();
      };
      const fail = (reason: unknown) =>
        give(() => {
          // What a refused connection still says interests nobody, but an event without a listener would end the process.
          connection.on("error", () => undefined);
          connection.destroy();
          socket.destroy();
          reject(reason);
        });
      const onAbort = () => fail(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      connection.once("error", (error) => fail(toServerTrouble(error, "logging in")));
      connection.once("connect", () =>
        give(() => resolve(new ServerConnection(connection, socket, foreseen, performance.now() - startedAt))),
      );
    });
  }

  /** Destroyed, lost, or in a state that nobody knows: not to be used again. */
  get broken(): boolean {
    return this.#broken;
  }

  /** The connection as its borrower sees it, until the signal aborts. */
  session(signal: AbortSignal, connectMs: number): ServerSession {
    return {
      connectMs,
      query: async <Row extends object>(sql: string, values?: readonly unknown[]) => {
        const result = await this.#send(sql, values, signal);
        return isRows<Row>(result) ? result : [];
      },
      run: async (sql, values) => ({ affectedRows: affectedRows(await this.#send(sql, values, signal)) }),
    };
  }

  /** Several statements in one packet, as {@link PacketSession.send} promises. @throws ServerTrouble, or the signal's reason */
  sendTogether(statements: readonly string[], signal: AbortSignal): Promise<PacketAnswer> {
    const what = "running statements";
    return this.#ended<PacketAnswer>(signal, what, (resolve, refuse) => {
      const command = this.connection.query(statements.join(";\n"), (error, result: unknown) => {
        const refusal = error ? toServerTrouble(error, what) : undefined;
        if (error && refusal?.errno === undefined) refuse(error);
        else if (refusal) resolve({ carriedOut: resultsEnded(command), rows: [], refusal });
        else tellAll(statements, result, resolve, refuse);
      });
    });
  }

  /** Strict, UTC, and no account by accident. @throws ServerTrouble, or the signal's reason */
  async setUp(signal: AbortSignal): Promise<void> {
    await this.#send(adminSettings, undefined, signal);
  }

  /**
   * The server takes the connection for a new one of this account: it authenticates, and nothing of the session before is left
   * (COM_CHANGE_USER). A connection on which that failed once must not be used again: after a few refusals MariaDB refuses whoever comes.
   * @returns milliseconds that it took @throws ServerTrouble, or the signal's reason
   */
  async logInAs({ user, password, database }: LogIn, signal: AbortSignal): Promise<number> {
    const startedAt = performance.now();
    await this.#ended<void>(signal, "logging in", (resolve, refuse) => {
      const account = { user, password: password.reveal(), ...(database !== undefined && { database }) };
      const change = () => this.connection.changeUser(account, (error) => (error ? refuse(error) : resolve()));
      if (this.foreseen) this.foreseen.begin(account.password, change);
      else change();
    });
    return performance.now() - startedAt;
  }

  /** Makes a database the current one. @throws ServerTrouble, or the signal's reason */
  async choose(database: string, signal: AbortSignal): Promise<void> {
    await this.#send(`USE ${quoteObservedName(database)}`, undefined, signal);
  }

  /**
   * Back to the state after log-in: no transaction, lock, temporary table or variable is left. A current database cannot be
   * taken back, only changed for one that is nobody's.
   * @param placed whether there may be one @throws as `setUp`, also where a current database was chosen and may not be
   */
  async reset(signal: AbortSignal, placed: boolean): Promise<void> {
    await this.#ended<void>(signal, "resetting a session", (resolve, refuse) => {
      this.connection.reset((error) => (error ? refuse(error) : resolve()));
    });
    // Else the server would show it as at work on a tenant's database, and whoever ends such work would end it.
    if (placed) await this.choose("information_schema", signal);
    await this.#send(placed ? adminSettings : settingsAfterReset, undefined, signal);
  }

  /** At once, without a word to the server. */
  destroy(): void {
    if (this.#broken) return;
    this.#broken = true;
    this.connection.destroy();
    this.socket.destroy();
  }

  /** Says goodbye, and waits until the server has closed its side: only then is the place in its budget free. Never rejects. */
  close(): Promise<void> {
    if (this.#broken) return Promise.resolve();
    this.#broken = true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.socket.destroy(), goodbyeMs);
      this.socket.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
      this.connection.end();
    });
  }

  #send(sql: string, values: readonly unknown[] | undefined, signal: AbortSignal): Promise<unknown> {
    return this.#ended<unknown>(signal, "running a statement", (resolve, refuse) => {
      this.connection.query(sql, values ? [...values] : [], (error, result) =>
        error ? refuse(error) : resolve(result),
      );
    });
  }

  #ended<T>(
    signal: AbortSignal,
    what: string,
    start: (resolve: (result: T) => void, refuse: (error: unknown) => void) => void,
  ): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#broken) return Promise.reject(toServerTrouble(undefined, what));
    this.#heed(signal);
    return new Promise<T>((resolve, reject) => {
      const lose = (reason?: { readonly of: unknown }) => reject(reason ? reason.of : toServerTrouble(undefined, what));
      this.#unanswered.add(lose);
      start(
        (result) => {
          this.#unanswered.delete(lose);
          resolve(result);
        },
        (error) => {
          this.#unanswered.delete(lose);
          reject(toServerTrouble(error, what));
        },
      );
    });
  }

  #heed(signal: AbortSignal): void {
    if (this.#heeded === signal) return;
    this.#heeded = signal;
    const onAbort = () => {
      // Another borrower's by now, or at rest: nothing of what this signal was about is under way.
      if (this.#heeded !== signal || this.#unanswered.size === 0) return;
      this.destroy();
      this.#loseAll({ of: signal.reason });
    };
    signal.addEventListener("abort", onAbort, { once: true });
  }

  #loseAll(reason?: { readonly of: unknown }): void {
    const lost = [...this.#unanswered];
    this.#unanswered.clear();
    for (const lose of lost) lose(reason);
  }
}
