import type { Config } from "../config.ts";
import { JobFeed } from "../jobs/job-feed.ts";
import type { JobHandler } from "../jobs/job-handler.ts";
import { JobRescuer } from "../jobs/job-rescuer.ts";
import { defaultRunnerOptions, JobRunner } from "../jobs/job-runner.ts";
import { Loop } from "../kit/loop.ts";
import type { SecretBox } from "../kit/secret-box.ts";
import { ProvisionJob } from "../provisioning/provision-job.ts";
import { ServerStreams } from "../provisioning/server-streams.ts";
import { TenantProvisioner } from "../provisioning/tenant-provisioner.ts";
import { ReencryptJob } from "../secrets/reencrypt-job.ts";
import { ConnectionTestJob } from "../test-runs/connection/connection-test-job.ts";
import { IsolationTestJob } from "../test-runs/isolation/isolation-test-job.ts";
import { careHandlers } from "./care-handlers.ts";
import { lifecycleHandlers } from "./lifecycle-handlers.ts";
import { performanceTests } from "./performance-tests.ts";
import type { Reach } from "./reach.ts";
import type { Stores } from "./stores.ts";
import type { Tools } from "./tools.ts";
import { createUpkeep } from "./upkeep.ts";
import { createWarmPool } from "./warm-pool.ts";

/** How often the servers are asked whether they answer. */
const serverWatchMs = 5_000;

/** What works in the background. */
export interface Work {
  readonly runner: JobRunner;
  readonly feed: JobFeed;
  /** Told that ready-made databases were claimed. */
  readonly warmPool: { wake(): void };
  /** Returns what a predecessor left, then starts every loop. */
  start(): Promise<void>;
  /** Hands leases back and ends every loop. */
  stop(): Promise<void>;
}

export function createWork(
  config: Config,
  given: { readonly stores: Stores; readonly reach: Reach; readonly secretBox: SecretBox; readonly owner: string },
  tools: Tools,
): Work {
  const { stores, reach, owner } = given;
  const { clock, logger, failpoints } = tools;
  const feed = new JobFeed(stores.jobs, clock, logger);
  const making = {
    provisioner: new TenantProvisioner({ servers: reach.tenantServers, migrator: reach.migrator, failpoints, logger }),
    streams: new ServerStreams(config.provisionStreams),
  };
  const warmPool = createWarmPool(given, making, tools);
  const runner = new JobRunner(
    [...handlers(config, given, making, tools), warmPool.handler],
    { store: stores.jobs, feed, clock, logger, random: Math.random },
    { ...defaultRunnerOptions, owner, leaseMs: config.jobLeaseMs },
  );
  const rescuer = new JobRescuer(stores.jobs, feed, runner, owner, { clock, logger });
  const watch = new Loop(
    "server watch",
    (signal) => reach.servers.runOnce(signal),
    () => serverWatchMs,
    clock,
    logger,
  );
  const upkeep = createUpkeep(config, given, runner, tools);
  return {
    runner,
    feed,
    warmPool: warmPool.loop,
    start: async () => {
      await rescuer.runOnce();
      feed.start();
      runner.start();
      rescuer.start();
      watch.start();
      upkeep.start();
      warmPool.loop.start();
    },
    stop: async () => {
      await Promise.all([watch.stop(), rescuer.stop(), upkeep.stop(), warmPool.loop.stop()]);
      await runner.stop();
      await feed.stop();
    },
  };
}

function handlers(
  config: Config,
  { stores, reach, secretBox }: { readonly stores: Stores; readonly reach: Reach; readonly secretBox: SecretBox },
  { provisioner, streams }: { readonly provisioner: TenantProvisioner; readonly streams: ServerStreams },
  { clock, ids, logger, failpoints }: Tools,
): readonly JobHandler[] {
  const { jobs, tenants, testRuns, servers, scratch } = stores;
  const schemaChecksum = reach.migrator.folderChecksum();
  return [
    new ProvisionJob({ jobs, tenants, provisioner, secretBox, streams, failpoints, schemaChecksum }),
    ...careHandlers({ stores, reach, secretBox }, { provisioner, streams, failpoints }),
    ...lifecycleHandlers(config, { stores, reach, secretBox }, { clock, ids, logger, failpoints }),
    new ReencryptJob({ secrets: stores.secrets, secretBox, failpoints }),
    performanceTests(config, { stores, reach, secretBox }, { ids, failpoints }),
    new ConnectionTestJob(
      { runs: testRuns, jobs, tenants, servers },
      { login: reach.login, reachability: reach.reachability, secrets: secretBox },
      { bands: config.ratingBands, clock, random: Math.random },
    ),
    new IsolationTestJob(
      { runs: testRuns, jobs, tenants, scratch },
      { ground: reach.isolation, remover: reach.scratchRemover, secrets: secretBox },
      { clock, ids, failpoints },
    ),
  ];
}
