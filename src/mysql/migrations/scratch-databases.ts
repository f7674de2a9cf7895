import type { Ids, ServerId } from "../../kit/ids.ts";
import { tenantCharset } from "../../servers/account-recipe.ts";
import type { ScratchStore } from "../../servers/scratch-store.ts";
import { quoteName } from "../pools/identifiers.ts";
import type { ServerSession, ServerSessions } from "../pools/server-sessions.ts";

const createMs = 30_000;
const workMs = 120_000;

/** Makes databases for the service's own use, and drops them. */
export class ScratchDatabases {
  constructor(
    private readonly sessions: ServerSessions,
    private readonly store: Pick<ScratchStore, "remember" | "forget">,
    private readonly ids: Ids,
  ) {}

  /**
   * Makes a database like a tenant's, hands over an admin's session on it, and drops it, also after a failure. What
   * cannot be dropped stays remembered. @throws what `work` throws, ServerTrouble
   */
  async use<T>(
    serverId: ServerId,
    purpose: string,
    signal: AbortSignal,
    work: (session: ServerSession, database: string) => Promise<T>,
  ): Promise<T> {
    const database = `scratch${this.ids.next<"Scratch">().replaceAll("-", "").slice(-26)}`;
    await this.store.remember(database, serverId, purpose);
    try {
      await this.sessions.withAdmin({ serverId, signal, deadlineMs: createMs }, (session) =>
        session.run(
          `CREATE DATABASE ${quoteName(database)} CHARACTER SET ${tenantCharset.charset} COLLATE ${tenantCharset.collation}`,
        ),
      );
      return await this.sessions.withAdminOn({ serverId, signal, database, deadlineMs: workMs }, (session) =>
        work(session, database),
      );
    } finally {
      // Not with the caller's signal: what was made is taken away even when the work was cancelled. The reaper knows the
      // name of what could not be dropped now, and the work's own outcome is the one to tell.
      await this.#drop(serverId, database).catch(() => undefined);
    }
  }

  async #drop(serverId: ServerId, database: string): Promise<void> {
    await this.sessions.withAdmin({ serverId, deadlineMs: createMs }, (session) =>
      session.run(`DROP DATABASE IF EXISTS ${quoteName(database)}`),
    );
    await this.store.forget(database);
  }
}
