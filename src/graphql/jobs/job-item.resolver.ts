import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { GraphqlContext } from "../graphql-context.ts";
import { TenantType } from "../tenants/tenant.type.ts";
import { tenantOf } from "../tenants/tenant-of.ts";
import { JobItemType } from "./job-item.type.ts";

@Resolver(() => JobItemType)
export class JobItemResolver {
  @FieldResolver(() => TenantType, { description: "The tenant." })
  tenant(@Root() { item }: JobItemType, @Ctx() context: GraphqlContext): Promise<TenantType> {
    return tenantOf(item.tenantId, context);
  }
}
