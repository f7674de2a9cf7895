import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { idOrUnknown, parseGlobalId } from "../global-id.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { IdInput } from "../id.input.ts";
import { payload } from "../payload.ts";
import { PerformanceTestInput, toPerformanceTest } from "./performance-test.input.ts";
import { TestRunComparisonType, toTestRunComparisonType } from "./run-comparison.type.ts";
import { TestRunType, toTestRunType } from "./test-run.type.ts";
import { TestRunPayloadType } from "./test-run-payload.type.ts";

@Resolver(() => TestRunType)
export class PerformanceTestResolver {
  @Query(() => TestRunComparisonType, {
    nullable: true,
    description: "What became better, worse or stayed the same from one run to another; null for an unknown run.",
  })
  async compareTestRuns(
    @Arg("baseId", () => ID, { description: "The run that is held against." }) baseId: string,
    @Arg("headId", () => ID, { description: "The run that is looked at." }) headId: string,
    @Ctx() { services }: GraphqlContext,
  ): Promise<TestRunComparisonType | undefined> {
    const [base, head] = [parseGlobalId("run", baseId), parseGlobalId("run", headId)];
    const comparison = base && head && (await services.comparisons.compare(base, head));
    return comparison && toTestRunComparisonType(comparison);
  }

  @Mutation(() => TestRunPayloadType, {
    description:
      "Puts a few tenants under a bounded load, on tables of the run's own, and tries what speed does not show. One such run at a time.",
  })
  startPerformanceTest(
    @Arg("input", () => PerformanceTestInput, { description: "Which tenants, and how much." })
    input: PerformanceTestInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<TestRunPayloadType> {
    const wish = toPerformanceTest(input);
    return payload(
      async () => ({ testRun: toTestRunType(await services.testRuns.startPerformanceTest(wish, origin)) }),
      {},
    );
  }

  @Mutation(() => TestRunPayloadType, {
    description: "Accepts a run that came to its end as the baseline of its kind: later runs say how they stand to it.",
  })
  setTestBaseline(
    @Arg("input", () => IdInput, { description: "The run." }) input: IdInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<TestRunPayloadType> {
    const id = idOrUnknown("run", input.id);
    return payload(async () => ({ testRun: toTestRunType(await services.comparisons.accept(id, origin)) }), {});
  }

  @FieldResolver(() => TestRunComparisonType, {
    nullable: true,
    description: "How it stands to the baseline of its kind; null without one, before the end, and for the baseline.",
  })
  async comparedToBaseline(
    @Root() { run }: TestRunType,
    @Ctx() { services }: GraphqlContext,
  ): Promise<TestRunComparisonType | undefined> {
    const comparison = await services.comparisons.toBaseline(run);
    return comparison && toTestRunComparisonType(comparison);
  }
}
