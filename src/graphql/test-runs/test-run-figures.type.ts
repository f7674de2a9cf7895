import { Field, Float, Int, ObjectType } from "type-graphql";
import { LatencyStatsType } from "./latency-stats.type.ts";

@ObjectType("TestCoverage", { description: "How much of what was meant a run has tested.", simpleResolvers: true })
export class TestCoverageType {
  @Field(() => Int, { description: "Tenants that the run was meant for." })
  readonly tenantsInScope!: number;

  @Field(() => Int, { description: "Tenants that it has tested." })
  readonly tenantsTested!: number;
}

@ObjectType("TestBudget", {
  description: "What was asked for, what the limits allow, what was planned.",
  simpleResolvers: true,
})
export class TestBudgetType {
  @Field(() => Int, { description: "Operations that were asked for." })
  readonly requestedOperations!: number;

  @Field(() => Int, { description: "Operations that the limits allow." })
  readonly maxOperations!: number;

  @Field(() => Int, { description: "Operations that the run will do." })
  readonly plannedOperations!: number;

  @Field(() => Int, { description: "Tenants, or users, at work at once." })
  readonly maxConcurrency!: number;

  @Field(() => [String], {
    description: "What made the plan smaller: MAX_OPERATIONS MAX_USERS MAX_TENANTS CONNECTIONS GOVERNOR DURATION.",
  })
  readonly limitedBy!: readonly string[];

  @Field(() => [String], {
    description: "Sentences: which tenants a performance test takes and why, and what became of its plan.",
  })
  readonly explanation!: readonly string[];
}

@ObjectType("TestSummary", { description: "A run in figures, so far.", simpleResolvers: true })
export class TestSummaryType {
  @Field(() => Int, { description: "Tenants that passed." })
  readonly passed!: number;

  @Field(() => Int, { description: "Tenants that failed." })
  readonly failed!: number;

  @Field(() => Int, { description: "Tenants of which nothing could be found out." })
  readonly inconclusive!: number;

  @Field(() => Float, { description: "0..1, of operations for a performance test, of tenants otherwise." })
  readonly successRate!: number;

  @Field(() => Int, { description: "Operations done." })
  readonly operations!: number;

  @Field(() => Float, { nullable: true, description: "Operations per second." })
  readonly operationsPerSecond?: number | undefined;

  @Field(() => Int, { description: "Operations that failed." })
  readonly errors!: number;

  @Field(() => LatencyStatsType, { nullable: true, description: "How long operations took; null before the first." })
  readonly latency?: LatencyStatsType | undefined;
}
