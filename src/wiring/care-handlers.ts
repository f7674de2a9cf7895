import type { JobHandler } from "../jobs/job-handler.ts";
import type { Failpoints } from "../kit/failpoints.ts";
import type { SecretBox } from "../kit/secret-box.ts";
import { RepairJob } from "../provisioning/repair/repair-job.ts";
import { RepairSteps } from "../provisioning/repair/repair-steps.ts";
import { TenantRepairer } from "../provisioning/repair/tenant-repairer.ts";
import type { ServerStreams } from "../provisioning/server-streams.ts";
import type { TenantProvisioner } from "../provisioning/tenant-provisioner.ts";
import { FleetLook } from "../provisioning/validation/fleet-look.ts";
import { TenantJudging } from "../provisioning/validation/tenant-judging.ts";
import { ValidateJob } from "../provisioning/validation/validate-job.ts";
import type { Reach } from "./reach.ts";
import type { Stores } from "./stores.ts";

interface CareTools {
  readonly provisioner: TenantProvisioner;
  readonly streams: ServerStreams;
  readonly failpoints: Failpoints;
}

/** What finds differences, and what mends them. */
export function careHandlers(
  { stores, reach, secretBox }: { readonly stores: Stores; readonly reach: Reach; readonly secretBox: SecretBox },
  { provisioner, streams, failpoints }: CareTools,
): readonly JobHandler[] {
  const { jobs, tenants, servers, findings } = stores;
  const { surveys, inspector, migrator, mender, tenantServers } = reach;
  const look = new FleetLook(surveys, findings);
  const latestVersion = () => migrator.latestVersion();
  const judging = new TenantJudging({ tenants, secretBox, inspector, latestVersion });
  const steps = new RepairSteps({ servers: tenantServers, provisioner, migrator, folder: migrator.folder, mender });
  const repairer = new TenantRepairer({ tenants, look, judging, steps, failpoints });
  const round = { jobs, tenants, servers, findings, look, judging, failpoints };
  return [new ValidateJob(round), new RepairJob({ ...round, repairer, streams })];
}
