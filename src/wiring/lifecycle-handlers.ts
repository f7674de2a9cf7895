import type { Config } from "../config.ts";
import type { JobHandler } from "../jobs/job-handler.ts";
import type { SecretBox } from "../kit/secret-box.ts";
import { MigrateJob } from "../provisioning/fleet/migrate-job.ts";
import { SeedJob } from "../provisioning/fleet/seed-job.ts";
import { DeleteJob } from "../provisioning/lifecycle/delete-job.ts";
import { ResumeJob } from "../provisioning/lifecycle/resume-job.ts";
import { RotateJob } from "../provisioning/lifecycle/rotate-job.ts";
import { SuspendJob } from "../provisioning/lifecycle/suspend-job.ts";
import type { Reach } from "./reach.ts";
import type { Stores } from "./stores.ts";
import type { Tools } from "./tools.ts";

/** What changes tenants that are there: one by one, and all over the fleet. */
export function lifecycleHandlers(
  config: Pick<Config, "migrationDeadlineMs">,
  { stores, reach, secretBox }: { readonly stores: Stores; readonly reach: Reach; readonly secretBox: SecretBox },
  { failpoints }: Tools,
): readonly JobHandler[] {
  const { jobs, tenants, lifecycle } = stores;
  const one = { jobs, tenants, lifecycle, servers: reach.tenantServers, secretBox, failpoints };
  const many = { jobs, tenants, lifecycle, migrator: reach.migrator, failpoints };
  const deadlineMs = config.migrationDeadlineMs;
  return [
    new SuspendJob(one),
    new ResumeJob(one),
    new RotateJob(one),
    new DeleteJob(one),
    new MigrateJob({ ...many, deadlineMs }),
    new SeedJob({ ...many, deadlineMs }),
  ];
}
