import type { ServerConnection } from "./server-connection.ts";

/**
 * Connections on which one tenant logs in after the other. Between two log-ins a connection still belongs to the account of the one
 * before, so that whoever keeps some ends them when no log-in follows for now.
 */
export class TenantLanes {
  #idle: ServerConnection[] = [];

  get idle(): number {
    return this.#idle.length;
  }

  /** One that is open, the youngest first. */
  take(): ServerConnection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (!connection?.broken) return connection;
    }
  }

  keep(connection: ServerConnection): void {
    this.#idle.push(connection);
  }

  /** Closes one, where there is one. @returns whether there was */
  async closeOne(): Promise<boolean> {
    const connection = this.take();
    await connection?.close();
    return connection !== undefined;
  }

  /** Closes those that wait; never rejects. */
  async closeAll(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((connection) => connection.close()));
  }

  /** Without a word to the server, which may be another one by now. */
  destroyAll(): void {
    for (const connection of this.#idle.splice(0)) connection.destroy();
  }
}
