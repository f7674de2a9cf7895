import type { Clock } from "../kit/clock.ts";
import { QueueTimeout } from "../kit/concurrency.ts";
import { NotFound } from "../kit/domain-error.ts";
import type { Ids, ServerId } from "../kit/ids.ts";
import type { Logger } from "../kit/logger.ts";
import type { Secret } from "../kit/secret.ts";
import type { DatabaseServer, ServerStore } from "./database-server.ts";
import { chooseServer, type ServerWish } from "./server-choice.ts";
import type { ServerContact, ServerIdentity } from "./server-contact.ts";
import { ServerTrouble } from "./server-trouble.ts";

/** Shorter than the 5 s within which a request must hear that no server is there. */
const identifyDeadlineMs = 3_000;

/** What {@link ServerService} works with. */
export interface ServerParts {
  readonly store: ServerStore;
  readonly contact: ServerContact;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The tenant servers: which there are, which answer, and which one takes a new tenant. */
export class ServerService {
  /** Status as last written; so that a contact that changed nothing is no write. */
  readonly #seen = new Map<ServerId, { readonly status: string; readonly atMs: number }>();

  constructor(private readonly parts: ServerParts) {}

  /**
   * Enters the server that is found under this URL, or takes it up again: the name says which one it is, and its host and port
   * may have changed. One that does not answer now is entered as UNREACHABLE. @throws DomainError when the URL is none
   */
  async register(name: string, adminUrl: Secret, signal: AbortSignal): Promise<DatabaseServer> {
    const { store, contact, ids } = this.parts;
    const known = (await store.list()).find((server) => server.name === name);
    const id = known?.id ?? ids.next<"DatabaseServer">();
    const { host, port } = contact.attach(id, adminUrl);
    const identity = await this.#identify(id, signal);
    const entered = await store.ensure({
      id,
      name,
      host,
      port,
      engine: identity?.engine ?? known?.engine ?? "MARIADB",
      version: identity?.version ?? known?.version,
      status: known?.status ?? (identity ? "ONLINE" : "UNREACHABLE"),
      maxTenants: known?.maxTenants,
      warmPoolTarget: known?.warmPoolTarget ?? 0,
    });
    await this.#note(entered, identity);
    return this.#reload(entered.id);
  }

  list(): Promise<readonly DatabaseServer[]> {
    return this.parts.store.list();
  }

  findMany(ids: readonly ServerId[]): Promise<readonly DatabaseServer[]> {
    return this.parts.store.findMany(ids);
  }

  /** Tenants that are not DELETED, per server. */
  tenantCounts(ids: readonly ServerId[]): Promise<ReadonlyMap<ServerId, number>> {
    return this.parts.store.tenantCounts(ids);
  }

  /** The server for new tenants. Touches none. @throws NoEligibleServer */
  async choose(wish: ServerWish): Promise<DatabaseServer> {
    const servers = await this.parts.store.list();
    const mustCount = servers.length > 1 || servers.some(({ maxTenants }) => maxTenants !== undefined);
    const counts = mustCount ? await this.tenantCounts(servers.map(({ id }) => id)) : new Map<ServerId, number>();
    return chooseServer(servers, counts, wish);
  }

  /** Asks the server now, and writes down what came of it. @returns whether it answers its admin */
  async check(id: ServerId, signal: AbortSignal): Promise<boolean> {
    const server = await this.#reload(id);
    const identity = await this.#identify(id, signal);
    await this.#note(server, identity);
    return identity !== undefined;
  }

  /** One turn of the watch: asks every server, all at once. @throws the signal's reason */
  async runOnce(signal: AbortSignal): Promise<void> {
    const servers = await this.parts.store.list();
    await Promise.all(
      servers.map(async (server) => {
        try {
          const identity = await this.#identify(server.id, signal);
          await this.#note(server, identity);
        } catch (error) {
          // Our own connections are all in use: no news is neither good news nor bad.
          if (!(error instanceof QueueTimeout)) throw error;
        }
      }),
    );
  }

  async #identify(id: ServerId, signal: AbortSignal): Promise<ServerIdentity | undefined> {
    try {
      return await this.parts.contact.identify(id, identifyDeadlineMs, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof ServerTrouble)) throw error;
      this.parts.logger.debug({ serverId: id, err: error }, "server did not answer");
      return undefined;
    }
  }

  /** Written when something changed, and every half minute for the time of the last contact. */
  async #note(server: DatabaseServer, identity: ServerIdentity | undefined): Promise<void> {
    const { store, clock, logger } = this.parts;
    const status = identity ? "ONLINE" : "UNREACHABLE";
    const moved = identity && (identity.engine !== server.engine || identity.version !== server.version);
    if (moved) await store.ensure({ ...server, engine: identity.engine, version: identity.version });
    const last = this.#seen.get(server.id);
    const fresh = last?.status === status && clock.monotonicMs() - last.atMs < 30_000;
    if (fresh && !moved && (server.status === status || server.status === "CORDONED")) return;
    if (server.status !== status) logger.warn({ serverId: server.id, status }, "server status changed");
    await store.observe(server.id, { status, version: identity?.version, at: clock.now() });
    this.#seen.set(server.id, { status, atMs: clock.monotonicMs() });
  }

  async #reload(id: ServerId): Promise<DatabaseServer> {
    const [server] = await this.parts.store.findMany([id]);
    if (!server) throw new NotFound("There is no such database server.");
    return server;
  }
}
