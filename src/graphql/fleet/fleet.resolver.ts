import { Ctx, FieldResolver, Int, Query, Resolver } from "type-graphql";
import { tenantStatuses } from "../../tenants/tenant.ts";
import { countedExactly } from "../connection.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { DatabaseServerType, toDatabaseServerType } from "../servers/database-server.type.ts";
import { FleetType, SchemaVersionCountType, TenantStatusCountType } from "./fleet.type.ts";

@Resolver(() => FleetType)
export class FleetResolver {
  @Query(() => FleetType, { description: "All tenants and servers in figures." })
  fleet(@Ctx() { services }: GraphqlContext): FleetType {
    return { latestSchemaVersion: services.fleet.latestVersion() };
  }

  @FieldResolver(() => [TenantStatusCountType], { description: "Every status, also those that no tenant has." })
  async tenants(@Ctx() { services }: GraphqlContext): Promise<TenantStatusCountType[]> {
    const counts = await services.fleet.statusCounts();
    return tenantStatuses.map((status) => ({ status, count: counts.get(status) ?? 0 }));
  }

  @FieldResolver(() => [SchemaVersionCountType], { description: "Which schema versions are in use." })
  schemaVersions(@Ctx() { services }: GraphqlContext): Promise<readonly SchemaVersionCountType[]> {
    return services.fleet.schemaVersionCounts();
  }

  @FieldResolver(() => [DatabaseServerType], { description: "Every server that holds tenant databases." })
  async servers(@Ctx() { services }: GraphqlContext): Promise<DatabaseServerType[]> {
    return (await services.servers.list()).map(toDatabaseServerType);
  }

  @FieldResolver(() => Int, { description: "Findings that nobody has mended yet; advice on settings does not count." })
  openFindings(@Ctx() { services }: GraphqlContext): Promise<number> {
    return services.findings.countOpen({ withoutAdvice: true }, countedExactly + 1);
  }

  @FieldResolver(() => Int, { description: "Jobs that are RUNNING or CANCELLING." })
  runningJobs(@Ctx() { services }: GraphqlContext): Promise<number> {
    return services.jobs.count({ statuses: ["RUNNING", "CANCELLING"] }, countedExactly + 1);
  }
}
