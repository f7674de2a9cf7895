import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { GraphqlContext } from "../graphql-context.ts";
import { DomainType } from "./domain.type.ts";
import { TenantType } from "./tenant.type.ts";
import { tenantOf } from "./tenant-of.ts";

@Resolver(() => DomainType)
export class DomainResolver {
  @FieldResolver(() => TenantType, { description: "The tenant that it leads to." })
  tenant(@Root() { domain }: DomainType, @Ctx() context: GraphqlContext): Promise<TenantType> {
    return tenantOf(domain.tenantId, context);
  }
}
