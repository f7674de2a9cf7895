import { ArgsType, Field } from "type-graphql";
import { ForwardPageArgs } from "../page-args.ts";
import { RepairOutcomeEnum } from "./finding.type.ts";
import { type FindingKind, FindingKindEnum } from "./finding-kind.enum.ts";

@ArgsType()
export class JobFindingsArgs extends ForwardPageArgs {
  @Field(() => [RepairOutcomeEnum], { nullable: true, description: "Any of these." })
  readonly outcomes?: readonly (keyof typeof RepairOutcomeEnum)[] | null;

  @Field(() => [FindingKindEnum], { nullable: true, description: "Any of these." })
  readonly kinds?: readonly FindingKind[] | null;
}
