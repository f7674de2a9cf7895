import { DomainError } from "../../kit/domain-error.ts";
import type { Failpoints } from "../../kit/failpoints.ts";
import type { Ids, ServerId } from "../../kit/ids.ts";
import type { Logger } from "../../kit/logger.ts";
import type { Secret } from "../../kit/secret.ts";
import { type SecretBox, SecretUnreadable } from "../../kit/secret-box.ts";
import type { TenantMigrator } from "../../migrations/tenant-migrator.ts";
import { passwordPlace } from "../../tenants/admission.ts";
import type { Credentials } from "../../tenants/credentials.ts";
import { DatabaseExists, OwnershipMismatch } from "../database-invariant.ts";
import { dropDatabase, refuseRemains } from "../lifecycle/dropping.ts";
import type { ServerStreams } from "../server-streams.ts";
import type { TenantInTheMaking, TenantProvisioner } from "../tenant-provisioner.ts";
import type { TenantServers } from "../tenant-server.ts";
import type { ReservedDatabase, WarmDatabase } from "./warm-database.ts";
import type { WarmPoolStore } from "./warm-pool-store.ts";

/** What {@link WarmMaker} works with. */
export interface WarmMakerParts {
  readonly store: Pick<WarmPoolStore, "reserve" | "complete" | "withdraw" | "forget">;
  /** The very walk that makes tenants. */
  readonly provisioner: Pick<TenantProvisioner, "make" | "prove">;
  readonly migrator: Pick<TenantMigrator, "folderChecksum">;
  readonly servers: Pick<TenantServers, "work">;
  readonly streams: ServerStreams;
  readonly secretBox: SecretBox;
  readonly ids: Ids;
  readonly newCredentials: () => Credentials;
  readonly failpoints: Failpoints;
  readonly logger: Logger;
}

/** What is to be made, or to be brought to another schema. */
export type OpenDatabase = ReservedDatabase & Partial<Pick<WarmDatabase, "schemaChecksum">>;

/** Makes one database of the pool, or takes it away. Each step may be repeated, after a crash at any point. */
export class WarmMaker {
  constructor(private readonly parts: WarmMakerParts) {}

  /** Sets names and credentials aside; nothing is made of them yet, and from now on nothing of theirs is lost sight of. */
  async reserve(serverId: ServerId, count: number, signal: AbortSignal): Promise<readonly ReservedDatabase[]> {
    const { store, ids, newCredentials, secretBox, failpoints } = this.parts;
    const reserved = Array.from({ length: count }, (): ReservedDatabase => {
      const tenantId = ids.next<"Tenant">();
      const { databaseName, password } = newCredentials();
      return { tenantId, serverId, databaseName, password: secretBox.seal(password, passwordPlace(tenantId)) };
    });
    await store.reserve(reserved);
    await failpoints.hit("warm:reserved", signal);
    return reserved;
  }

  /**
   * Makes what is FILLING ready, as a tenant without a seed is made. One that cannot be made is given up, and replaced in time.
   * @throws what the provisioner throws; a refusal only of one that was never ready, which the next one would meet too
   */
  async make(warm: OpenDatabase, signal: AbortSignal): Promise<void> {
    const { store, migrator, failpoints, logger } = this.parts;
    const { tenantId, serverId } = warm;
    try {
      const version = await this.#walk(warm, signal);
      await failpoints.hit("warm:made", signal);
      await store.complete(tenantId, { version, checksum: migrator.folderChecksum() });
    } catch (error) {
      signal.throwIfAborted();
      const isHopeless = error instanceof SecretUnreadable || (error instanceof DomainError && !error.retryable);
      if (!isHopeless) throw error;
      await store.withdraw([tenantId], "REAPING");
      logger.warn({ tenantId, serverId, err: error }, "warm database given up");
      if (error instanceof DomainError && warm.schemaChecksum === undefined) throw error;
    }
    await failpoints.hit("warm:completed", signal);
  }

  /** Drops what is REAPING. A database that is somebody else's is left alone; the census tells of it. @throws ServerTrouble, NotGone, the signal's reason */
  async reap(warm: WarmDatabase, signal: AbortSignal): Promise<void> {
    const { store, streams, logger, failpoints } = this.parts;
    const { tenantId, serverId, databaseName } = warm;
    try {
      await streams.whenSpare(serverId, signal, () => this.#drop(warm, signal));
    } catch (error) {
      const isForeign = error instanceof OwnershipMismatch || error instanceof DatabaseExists;
      if (!isForeign) throw error;
      logger.warn({ tenantId, serverId, databaseName, err: error }, "warm database is somebody else's, and left alone");
    }
    await store.forget(tenantId);
    await failpoints.hit("warm:forgotten", signal);
  }

  async #walk(warm: ReservedDatabase, signal: AbortSignal): Promise<string | undefined> {
    const { provisioner, streams } = this.parts;
    const { tenantId: id, serverId, databaseName } = warm;
    const password = this.#passwordOf(warm);
    // Nothing in it can have been lost: nobody was ever let in.
    const place: TenantInTheMaking = { id, serverId, databaseName, schemaVersion: undefined, seed: false };
    const version = await streams.whenSpare(serverId, signal, () => provisioner.make(place, password, signal));
    await provisioner.prove(place, password, signal);
    return version;
  }

  #drop(warm: WarmDatabase, signal: AbortSignal): Promise<void> {
    const { servers, failpoints } = this.parts;
    const { tenantId: id, serverId, databaseName } = warm;
    return servers.work(serverId, signal, async (server) => {
      // It was never in use: what holds something and does not say that it is ours is not dropped.
      await dropDatabase(server, { id, databaseName, schemaVersion: undefined });
      await failpoints.hit("warm:dropped", signal);
      await server.dropAccounts(databaseName);
      await failpoints.hit("warm:account-dropped", signal);
      await refuseRemains(server, databaseName);
    });
  }

  /** @throws SecretUnreadable */
  #passwordOf({ tenantId, password }: ReservedDatabase): Secret {
    return this.parts.secretBox.open(password, passwordPlace(tenantId));
  }
}
