import { Field, ObjectType } from "type-graphql";
import type { FindingKind, RepairOutcome, Severity } from "../../provisioning/finding.ts";
import type { RecordedFinding } from "../../provisioning/findings/finding-store.ts";
import { connectionType } from "../connection.ts";
import { DateTime } from "../date-time.ts";
import { graphqlEnum } from "../graphql-enum.ts";
import { FindingKindEnum } from "./finding-kind.enum.ts";

export const SeverityEnum = graphqlEnum<Severity>("Severity", "How much a finding matters.", {
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
  readonly finding!: RecordedFinding;

  @Field(() => FindingKindEnum, { description: "What differs." })
  readonly kind!: FindingKind;

  @Field(() => SeverityEnum, { description: "How much it matters." })
  readonly severity!: Severity;

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

  @Field(() => DateTime, { description: "When it was written down." })
  readonly observedAt!: Date;
}

/** A finding, as the API shows it. */
export function toFindingType(finding: RecordedFinding): FindingType {
  const { kind, severity, object, message, expected, actual, outcome, observedAt } = finding;
  return { finding, kind, severity, object, message, expected, actual, outcome, observedAt };
}

export const FindingConnectionType = connectionType("Finding", "findings", () => FindingType);
