import { forEachBounded, Semaphore } from "../../kit/concurrency.ts";
import { NotFound } from "../../kit/domain-error.ts";
import type { ServerId } from "../../kit/ids.ts";
import type { TenantMigrator } from "../../migrations/tenant-migrator.ts";
import type { ServerStore } from "../../servers/database-server.ts";
import type { ServerStreams } from "../server-streams.ts";
import { type PoolPlan, planPool, workIn } from "./pool-plan.ts";
import type { WarmDatabase } from "./warm-database.ts";
import type { WarmInspector } from "./warm-inspector.ts";
import type { OpenDatabase, WarmMaker } from "./warm-maker.ts";
import type { WarmPoolStore } from "./warm-pool-store.ts";

/** Pieces of work after which the target is read anew, and somebody else who waits for the pool has a turn. */
const piecesPerTurn = 16;
/** For each stream: while one database's tables are made, another is proved. */
const underWayPerStream = 2;

/** What {@link WarmKeeper} works with. */
export interface WarmKeeperParts {
  readonly store: Pick<WarmPoolStore, "list" | "withdraw">;
  readonly servers: Pick<ServerStore, "findMany" | "tenantCounts">;
  readonly maker: Pick<WarmMaker, "reserve" | "make" | "reap">;
  readonly inspector: Pick<WarmInspector, "inspect">;
  readonly migrator: Pick<TenantMigrator, "folderChecksum">;
  readonly streams: Pick<ServerStreams, "sparePerServer">;
}

/** Told after each piece of work. */
export type Told = (done: number, total: number) => void;

/**
 * Brings the pools of servers to their targets. Whoever asks, there is one at a time at a server's pool: what is FILLING and not in
 * its hands was left by a process that is gone, and is made on where it stopped.
 */
export class WarmKeeper {
  readonly #turns = new Map<ServerId, Semaphore>();

  constructor(private readonly parts: WarmKeeperParts) {}

  /**
   * Does what there was to do at the beginning: makes what is missing or of another schema, takes away what is too much.
   * @throws NotFound, ServerTrouble and refusals of the provisioner, the signal's reason
   */
  async keep(serverId: ServerId, signal: AbortSignal, told: Told = () => undefined): Promise<void> {
    let done = 0;
    let total: number | undefined;
    while (total === undefined || done < total) {
      const turn = await this.#exclusively(serverId, signal, async () => {
        const plan = planPool(await this.parts.store.list(serverId), await this.#wanted(serverId));
        total ??= workIn(plan);
        const all = Math.max(total, done + workIn(plan));
        told(done, all);
        return this.#work(serverId, plan, signal, () => told(++done, all));
      });
      if (turn === "NOTHING") break;
    }
    // Whoever had turns between has done the rest.
    const all = Math.max(total ?? 0, done);
    if (done < all) told(all, all);
  }

  /** Looks whether what is ready is so. @returns how many were broken @throws ServerTrouble, QueueTimeout, the signal's reason */
  inspect(serverId: ServerId, signal: AbortSignal): Promise<number> {
    return this.#exclusively(serverId, signal, () => this.parts.inspector.inspect(serverId, signal));
  }

  async #work(serverId: ServerId, plan: PoolPlan, signal: AbortSignal, did: () => void): Promise<"NOTHING" | "SOME"> {
    if (workIn(plan) === 0) return "NOTHING";
    const atOnce = this.parts.streams.sparePerServer * underWayPerStream;
    const out = await this.#withdrawn(plan.reap.slice(0, piecesPerTurn), "REAPING");
    await forEachBounded(out, atOnce, signal, async (warm) => {
      await this.parts.maker.reap(warm, signal);
      did();
    });
    const begun = plan.make.slice(0, piecesPerTurn);
    const fresh = Math.min(plan.missing, piecesPerTurn - begun.length);
    const open: readonly OpenDatabase[] = [
      ...(await this.#withdrawn(begun, "FILLING")),
      ...(fresh > 0 ? await this.parts.maker.reserve(serverId, fresh, signal) : []),
    ];
    await forEachBounded(open, atOnce, signal, async (warm) => {
      await this.parts.maker.make(warm, signal);
      did();
    });
    return "SOME";
  }

  /** @returns those that nobody gets any more; who was claimed meanwhile is not touched */
  async #withdrawn(some: readonly WarmDatabase[], to: "FILLING" | "REAPING"): Promise<readonly WarmDatabase[]> {
    const moving = some.filter(({ state }) => state !== to);
    const ours = new Set(
      await this.parts.store.withdraw(
        moving.map(({ tenantId }) => tenantId),
        to,
      ),
    );
    return some.filter(({ state, tenantId }) => state === to || ours.has(tenantId));
  }

  /** More than the server has room for nobody could claim. @throws NotFound */
  async #wanted(serverId: ServerId): Promise<{ readonly target: number; readonly checksum: string }> {
    const { servers, migrator } = this.parts;
    const [server] = await servers.findMany([serverId]);
    if (!server) throw new NotFound("There is no such database server any more.");
    const { warmPoolTarget, maxTenants } = server;
    const checksum = migrator.folderChecksum();
    if (maxTenants === undefined || warmPoolTarget === 0) return { target: warmPoolTarget, checksum };
    const room = maxTenants - ((await servers.tenantCounts([serverId])).get(serverId) ?? 0);
    return { target: Math.max(0, Math.min(warmPoolTarget, room)), checksum };
  }

  #exclusively<T>(serverId: ServerId, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const known = this.#turns.get(serverId);
    const turn = known ?? new Semaphore(1, "a server's pool");
    if (!known) this.#turns.set(serverId, turn);
    return turn.use(work, { signal });
  }
}
