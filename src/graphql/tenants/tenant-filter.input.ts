import { ArgsType, Field, ID, InputType } from "type-graphql";
import type { Label, TenantStatus } from "../../tenants/tenant.ts";
import type { TenantFilter, TenantOrder } from "../../tenants/tenant-store.ts";
import { idOrUnknown } from "../global-id.ts";
import { PageArgs } from "../page-args.ts";
import { OrderDirectionEnum, TenantOrderFieldEnum, TenantStatusEnum } from "./tenant.enums.ts";

@InputType("LabelInput", { description: "A key and a value that tenants can be found by." })
export class LabelInput implements Label {
  @Field(() => String, { description: "Unique within the tenant." })
  readonly key!: string;

  @Field(() => String, { description: "Free text." })
  readonly value!: string;
}

@InputType("TenantFilter", { description: "Which tenants are meant; what is left out does not narrow." })
export class TenantFilterInput {
  @Field(() => [ID], { nullable: true, description: "Any of these." })
  readonly ids?: readonly string[] | null;

  @Field(() => [String], { nullable: true, description: "Any of these." })
  readonly slugs?: readonly string[] | null;

  @Field(() => [TenantStatusEnum], { nullable: true, description: "Any of these; left out: all but DELETED." })
  readonly statuses?: readonly TenantStatus[] | null;

  @Field(() => ID, { nullable: true, description: "On this server." })
  readonly serverId?: string | null;

  @Field(() => [String], { nullable: true, description: "Any of these." })
  readonly schemaVersions?: readonly string[] | null;

  @Field(() => [LabelInput], { nullable: true, description: "All of these." })
  readonly labels?: readonly LabelInput[] | null;

  @Field(() => String, { nullable: true, description: "Prefix of slug, name or hostname." })
  readonly search?: string | null;
}

@InputType("TenantOrder", { description: "How a list of tenants is ordered." })
export class TenantOrderInput implements TenantOrder {
  @Field(() => TenantOrderFieldEnum, { description: "By what." })
  readonly field!: TenantOrder["field"];

  @Field(() => OrderDirectionEnum, { description: "From which end." })
  readonly direction!: TenantOrder["direction"];
}

@ArgsType()
export class TenantsArgs extends PageArgs {
  @Field(() => TenantFilterInput, { nullable: true, description: "Which tenants are meant." })
  readonly filter?: TenantFilterInput | null;

  @Field(() => TenantOrderInput, { nullable: true, description: "Left out: newest first." })
  readonly orderBy?: TenantOrderInput | null;
}

/** The filter, as the registry understands it. */
export function toTenantFilter(input: TenantFilterInput | null | undefined): TenantFilter {
  return {
    ids: input?.ids?.map((id) => idOrUnknown("tenant", id)),
    slugs: input?.slugs ?? undefined,
    statuses: input?.statuses ?? undefined,
    serverId: typeof input?.serverId === "string" ? idOrUnknown("server", input.serverId) : undefined,
    schemaVersions: input?.schemaVersions ?? undefined,
    labels: input?.labels?.map(toLabel),
    search: input?.search ?? undefined,
  };
}

/** A label without what the transport adds to it. */
export function toLabel({ key, value }: LabelInput): Label {
  return { key, value };
}
