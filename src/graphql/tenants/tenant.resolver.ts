import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import type { Severity } from "../../provisioning/finding.ts";
import { worstFinding } from "../../provisioning/findings/worst-finding.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import { type ConnectionOf, connection, countedExactly } from "../connection.ts";
import { DanglingReference } from "../dangling-reference.ts";
import { FindingType, SeverityEnum, toFindingType } from "../findings/finding.type.ts";
import { parseGlobalId } from "../global-id.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { JobConnectionType, type JobType, toJobType } from "../jobs/job.type.ts";
import { PageArgs } from "../page-args.ts";
import { DatabaseServerType, toDatabaseServerType } from "../servers/database-server.type.ts";
import { DomainType, toDomainType } from "./domain.type.ts";
import { LabelType } from "./label.type.ts";
import { TenantConnectionType, TenantType, toTenantType } from "./tenant.type.ts";
import { TenantsArgs, toTenantFilter } from "./tenant-filter.input.ts";
import { TenantHealthType } from "./tenant-health.type.ts";

const newestFirst = { field: "CREATED_AT", direction: "DESC" } as const;

@Resolver(() => TenantType)
export class TenantResolver {
  @Query(() => TenantType, { nullable: true, description: "A tenant, DELETED ones included, or null." })
  async tenant(
    @Arg("id", () => ID, { description: "Its id." }) id: string,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<TenantType | undefined> {
    const tenantId = parseGlobalId("tenant", id);
    return shown(tenantId && (await loaders.tenant.load(tenantId)));
  }

  @Query(() => TenantType, { nullable: true, description: "The tenant with this slug, or null; never a DELETED one." })
  async tenantBySlug(
    @Arg("slug", () => String, { description: "Its slug." }) slug: string,
    @Ctx() { services }: GraphqlContext,
  ): Promise<TenantType | undefined> {
    return shown(await services.tenants.findBySlug(slug));
  }

  @Query(() => TenantType, {
    nullable: true,
    description: "The tenant that answers on this host name. Made to be asked on each request of an application.",
  })
  async tenantByDomain(
    @Arg("hostname", () => String, { description: "A host name in any case." }) hostname: string,
    @Ctx() { services }: GraphqlContext,
  ): Promise<TenantType | undefined> {
    return shown(await services.tenants.findByDomain(hostname));
  }

  @Query(() => TenantConnectionType, {
    description: "Tenants; DELETED ones only when the filter's statuses ask for them.",
  })
  tenants(
    @Args(() => TenantsArgs) args: TenantsArgs,
    @Ctx() { services }: GraphqlContext,
  ): Promise<ConnectionOf<TenantType>> {
    const filter = toTenantFilter(args.filter);
    return connection(
      args,
      (page) => services.tenants.list(filter, args.orderBy ?? newestFirst, page),
      () => services.tenants.count(filter, countedExactly + 1),
      toTenantType,
    );
  }

  @FieldResolver(() => [DomainType], { description: "Host names that lead to it." })
  async domains(@Root() { tenant }: TenantType, @Ctx() { loaders }: GraphqlContext): Promise<DomainType[]> {
    return (await loaders.domains.load(tenant.id)).map(toDomainType);
  }

  @FieldResolver(() => DomainType, { nullable: true, description: "The main one of its domains." })
  async primaryDomain(
    @Root() { tenant }: TenantType,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<DomainType | undefined> {
    const domain = (await loaders.domains.load(tenant.id)).find((each) => each.isPrimary);
    return domain && toDomainType(domain);
  }

  @FieldResolver(() => [LabelType], { description: "Keys and values that it can be found by." })
  labels(@Root() { tenant }: TenantType, @Ctx() { loaders }: GraphqlContext): Promise<readonly LabelType[]> {
    return loaders.labels.load(tenant.id);
  }

  @FieldResolver(() => DatabaseServerType, { description: "The server that holds its database." })
  async server(@Root() { tenant }: TenantType, @Ctx() { loaders }: GraphqlContext): Promise<DatabaseServerType> {
    const server = await loaders.server.load(tenant.serverId);
    if (!server) throw new DanglingReference("server", tenant.serverId);
    return toDatabaseServerType(server);
  }

  @FieldResolver(() => TenantHealthType, { nullable: true, description: "The last connection check." })
  health(@Root() { tenant }: TenantType, @Ctx() { loaders }: GraphqlContext): Promise<TenantHealthType | undefined> {
    return loaders.health.load(tenant.id);
  }

  @FieldResolver(() => [FindingType], { description: "What the last validation or repair found and did not mend." })
  async findings(@Root() { tenant }: TenantType, @Ctx() { loaders }: GraphqlContext): Promise<FindingType[]> {
    return (await loaders.openFindings.load(tenant.id)).map(toFindingType);
  }

  @FieldResolver(() => SeverityEnum, {
    nullable: true,
    description: "The worst of `findings`; null when there are none. Neither status nor health tell of them.",
  })
  async worstFinding(
    @Root() { tenant }: TenantType,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<Severity | undefined> {
    return worstFinding(await loaders.openFindings.load(tenant.id));
  }

  @FieldResolver(() => JobConnectionType, { description: "Jobs on this tenant, alone or among others, newest first." })
  jobs(
    @Root() { tenant }: TenantType,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { services }: GraphqlContext,
  ): Promise<ConnectionOf<JobType>> {
    const filter = { tenantId: tenant.id };
    return connection(
      args,
      (page) => services.jobs.list(filter, page),
      () => services.jobs.count(filter, countedExactly + 1),
      toJobType,
    );
  }
}

function shown(tenant: Tenant | undefined): TenantType | undefined {
  return tenant && toTenantType(tenant);
}
