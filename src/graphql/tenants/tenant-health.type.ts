import { Field, Float, ObjectType } from "type-graphql";
import type { Rating } from "../../tenants/tenant.ts";
import { DateTime } from "../date-time.ts";
import { RatingEnum } from "./tenant.enums.ts";

@ObjectType("TenantHealth", { description: "What the last connection check of a tenant saw.", simpleResolvers: true })
export class TenantHealthType {
  @Field(() => Boolean, { description: "Whether the tenant's account could log in and read its own database." })
  readonly reachable!: boolean;

  @Field(() => Float, { nullable: true, description: "Milliseconds: connect plus first query." })
  readonly latencyMs?: number | undefined;

  @Field(() => RatingEnum, { nullable: true, description: "Judgement of the latency." })
  readonly rating?: Rating | undefined;

  @Field(() => String, { nullable: true, description: "Why it was not reachable, machine-readable." })
  readonly errorCode?: string | undefined;

  @Field(() => DateTime, { description: "When it was looked at." })
  readonly checkedAt!: Date;
}
