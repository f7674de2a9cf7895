import { Arg, Resolver, Root, type SubscribeResolverData, Subscription } from "type-graphql";
import type { Tenant } from "../../tenants/tenant.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { TenantType, toTenantType } from "./tenant.type.ts";
import { TenantFilterInput, toTenantFilter } from "./tenant-filter.input.ts";

interface TenantChangedArgs {
  readonly filter?: TenantFilterInput | null;
}

@Resolver()
export class TenantChangedResolver {
  @Subscription(() => TenantType, {
    description:
      "Every change of a tenant's registry row that matches: a tenant that matches the filter before or after the change.",
    subscribe: ({ args, context }: SubscribeResolverData<unknown, TenantChangedArgs, GraphqlContext>) =>
      context.services.tenantChanges.subscribe(toTenantFilter(args.filter), context.signal),
  })
  tenantChanged(
    @Root() tenant: Tenant,
    @Arg("filter", () => TenantFilterInput, { nullable: true, description: "Left out: all but DELETED ones." })
    _filter?: TenantFilterInput,
  ): TenantType {
    return toTenantType(tenant);
  }
}
