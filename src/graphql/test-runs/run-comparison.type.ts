import { Field, Float, ObjectType } from "type-graphql";
import type {
  ComparedMetric,
  ComparisonOutcome,
  MetricComparison,
  RunComparison,
} from "../../test-runs/comparison/run-comparison.ts";
import { ComparedMetricEnum, ComparisonOutcomeEnum } from "./test-run.enums.ts";
import { TestRunType, toTestRunType } from "./test-run.type.ts";

@ObjectType("MetricComparison", { description: "One metric of two runs.", simpleResolvers: true })
export class MetricComparisonType implements MetricComparison {
  @Field(() => ComparedMetricEnum, { description: "Which one." })
  readonly metric!: ComparedMetric;

  @Field(() => Float, { description: "In the base run: milliseconds, a share 0..1, or operations per second." })
  readonly base!: number;

  @Field(() => Float, { description: "In the head run." })
  readonly head!: number;

  @Field(() => Float, { description: "Head minus base." })
  readonly change!: number;

  @Field(() => Float, { nullable: true, description: "The change as a share of the base; null where that is 0." })
  readonly relativeChange?: number | undefined;

  @Field(() => ComparisonOutcomeEnum, { description: "SAME unless the change is beyond noise." })
  readonly outcome!: ComparisonOutcome;

  @Field(() => Boolean, {
    description: "Whether the change is greater than what two runs of the same thing differ by.",
  })
  readonly beyondNoise!: boolean;
}

@ObjectType("TestRunComparison", {
  description: "Two ended runs of one kind beside each other.",
  simpleResolvers: true,
})
export class TestRunComparisonType {
  @Field(() => TestRunType, { description: "What is held against." })
  readonly base!: TestRunType;

  @Field(() => TestRunType, { description: "What is looked at." })
  readonly head!: TestRunType;

  @Field(() => ComparisonOutcomeEnum, { description: "WORSE if any metric is, else BETTER if any is, else SAME." })
  readonly outcome!: ComparisonOutcome;

  @Field(() => [MetricComparisonType], { description: "The metrics that both runs have." })
  readonly metrics!: readonly MetricComparisonType[];
}

/** A comparison, as the API shows it. */
export function toTestRunComparisonType({ base, head, outcome, metrics }: RunComparison): TestRunComparisonType {
  return { base: toTestRunType(base), head: toTestRunType(head), outcome, metrics };
}
