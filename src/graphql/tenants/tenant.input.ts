import { Field, ID, InputType, Int } from "type-graphql";
import type { CreateTenant, CreateTenants, CreateTestTenants } from "../../tenants/tenant-input.ts";
import type { TenantUpdate } from "../../tenants/tenant-store.ts";
import { idOrUnknown } from "../global-id.ts";
import { LabelInput, toLabel } from "./tenant-filter.input.ts";

const aboutIdempotency = "Same key and same input: the same answer again.";

@InputType("CreateTenantInput", { description: "A tenant to be entered." })
export class CreateTenantInput {
  @Field(() => String, { description: "Lower-case letters, digits and single inner hyphens; 2..63 characters." })
  readonly slug!: string;

  @Field(() => String, { description: "What people call it: 1..200 characters." })
  readonly name!: string;

  @Field(() => [String], { nullable: true, description: "Host names; the first is the primary one." })
  readonly domains?: readonly string[] | null;

  @Field(() => [LabelInput], { nullable: true, description: "Labels to find it by." })
  readonly labels?: readonly LabelInput[] | null;

  @Field(() => ID, { nullable: true, description: "The server that is to hold it; left out: the service chooses." })
  readonly serverId?: string | null;

  @Field(() => Boolean, { nullable: true, description: "Run the tenant seed after the migrations." })
  readonly seed?: boolean | null;

  @Field(() => String, { nullable: true, description: aboutIdempotency })
  readonly idempotencyKey?: string | null;
}

@InputType("CreateTenantsInput", {
  description:
    "1..1000 tenants, all or none entered; one job provisions them. The entries' own idempotencyKey must be absent.",
})
export class CreateTenantsInput {
  @Field(() => [CreateTenantInput], { description: "1..1000 tenants." })
  readonly tenants!: readonly CreateTenantInput[];

  @Field(() => String, { nullable: true, description: aboutIdempotency })
  readonly idempotencyKey?: string | null;
}

@InputType("CreateTestTenantsInput", { description: "Throw-away tenants. They carry the label test=true." })
export class CreateTestTenantsInput {
  @Field(() => Int, { description: "1..1000." })
  readonly count!: number;

  @Field(() => String, { nullable: true, description: "What their slugs begin with; left out: test." })
  readonly slugPrefix?: string | null;

  @Field(() => Boolean, { nullable: true, description: "Run the tenant seed after the migrations." })
  readonly seed?: boolean | null;

  @Field(() => String, { nullable: true, description: aboutIdempotency })
  readonly idempotencyKey?: string | null;
}

@InputType("UpdateTenantInput", { description: "What is to change of a tenant; what is left out stays." })
export class UpdateTenantInput {
  @Field(() => ID, { description: "The tenant." })
  readonly id!: string;

  @Field(() => String, { nullable: true, description: "Its new name." })
  readonly name?: string | null;

  @Field(() => String, { nullable: true, description: "Its new slug." })
  readonly slug?: string | null;

  @Field(() => [LabelInput], { nullable: true, description: "Replaces all labels." })
  readonly labels?: readonly LabelInput[] | null;

  @Field(() => Int, {
    nullable: true,
    description: "Refuse with STALE_GENERATION unless the tenant has this generation.",
  })
  readonly expectedGeneration?: number | null;
}

@InputType("AddTenantDomainInput", { description: "A host name to be added to a tenant." })
export class AddTenantDomainInput {
  @Field(() => ID, { description: "The tenant." })
  readonly tenantId!: string;

  @Field(() => String, { description: "The host name; IDN becomes punycode." })
  readonly hostname!: string;

  @Field(() => Boolean, { nullable: true, description: "Make it the primary domain." })
  readonly primary?: boolean | null;
}

@InputType("RemoveTenantDomainInput", { description: "A host name to be taken from a tenant." })
export class RemoveTenantDomainInput {
  @Field(() => ID, { description: "The tenant." })
  readonly tenantId!: string;

  @Field(() => String, { description: "The host name." })
  readonly hostname!: string;
}

@InputType("RevealTenantConnectionInput", { description: "Whose connection is to be shown, and why." })
export class RevealTenantConnectionInput {
  @Field(() => ID, { description: "The tenant." })
  readonly id!: string;

  @Field(() => String, { nullable: true, description: "Goes to the audit log." })
  readonly reason?: string | null;
}

/** The wish, as the service understands it. */
export function toCreateTenant(input: CreateTenantInput): CreateTenant {
  return {
    slug: input.slug,
    name: input.name,
    domains: input.domains ?? undefined,
    labels: input.labels?.map(toLabel),
    serverId: typeof input.serverId === "string" ? idOrUnknown("server", input.serverId) : undefined,
    seed: input.seed ?? undefined,
    idempotencyKey: input.idempotencyKey ?? undefined,
  };
}

/** The wish, as the service understands it. */
export function toCreateTenants(input: CreateTenantsInput): CreateTenants {
  return { tenants: input.tenants.map(toCreateTenant), idempotencyKey: input.idempotencyKey ?? undefined };
}

/** The wish, as the service understands it. */
export function toCreateTestTenants(input: CreateTestTenantsInput): CreateTestTenants {
  return {
    count: input.count,
    slugPrefix: input.slugPrefix ?? undefined,
    seed: input.seed ?? undefined,
    idempotencyKey: input.idempotencyKey ?? undefined,
  };
}

/** The wish, as the service understands it. */
export function toTenantUpdate(input: UpdateTenantInput): TenantUpdate {
  return {
    id: idOrUnknown("tenant", input.id),
    name: input.name ?? undefined,
    slug: input.slug ?? undefined,
    labels: input.labels?.map(toLabel),
    expectedGeneration: input.expectedGeneration ?? undefined,
  };
}
