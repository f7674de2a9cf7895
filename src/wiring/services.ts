import type { Config } from "../config.ts";
import type { Services } from "../graphql/services.ts";
import { JobService } from "../jobs/job-service.ts";
import type { SecretBox } from "../kit/secret-box.ts";
import { FindingService } from "../provisioning/findings/finding-service.ts";
import { WarmPoolService } from "../provisioning/warm-pool/warm-pool-service.ts";
import type { ReencryptionService } from "../secrets/reencryption-service.ts";
import { newCredentials } from "../tenants/credentials.ts";
import { FleetService } from "../tenants/fleet-service.ts";
import { ProvisioningRetrier } from "../tenants/provisioning-retrier.ts";
import { TenantLifecycleService } from "../tenants/tenant-lifecycle-service.ts";
import type { AppliedSchema } from "../tenants/tenant-lifecycle-store.ts";
import { TenantService } from "../tenants/tenant-service.ts";
import type { Access } from "./access.ts";
import type { Metrics } from "./metrics.ts";
import { runComparisons, testRunService } from "./performance-tests.ts";
import type { Reach } from "./reach.ts";
import { createScheduleService } from "./schedules.ts";
import type { Stores } from "./stores.ts";
import type { Tools } from "./tools.ts";
import type { Work } from "./work.ts";

/** All that the API may call. */
export function createServices(
  config: Pick<Config, "testMaxOperations">,
  given: {
    readonly stores: Stores;
    readonly reach: Reach;
    readonly work: Work;
    readonly metrics: Metrics;
    readonly access: Access;
    readonly secretBox: SecretBox;
    readonly reencryption: ReencryptionService;
  },
  tools: Tools,
): Services {
  const { stores, reach, work, metrics, secretBox } = given;
  const { runner, feed } = work;
  const { ids } = tools;
  const testRuns = testRunService(config, { stores, work }, { ids });
  const { tenants, jobs, servers } = stores;
  const lifecycle = new TenantLifecycleService({ lifecycle: stores.lifecycle, tenants, ids, runner });
  const fleetWork = new FleetService({ tenants, servers, jobs, ids, runner });
  const findings = new FindingService({ findings: stores.findings, servers, tenants, jobs, ids, runner });
  const provisioning = new ProvisioningRetrier(tenants, ids);
  const warmPool = new WarmPoolService({ store: stores.warmPool, jobs, migrator: reach.migrator, ids, feed, runner });
  const retriers = [provisioning, lifecycle, fleetWork, findings, testRuns, warmPool, given.reencryption];
  return {
    tenants: new TenantService({
      store: stores.tenants,
      reads: stores.tenantReads,
      servers: reach.servers,
      audit: stores.audit,
      runner,
      secretBox,
      ids,
      newCredentials,
      warmPool: { newestSchema: () => newestSchema(reach), wake: () => work.warmPool.wake() },
    }),
    tenantChanges: stores.tenantChanges,
    lifecycle,
    fleetWork,
    findings,
    servers: reach.servers,
    warmPool,
    jobs: new JobService(stores.jobs, feed, runner, retriers),
    jobEvents: feed,
    testRuns,
    comparisons: runComparisons(stores),
    metrics: metrics.service,
    schedules: createScheduleService(stores, tools),
    apiKeys: given.access.issuer,
    secrets: given.reencryption,
    audit: given.access.audit,
    fleet: fleetFigures(stores, reach),
  };
}

function newestSchema({ migrator }: Reach): AppliedSchema {
  return { version: migrator.latestVersion(), checksum: migrator.folderChecksum() };
}

function fleetFigures({ tenants }: Stores, { migrator }: Reach): Services["fleet"] {
  return {
    statusCounts: () => tenants.statusCounts(),
    schemaVersionCounts: () => tenants.schemaVersionCounts(),
    latestVersion: () => migrator.latestVersion(),
  };
}
