import type { Config } from "../config.ts";
import type { Clock } from "../kit/clock.ts";
import { Loop } from "../kit/loop.ts";
import type { SecretBox } from "../kit/secret-box.ts";
import { MysqlScratchRemover } from "../mysql/servers/mysql-scratch-remover.ts";
import { FindingService } from "../provisioning/findings/finding-service.ts";
import { Census } from "../provisioning/sweep/census.ts";
import { Retention } from "../provisioning/sweep/retention.ts";
import { ScratchReaper } from "../provisioning/sweep/scratch-reaper.ts";
import { SettingsWatch } from "../provisioning/sweep/settings-watch.ts";
import { StoredPasswords } from "../provisioning/sweep/stored-passwords.ts";
import { Sweep } from "../provisioning/sweep/sweep.ts";
import { TenantLifecycleService } from "../tenants/tenant-lifecycle-service.ts";
import type { Reach } from "./reach.ts";
import type { Stores } from "./stores.ts";
import type { Tools } from "./tools.ts";

/** Pauses between turns in milliseconds, each up to a fifth longer, so that several services do not fall into step. */
const sweepMs = 8_000;
const reaperMs = 60_000;
const retentionMs = 900_000;
const censusMs = 240_000;
/** Until every server has answered once. */
const settingsMs = 30_000;

interface Duty {
  runOnce(signal: AbortSignal): Promise<void>;
}

/** What keeps order in the background. */
export interface Upkeep {
  start(): void;
  stop(): Promise<void>;
}

/** @param runner told of the jobs that are entered */
export function createUpkeep(
  config: Pick<Config, "retentionDays">,
  { stores, reach, secretBox }: { readonly stores: Stores; readonly reach: Reach; readonly secretBox: SecretBox },
  runner: { wake(): void },
  { clock, ids, logger }: Tools,
): Upkeep {
  const every = (name: string, duty: Duty, pauseMs: number) =>
    new Loop(
      name,
      (signal) => duty.runOnce(signal),
      () => pauseMs * (1 + Math.random() / 5),
      clock,
      logger,
    );
  const { tenants, jobs, servers, scratch } = stores;
  const lifecycle = new TenantLifecycleService({ lifecycle: stores.lifecycle, tenants, ids, runner });
  const sweep = new Sweep({ store: stores.lifecycle, tenants, lifecycle, jobs, servers, runner, ids, clock, logger });
  const remover = new MysqlScratchRemover(reach.sessions);
  const reaper = new ScratchReaper({ scratch, remover, jobs, clock, logger, servesSince: clock.now() });
  const retention = new Retention(stores.history, config.retentionDays, clock, logger);
  const { findings } = stores;
  const validation = new FindingService({ findings, tenants, servers, jobs, ids, runner });
  const passwords = new StoredPasswords(tenants, secretBox);
  const census = new Census({
    source: reach.surveys,
    servers,
    findings,
    tenants,
    passwords,
    validation,
    clock,
    logger,
  });
  const settings = new SettingsWatch({ source: reach.surveys, servers, findings, validation, logger });
  const loops = [
    every("settings watch", settings, settingsMs),
    every("sweep", sweep, sweepMs),
    every("scratch reaper", reaper, reaperMs),
    every("retention", retention, retentionMs),
    // Not at once: whoever starts has better things to do than what can wait for minutes.
    every("census", delayed(census, censusMs, clock), 0),
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

/** The duty, each time after a pause. */
function delayed(duty: Duty, pauseMs: number, clock: Clock): Duty {
  return {
    runOnce: async (signal) => {
      await clock.sleep(pauseMs * (1 + Math.random() / 5), signal);
      await duty.runOnce(signal);
    },
  };
}
