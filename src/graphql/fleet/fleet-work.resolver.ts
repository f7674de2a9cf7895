import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { GraphqlContext } from "../graphql-context.ts";
import { toJobType } from "../jobs/job.type.ts";
import { JobPayloadType } from "../jobs/job-payload.type.ts";
import { payload } from "../payload.ts";
import { toTenantFilter } from "../tenants/tenant-filter.input.ts";
import { FleetInput, MigrateTenantsInput, toMigrateTenants } from "./fleet.input.ts";

@Resolver()
export class FleetWorkResolver {
  @Mutation(() => JobPayloadType, {
    description:
      "Brings ACTIVE and SUSPENDED tenants to the newest migration. Those that are there already are skipped without a connection.",
  })
  migrateTenants(
    @Arg("input", () => MigrateTenantsInput, { description: "Which tenants, and how." }) input: MigrateTenantsInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<JobPayloadType> {
    const wish = toMigrateTenants(input);
    return payload(async () => ({ job: toJobType(await services.fleetWork.migrate(wish, origin)) }), {});
  }

  @Mutation(() => JobPayloadType, {
    description: "Runs the seed for ACTIVE and SUSPENDED tenants, once for each.",
  })
  seedTenants(
    @Arg("input", () => FleetInput, { description: "Which tenants." }) input: FleetInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<JobPayloadType> {
    const filter = toTenantFilter(input.filter);
    return payload(async () => ({ job: toJobType(await services.fleetWork.seed(filter, origin)) }), {});
  }
}
