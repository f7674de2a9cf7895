import type { Config } from "../config.ts";
import { Loop } from "../kit/loop.ts";
import { MysqlScratchRemover } from "../mysql/servers/mysql-scratch-remover.ts";
import { Retention } from "../provisioning/sweep/retention.ts";
import { ScratchReaper } from "../provisioning/sweep/scratch-reaper.ts";
import { Sweep } from "../provisioning/sweep/sweep.ts";
import { TenantLifecycleService } from "../tenants/tenant-lifecycle-service.ts";
import type { Reach } from "./reach.ts";
import type { Stores } from "./stores.ts";
import type { Tools } from "./tools.ts";

/** Pauses between turns in milliseconds, each up to a fifth longer, so that several services do not fall into step. */
const sweepMs = 8_000;
const reaperMs = 60_000;
const retentionMs = 900_000;

/** What keeps order in the background. */
export interface Upkeep {
  start(): void;
  stop(): Promise<void>;
}

/** @param runner told of the jobs that are entered */
export function createUpkeep(
  config: Pick<Config, "retentionDays">,
  { stores, reach }: { readonly stores: Stores; readonly reach: Reach },
  runner: { wake(): void },
  { clock, ids, logger }: Tools,
): Upkeep {
  const { tenants, jobs, servers, scratch } = stores;
  const lifecycle = new TenantLifecycleService({ lifecycle: stores.lifecycle, tenants, ids, runner });
  const sweep = new Sweep({ store: stores.lifecycle, tenants, lifecycle, jobs, servers, runner, ids, clock, logger });
  const remover = new MysqlScratchRemover(reach.sessions);
  const reaper = new ScratchReaper({ scratch, remover, jobs, clock, logger });
  const retention = new Retention(stores.history, config.retentionDays, clock, logger);
  const every = (name: string, duty: { runOnce(signal: AbortSignal): Promise<void> }, pauseMs: number) =>
    new Loop(
      name,
      (signal) => duty.runOnce(signal),
      () => pauseMs * (1 + Math.random() / 5),
      clock,
      logger,
    );
  const loops = [
    every("sweep", sweep, sweepMs),
    every("scratch reaper", reaper, reaperMs),
    every("retention", retention, retentionMs),
  ];
  return {
    start: () => {
      for (const loop of loops) loop.start();
    },
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}
