import { Field, Int, ObjectType } from "type-graphql";
import type { TenantStatus } from "../../tenants/tenant.ts";
import { TenantStatusEnum } from "../tenants/tenant.enums.ts";

@ObjectType("TenantStatusCount", { description: "How many tenants have a status.", simpleResolvers: true })
export class TenantStatusCountType {
  @Field(() => TenantStatusEnum, { description: "The status." })
  readonly status!: TenantStatus;

  @Field(() => Int, { description: "How many have it." })
  readonly count!: number;
}

@ObjectType("SchemaVersionCount", {
  description: "How many ACTIVE and SUSPENDED tenants are at a schema version.",
  simpleResolvers: true,
})
export class SchemaVersionCountType {
  @Field(() => String, { nullable: true, description: "Null: no migration applied yet." })
  readonly version?: string | undefined;

  @Field(() => Int, { description: "How many are at it." })
  readonly tenants!: number;
}

@ObjectType("Fleet", { description: "All tenants and servers in figures.", simpleResolvers: true })
export class FleetType {
  @Field(() => String, { nullable: true, description: "Tag of the newest tenant migration; null: there is none." })
  readonly latestSchemaVersion?: string | undefined;
}
