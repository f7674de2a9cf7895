import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import { type ConnectionOf, connection, countedExactly } from "../connection.ts";
import { DanglingReference } from "../dangling-reference.ts";
import { FleetInput } from "../fleet/fleet.input.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { toJobType } from "../jobs/job.type.ts";
import { JobPayloadType } from "../jobs/job-payload.type.ts";
import { payload } from "../payload.ts";
import { DatabaseServerType, toDatabaseServerType } from "../servers/database-server.type.ts";
import { TenantType } from "../tenants/tenant.type.ts";
import { toTenantFilter } from "../tenants/tenant-filter.input.ts";
import { tenantOf } from "../tenants/tenant-of.ts";
import { FindingsArgs, RepairTenantsInput, toFindingFilter, toRepairTenants } from "./finding.input.ts";
import { FindingConnectionType, FindingType, toFindingType } from "./finding.type.ts";

@Resolver(() => FindingType)
export class FindingResolver {
  @Query(() => FindingConnectionType, {
    description: "What validations and the sweep found and nobody has mended yet, orphans included; newest first.",
  })
  findings(
    @Args(() => FindingsArgs) args: FindingsArgs,
    @Ctx() { services }: GraphqlContext,
  ): Promise<ConnectionOf<FindingType>> {
    const filter = toFindingFilter(args.filter);
    return connection(
      args,
      (page) => services.findings.open(filter, page),
      () => services.findings.countOpen(filter, countedExactly + 1),
      toFindingType,
    );
  }

  @Mutation(() => JobPayloadType, {
    description:
      "Looks at registry and servers, changes nothing. Orphans and settings are looked at when no tenants are named.",
  })
  validateTenants(
    @Arg("input", () => FleetInput, { description: "Which tenants." }) input: FleetInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<JobPayloadType> {
    const filter = toTenantFilter(input.filter);
    return payload(async () => ({ job: toJobType(await services.findings.validate(filter, origin)) }), {});
  }

  @Mutation(() => JobPayloadType, { description: "Makes true what validation found false." })
  repairTenants(
    @Arg("input", () => RepairTenantsInput, { description: "Which tenants, and how far it may go." })
    input: RepairTenantsInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<JobPayloadType> {
    const wish = toRepairTenants(input);
    return payload(async () => ({ job: toJobType(await services.findings.repair(wish, origin)) }), {});
  }

  @FieldResolver(() => TenantType, { nullable: true, description: "Null for orphans and server-wide findings." })
  async tenant(@Root() { finding }: FindingType, @Ctx() context: GraphqlContext): Promise<TenantType | undefined> {
    return finding.tenantId && tenantOf(finding.tenantId, context);
  }

  @FieldResolver(() => DatabaseServerType, { description: "Where it was seen." })
  async server(@Root() { finding }: FindingType, @Ctx() { loaders }: GraphqlContext): Promise<DatabaseServerType> {
    const server = await loaders.server.load(finding.serverId);
    if (!server) throw new DanglingReference("server", finding.serverId);
    return toDatabaseServerType(server);
  }
}
