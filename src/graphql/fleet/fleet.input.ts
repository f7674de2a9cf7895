import { Field, Float, InputType, Int } from "type-graphql";
import type { MigrateTenants } from "../../tenants/fleet-wish.ts";
import { TenantFilterInput, toTenantFilter } from "../tenants/tenant-filter.input.ts";

@InputType("FleetInput", { description: "Which tenants are meant." })
export class FleetInput {
  @Field(() => TenantFilterInput, {
    nullable: true,
    description: "Null or empty: every tenant that is not DELETED.",
  })
  readonly filter?: TenantFilterInput | null;
}

@InputType("MigrateTenantsInput", { description: "Which tenants are brought to the newest migration, and how boldly." })
export class MigrateTenantsInput {
  @Field(() => TenantFilterInput, { nullable: true, description: "Null or empty: every ACTIVE or SUSPENDED tenant." })
  readonly filter?: TenantFilterInput | null;

  @Field(() => Int, { nullable: true, description: "Tenants at once on one server: 1..32, default 4." })
  readonly maxParallel?: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      "Stop when this share of finished tenants has failed (0..1), counted from the fifth on; 0 stops at the first failure. In any case two failures among the first five stop it.",
  })
  readonly haltOnFailureRate?: number | null;
}

/** The wish, as the service understands it. */
export function toMigrateTenants(input: MigrateTenantsInput): MigrateTenants {
  return {
    filter: toTenantFilter(input.filter),
    maxParallel: input.maxParallel ?? undefined,
    haltOnFailureRate: input.haltOnFailureRate ?? undefined,
  };
}
