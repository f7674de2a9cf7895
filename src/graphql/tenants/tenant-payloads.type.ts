import { Field, ObjectType } from "type-graphql";
import { JobType } from "../jobs/job.type.ts";
import { UserErrorType } from "../user-error.type.ts";
import { ConnectionConfigType } from "./connection-config.type.ts";
import { DomainType } from "./domain.type.ts";
import { TenantType } from "./tenant.type.ts";

const whyRefused = "Empty when it was done.";

@ObjectType("TenantPayload", {
  description: "The tenant and the job at work on it, or why it was refused.",
  simpleResolvers: true,
})
export class TenantPayloadType {
  @Field(() => TenantType, { nullable: true, description: "Null when refused." })
  readonly tenant?: TenantType | undefined;

  @Field(() => JobType, { nullable: true, description: "Null when refused, or when nothing slow is left to do." })
  readonly job?: JobType | undefined;

  @Field(() => [UserErrorType], { description: whyRefused })
  readonly userErrors!: readonly UserErrorType[];
}

@ObjectType("TenantsPayload", {
  description: "The tenants and the job at work on them, or why they were refused.",
  simpleResolvers: true,
})
export class TenantsPayloadType {
  @Field(() => [TenantType], { description: "In the order of the input; empty when refused." })
  readonly tenants!: readonly TenantType[];

  @Field(() => JobType, { nullable: true, description: "Null when refused." })
  readonly job?: JobType | undefined;

  @Field(() => [UserErrorType], { description: whyRefused })
  readonly userErrors!: readonly UserErrorType[];
}

@ObjectType("DomainPayload", {
  description: "The domain and its tenant, or why it was refused.",
  simpleResolvers: true,
})
export class DomainPayloadType {
  @Field(() => DomainType, { nullable: true, description: "Null when refused." })
  readonly domain?: DomainType | undefined;

  @Field(() => TenantType, { nullable: true, description: "Null when refused." })
  readonly tenant?: TenantType | undefined;

  @Field(() => [UserErrorType], { description: whyRefused })
  readonly userErrors!: readonly UserErrorType[];
}

@ObjectType("ConnectionConfigPayload", { description: "The connection, or why it was refused.", simpleResolvers: true })
export class ConnectionConfigPayloadType {
  @Field(() => ConnectionConfigType, { nullable: true, description: "Null when refused." })
  readonly connection?: ConnectionConfigType | undefined;

  @Field(() => [UserErrorType], { description: whyRefused })
  readonly userErrors!: readonly UserErrorType[];
}
