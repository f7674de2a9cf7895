import type { Services } from "../graphql/services.ts";
import { JobService } from "../jobs/job-service.ts";
import type { SecretBox } from "../kit/secret-box.ts";
import { newCredentials } from "../tenants/credentials.ts";
import { FleetService } from "../tenants/fleet-service.ts";
import { ProvisioningRetrier } from "../tenants/provisioning-retrier.ts";
import { TenantLifecycleService } from "../tenants/tenant-lifecycle-service.ts";
import { TenantService } from "../tenants/tenant-service.ts";
import { TestRunService } from "../test-runs/test-run-service.ts";
import { TestScopes } from "../test-runs/test-scope.ts";
import type { Metrics } from "./metrics.ts";
import type { Reach } from "./reach.ts";
import type { Stores } from "./stores.ts";
import type { Tools } from "./tools.ts";
import type { Work } from "./work.ts";

/** All that the API may call. */
export function createServices(
  given: {
    readonly stores: Stores;
    readonly reach: Reach;
    readonly work: Work;
    readonly metrics: Metrics;
    readonly secretBox: SecretBox;
  },
  { ids }: Tools,
): Services {
  const { stores, reach, work, metrics, secretBox } = given;
  const { runner, feed } = work;
  const testRuns = new TestRunService(
    stores.testRuns,
    stores.jobs,
    new TestScopes(stores.tenants, stores.jobs),
    ids,
    runner,
  );
  const lifecycle = new TenantLifecycleService({ lifecycle: stores.lifecycle, tenants: stores.tenants, ids, runner });
  const fleetWork = new FleetService({ tenants: stores.tenants, jobs: stores.jobs, ids, runner });
  const retriers = [new ProvisioningRetrier(stores.tenants, ids), lifecycle, fleetWork, testRuns];
  return {
    tenants: new TenantService({
      store: stores.tenants,
      servers: reach.servers,
      audit: stores.audit,
      runner,
      secretBox,
      ids,
      newCredentials,
    }),
    tenantChanges: stores.tenantChanges,
    lifecycle,
    fleetWork,
    servers: reach.servers,
    jobs: new JobService(stores.jobs, feed, runner, retriers),
    jobEvents: feed,
    testRuns,
    metrics: metrics.service,
    fleet: {
      statusCounts: () => stores.tenants.statusCounts(),
      schemaVersionCounts: () => stores.tenants.schemaVersionCounts(),
      latestVersion: () => reach.migrator.latestVersion(),
    },
  };
}
