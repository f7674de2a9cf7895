import { forEachBounded } from "../../kit/concurrency.ts";
import type { Ids, JobId, ServerId } from "../../kit/ids.ts";
import type { Logger } from "../../kit/logger.ts";
import { type ScratchObject, type ScratchStore, scratchPurpose } from "../../servers/scratch-store.ts";
import type { ScratchTable, TenantLoads } from "../load/tenant-load.ts";

/** Milliseconds that dropping may take when somebody waits for it; what is left then is dropped later. */
const dropMs = 1_500;

/** The tables that performance tests make in tenants' databases: remembered before they are made, forgotten when they are gone. */
export class ScratchTables {
  constructor(
    private readonly loads: Pick<TenantLoads, "dropTables">,
    private readonly store: ScratchStore,
    private readonly ids: Ids,
  ) {}

  /** Names that nobody had before, remembered; nothing is made yet. */
  async name(jobId: JobId, serverId: ServerId, databaseNames: readonly string[]): Promise<readonly ScratchTable[]> {
    const tables = databaseNames.map((databaseName) => {
      return { serverId, databaseName, table: `scratch${this.ids.next<"Scratch">().replaceAll("-", "").slice(-26)}` };
    });
    await this.store.rememberAll(tables.map(fullName), serverId, scratchPurpose("performance", jobId));
    return tables;
  }

  /** Drops what the run made, as far as its servers answer. @returns how many could not be dropped now */
  async dropAll(jobId: JobId, logger: Logger): Promise<number> {
    const made = await this.store.listByPurpose(scratchPurpose("performance", jobId));
    const servers = [...new Set(made.map(({ serverId }) => serverId))];
    let left = 0;
    await forEachBounded(servers, 4, new AbortController().signal, async (serverId) => {
      const objects = made.filter((object) => object.serverId === serverId);
      try {
        await this.drop(serverId, objects);
      } catch (error) {
        // The reaper knows them, and the run's own outcome is the one to tell.
        left += objects.length;
        logger.warn({ serverId, tables: objects.length, err: error }, "scratch tables left for later");
      }
    });
    return left;
  }

  /** Drops remembered tables of one server. @throws ServerTrouble */
  async drop(serverId: ServerId, objects: readonly Pick<ScratchObject, "name">[]): Promise<void> {
    const tables = objects.flatMap(({ name }) => {
      const [databaseName, table] = name.split(".");
      return databaseName && table ? [{ serverId, databaseName, table }] : [];
    });
    await this.loads.dropTables(serverId, tables, dropMs);
    await this.store.forgetAll(tables.map(fullName));
  }
}

function fullName({ databaseName, table }: ScratchTable): string {
  return `${databaseName}.${table}`;
}
