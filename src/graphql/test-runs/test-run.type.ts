import { Field, ObjectType } from "type-graphql";
import type { JobStatus } from "../../jobs/job.ts";
import type { Rating } from "../../tenants/tenant.ts";
import type { TestKind, TestRun, Verdict } from "../../test-runs/test-run.ts";
import { connectionType } from "../connection.ts";
import { DateTime } from "../date-time.ts";
import { globalId } from "../global-id.ts";
import { JobStatusEnum } from "../jobs/job.enums.ts";
import { ProgressType } from "../jobs/progress.type.ts";
import { NodeType } from "../node.type.ts";
import { RatingEnum } from "../tenants/tenant.enums.ts";
import { TestKindEnum, VerdictEnum } from "./test-run.enums.ts";
import { TestBudgetType, TestCoverageType, TestSummaryType } from "./test-run-figures.type.ts";

@ObjectType("TestRun", {
  description: "One run of a test over many tenants. Its slow side is its job, by whose id it is cancelled.",
  implements: NodeType,
  simpleResolvers: true,
})
export class TestRunType extends NodeType {
  readonly run!: TestRun;

  @Field(() => TestKindEnum, { description: "What it looks at." })
  readonly kind!: TestKind;

  @Field(() => JobStatusEnum, { description: "The status of its job." })
  readonly status!: JobStatus;

  @Field(() => VerdictEnum, {
    nullable: true,
    description:
      "Null until the run has ended. FAIL if any result failed, else INCONCLUSIVE if any is, or the run did not come to its end, else PASS.",
  })
  readonly verdict?: Verdict | undefined;

  @Field(() => RatingEnum, { nullable: true, description: "Judgement of its latency; null until the run has ended." })
  readonly rating?: Rating | undefined;

  @Field(() => ProgressType, { description: "How far it has come." })
  readonly progress!: ProgressType;

  @Field(() => TestCoverageType, { description: "How much of what was meant it has tested." })
  readonly coverage!: TestCoverageType;

  @Field(() => TestBudgetType, { description: "What was asked for, what the limits allow, what was planned." })
  readonly budget!: TestBudgetType;

  @Field(() => TestSummaryType, { description: "The run in figures." })
  readonly summary!: TestSummaryType;

  @Field(() => [String], { description: "What to do about what was seen, most important first." })
  readonly recommendations!: readonly string[];

  @Field(() => DateTime, { description: "When it was entered." })
  readonly createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: "When it was first started." })
  readonly startedAt?: Date | undefined;

  @Field(() => DateTime, { nullable: true, description: "When it ended." })
  readonly finishedAt?: Date | undefined;
}

/** A test run, as the API shows it. */
export function toTestRunType(run: TestRun): TestRunType {
  const { kind, status, verdict, rating, progress, coverage, summary, recommendations } = run;
  const budget = { ...run.budget, explanation: run.budget.explanation ?? [] };
  const { createdAt, startedAt, finishedAt } = run;
  const state = { kind, status, verdict, rating, progress, coverage, budget, summary, recommendations };
  return { id: globalId("run", run.id), run, ...state, createdAt, startedAt, finishedAt };
}

export const TestRunConnectionType = connectionType("TestRun", "test runs", () => TestRunType);
