import { Field, Int, ObjectType } from "type-graphql";
import type { Tenant, TenantStatus } from "../../tenants/tenant.ts";
import { connectionType } from "../connection.ts";
import { DateTime } from "../date-time.ts";
import { globalId } from "../global-id.ts";
import { NodeType } from "../node.type.ts";
import { TenantStatusEnum } from "./tenant.enums.ts";

@ObjectType("Tenant", {
  description: "A customer and the one database that holds its data.",
  implements: NodeType,
  simpleResolvers: true,
})
export class TenantType extends NodeType {
  readonly tenant!: Tenant;

  @Field(() => String, {
    description:
      "Lower-case letters, digits and single inner hyphens; 2..63 characters; unique among tenants that are not DELETED.",
  })
  readonly slug!: string;

  @Field(() => String, { description: "What people call it." })
  readonly name!: string;

  @Field(() => TenantStatusEnum, { description: "Where it stands in its life." })
  readonly status!: TenantStatus;

  @Field(() => String, {
    nullable: true,
    description:
      "Why the tenant is FAILED or what its last failed job said; machine-readable code first, then a sentence.",
  })
  readonly statusReason?: string | undefined;

  @Field(() => String, { description: "Generated; never derived from the slug, never used twice." })
  readonly databaseName!: string;

  @Field(() => String, {
    nullable: true,
    description: "Tag of the newest tenant migration applied, e.g. 0003_add_invoices; null before the first.",
  })
  readonly schemaVersion?: string | undefined;

  @Field(() => DateTime, { nullable: true, description: "When it was last validated." })
  readonly validatedAt?: Date | undefined;

  @Field(() => Int, { description: "Grows with each change of the registry row." })
  readonly generation!: number;

  @Field(() => DateTime, { description: "When it was entered." })
  readonly createdAt!: Date;

  @Field(() => DateTime, { description: "When its registry row last changed." })
  readonly updatedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: "When its deletion was completed." })
  readonly deletedAt?: Date | undefined;
}

/** A tenant, as the API shows it. */
export function toTenantType(tenant: Tenant): TenantType {
  const { slug, name, status, statusReason, databaseName, schemaVersion, validatedAt, generation } = tenant;
  const { createdAt, updatedAt, deletedAt } = tenant;
  const state = { slug, name, status, statusReason, databaseName, schemaVersion, validatedAt, generation };
  return { id: globalId("tenant", tenant.id), tenant, ...state, createdAt, updatedAt, deletedAt };
}

export const TenantConnectionType = connectionType("Tenant", "tenants", () => TenantType);
