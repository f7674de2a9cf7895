import type { TenantId } from "../../kit/ids.ts";
import { DanglingReference } from "../dangling-reference.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { type TenantType, toTenantType } from "./tenant.type.ts";

/** The tenant that a row refers to; rows of tenants are never removed. @throws DanglingReference */
export async function tenantOf(id: TenantId, { loaders }: GraphqlContext): Promise<TenantType> {
  const tenant = await loaders.tenant.load(id);
  if (!tenant) throw new DanglingReference("tenant", id);
  return toTenantType(tenant);
}
