import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { type ConnectionOf, connection, countedExactly } from "../connection.ts";
import { DanglingReference } from "../dangling-reference.ts";
import { parseGlobalId } from "../global-id.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { JobType, toJobType } from "../jobs/job.type.ts";
import { payload } from "../payload.ts";
import { TestResultConnectionType, TestResultType, toTestResultType } from "./test-result.type.ts";
import {
  ConnectionTestInput,
  IsolationTestInput,
  TestResultsArgs,
  TestRunsArgs,
  toConnectionTest,
  toIsolationTest,
  toTestRunFilter,
} from "./test-run.input.ts";
import { TestRunConnectionType, TestRunType, toTestRunType } from "./test-run.type.ts";
import { TestRunPayloadType } from "./test-run-payload.type.ts";

@Resolver(() => TestRunType)
export class TestRunResolver {
  @Query(() => TestRunType, { nullable: true, description: "A test run, or null." })
  async testRun(
    @Arg("id", () => ID, { description: "Its id." }) id: string,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<TestRunType | undefined> {
    const runId = parseGlobalId("run", id);
    const run = runId && (await loaders.testRun.load(runId));
    return run && toTestRunType(run);
  }

  @Query(() => TestRunConnectionType, { description: "Test runs, newest first." })
  testRuns(
    @Args(() => TestRunsArgs) args: TestRunsArgs,
    @Ctx() { services }: GraphqlContext,
  ): Promise<ConnectionOf<TestRunType>> {
    const filter = toTestRunFilter(args.filter);
    return connection(
      args,
      (page) => services.testRuns.list(filter, page),
      () => services.testRuns.count(filter, countedExactly + 1),
      toTestRunType,
    );
  }

  @Mutation(() => TestRunPayloadType, {
    description: "Logs in to every tenant's database as the tenant, and says who could and how quickly.",
  })
  startConnectionTest(
    @Arg("input", () => ConnectionTestInput, { description: "Which tenants, and how." }) input: ConnectionTestInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<TestRunPayloadType> {
    const wish = toConnectionTest(input);
    return payload(
      async () => ({ testRun: toTestRunType(await services.testRuns.startConnectionTest(wish, origin)) }),
      {},
    );
  }

  @Mutation(() => TestRunPayloadType, {
    description:
      "Tries with every tenant's own credentials to reach other tenants, by every route that a server offers, on rows that the run plants and removes.",
  })
  startIsolationTest(
    @Arg("input", () => IsolationTestInput, { description: "Which tenants, and how." }) input: IsolationTestInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<TestRunPayloadType> {
    const wish = toIsolationTest(input);
    return payload(
      async () => ({ testRun: toTestRunType(await services.testRuns.startIsolationTest(wish, origin)) }),
      {},
    );
  }

  @FieldResolver(() => JobType, { description: "Its slow side." })
  async job(@Root() { run }: TestRunType, @Ctx() { loaders }: GraphqlContext): Promise<JobType> {
    const job = await loaders.job.load(run.id);
    if (!job) throw new DanglingReference("job", run.id);
    return toJobType(job);
  }

  @FieldResolver(() => TestResultConnectionType, { description: "What it says of each tenant, in the order it came." })
  results(
    @Root() { run }: TestRunType,
    @Args(() => TestResultsArgs) args: TestResultsArgs,
    @Ctx() { services }: GraphqlContext,
  ): Promise<ConnectionOf<TestResultType>> {
    const verdicts = args.verdicts ?? undefined;
    return connection(
      args,
      (page) => services.testRuns.results(run.id, verdicts, page),
      () => services.testRuns.countResults(run.id, verdicts),
      toTestResultType,
    );
  }

  @FieldResolver(() => TestResultType, {
    nullable: true,
    description: "What it says of one tenant; null when it has not tested it.",
  })
  async resultOf(
    @Root() { run }: TestRunType,
    @Arg("tenantId", () => ID, { description: "The tenant." }) tenantId: string,
    @Ctx() { services }: GraphqlContext,
  ): Promise<TestResultType | undefined> {
    const id = parseGlobalId("tenant", tenantId);
    const [result] = id ? await services.testRuns.resultsOf(run.id, [id]) : [];
    return result && toTestResultType(result);
  }
}
