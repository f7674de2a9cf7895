import { ArgsType, Field, ID, InputType } from "type-graphql";
import type { FindingKind, RepairOutcome, Severity } from "../../provisioning/finding.ts";
import type { RepairTenants } from "../../provisioning/findings/finding-service.ts";
import type { FindingFilter } from "../../provisioning/findings/finding-store.ts";
import { idOrUnknown } from "../global-id.ts";
import { ForwardPageArgs } from "../page-args.ts";
import { TenantFilterInput, toTenantFilter } from "../tenants/tenant-filter.input.ts";
import { RepairOutcomeEnum, SeverityEnum } from "./finding.type.ts";
import { FindingKindEnum } from "./finding-kind.enum.ts";

@ArgsType()
export class JobFindingsArgs extends ForwardPageArgs {
  @Field(() => [RepairOutcomeEnum], { nullable: true, description: "Any of these." })
  readonly outcomes?: readonly RepairOutcome[] | null;

  @Field(() => [FindingKindEnum], { nullable: true, description: "Any of these." })
  readonly kinds?: readonly FindingKind[] | null;
}

@InputType("FindingFilter", { description: "Which findings are meant; what is left out does not narrow." })
export class FindingFilterInput {
  @Field(() => [FindingKindEnum], { nullable: true, description: "Any of these." })
  readonly kinds?: readonly FindingKind[] | null;

  @Field(() => [SeverityEnum], { nullable: true, description: "Any of these." })
  readonly severities?: readonly Severity[] | null;

  @Field(() => ID, { nullable: true, description: "Of this tenant." })
  readonly tenantId?: string | null;

  @Field(() => ID, { nullable: true, description: "On this server." })
  readonly serverId?: string | null;
}

@ArgsType()
export class FindingsArgs extends ForwardPageArgs {
  @Field(() => FindingFilterInput, { nullable: true, description: "Which findings are meant." })
  readonly filter?: FindingFilterInput | null;
}

@InputType("RepairTenantsInput", { description: "Which tenants are to be repaired, and how far it may go." })
export class RepairTenantsInput {
  @Field(() => TenantFilterInput, { nullable: true, description: "Null or empty: every tenant that is not DELETED." })
  readonly filter?: TenantFilterInput | null;

  @Field(() => Boolean, { nullable: true, description: "Report what would be done, change nothing." })
  readonly dryRun?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Allow repairs after which lost data stays lost, such as re-creating a missing database or table empty.",
  })
  readonly confirmDataLoss?: boolean | null;
}

/** The filter, as the registry understands it. */
export function toFindingFilter(input: FindingFilterInput | null | undefined): FindingFilter {
  return {
    kinds: input?.kinds ?? undefined,
    severities: input?.severities ?? undefined,
    tenantId: typeof input?.tenantId === "string" ? idOrUnknown("tenant", input.tenantId) : undefined,
    serverId: typeof input?.serverId === "string" ? idOrUnknown("server", input.serverId) : undefined,
  };
}

/** The wish, as the service understands it. */
export function toRepairTenants(input: RepairTenantsInput): RepairTenants {
  return {
    filter: toTenantFilter(input.filter),
    dryRun: input.dryRun ?? undefined,
    confirmDataLoss: input.confirmDataLoss ?? undefined,
  };
}
