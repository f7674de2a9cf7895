import { Field, ObjectType } from "type-graphql";
import { connectionType } from "../connection.ts";
import { graphqlEnum } from "../graphql-enum.ts";
import { DatabaseServerType } from "../servers/database-server.type.ts";
import { TenantType } from "../tenants/tenant.type.ts";
import { type FindingKind, FindingKindEnum } from "./finding-kind.enum.ts";

type Severity = "INFO" | "WARNING" | "CRITICAL";
type RepairOutcome = "REPORTED" | "PLANNED" | "REPAIRED" | "NEEDS_CONFIRMATION" | "FAILED" | "SKIPPED";

const SeverityEnum = graphqlEnum<Severity>("Severity", "How much a finding matters.", {
  INFO: "Good to know.",
  WARNING: "Should be looked at.",
  CRITICAL: "Data or isolation is at stake, or a tenant cannot work.",
});

export const RepairOutcomeEnum = graphqlEnum<RepairOutcome>(
  "RepairOutcome",
  "What repair does, or did, about a finding.",
  {
    REPORTED: "Nothing: it is only said.",
    PLANNED: "It would be repaired; this was a dry run.",
    REPAIRED: "It was put right.",
    NEEDS_CONFIRMATION: "Lost data would stay lost: only with confirmDataLoss.",
    FAILED: "The repair did not succeed.",
    SKIPPED: "It was left out.",
  },
);

@ObjectType("Finding", { description: "One difference between what must be and what is.", simpleResolvers: true })
export class FindingType {
  @Field(() => FindingKindEnum, { description: "What differs." })
  readonly kind!: FindingKind;

  @Field(() => SeverityEnum, { description: "How much it matters." })
  readonly severity!: Severity;

  @Field(() => TenantType, { nullable: true, description: "Null for orphans and server-wide findings." })
  readonly tenant?: TenantType | undefined;

  @Field(() => DatabaseServerType, { description: "Where it was seen." })
  readonly server!: DatabaseServerType;

  @Field(() => String, { description: "The database, account, table, table.column … meant." })
  readonly object!: string;

  @Field(() => String, { description: "A sentence for people." })
  readonly message!: string;

  @Field(() => String, { nullable: true, description: "What must be." })
  readonly expected?: string | undefined;

  @Field(() => String, { nullable: true, description: "What is." })
  readonly actual?: string | undefined;

  @Field(() => RepairOutcomeEnum, { description: "What became of it." })
  readonly outcome!: RepairOutcome;
}

export const FindingConnectionType = connectionType("Finding", "findings", () => FindingType);
