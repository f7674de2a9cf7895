import {
  Arg,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Resolver,
  Root,
  type SubscribeResolverData,
  Subscription,
} from "type-graphql";
import type { JobEvent } from "../../jobs/job.ts";
import { NotFound } from "../../kit/domain-error.ts";
import { parseGlobalId } from "../global-id.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { type FollowArgs, toSequence } from "../jobs/follow-args.ts";
import { TestResultType, toTestResultType } from "./test-result.type.ts";
import { toTestRunDetail } from "./test-run-detail.ts";
import { TestRunProgressType, toTestRunProgressType } from "./test-run-progress.type.ts";

@Resolver(() => TestRunProgressType)
export class TestRunProgressResolver {
  @Subscription(() => TestRunProgressType, {
    description:
      "Replays the events after `after`, then follows; ends after the final one. A run that has ended already answers at once.",
    subscribe: ({ args, context }: SubscribeResolverData<unknown, FollowArgs, GraphqlContext>) =>
      followRun(args, context),
  })
  testRunProgress(
    @Root() event: JobEvent,
    @Arg("id", () => ID, { description: "The run." }) _id: string,
    @Arg("after", () => Int, { nullable: true, description: "Sequence of the last event already seen." })
    _after?: number,
  ): TestRunProgressType {
    return toTestRunProgressType(event, toTestRunDetail(event.detail));
  }

  @FieldResolver(() => [TestResultType], { description: "Results that came since the last event, at most 20." })
  async latest(
    @Root() { event, detail }: TestRunProgressType,
    @Ctx() { services }: GraphqlContext,
  ): Promise<TestResultType[]> {
    if (detail.latest.length === 0) return [];
    return (await services.testRuns.resultsOf(event.jobId, detail.latest)).map(toTestResultType);
  }
}

function followRun(args: FollowArgs, { services, signal }: GraphqlContext): AsyncIterable<JobEvent> {
  const after = toSequence(args.after);
  const id = parseGlobalId("run", args.id);
  return openedFirst(async () => {
    // A job that is no test run has events too, but not these.
    if (id === undefined || !(await services.testRuns.find(id))) throw new NotFound("There is no such test run.");
    return services.jobEvents.follow(id, after, signal)[Symbol.asyncIterator]();
  });
}

/** Opens the events with the first one asked for, so that a refusal ends the operation just as it does for a job's progress. */
function openedFirst<T>(open: () => Promise<AsyncIterator<T>>): AsyncIterableIterator<T> {
  let events: Promise<AsyncIterator<T>> | undefined;
  return {
    next: async () => {
      events ??= open();
      return (await events).next();
    },
    return: async () => {
      // Whoever asked for the first event was told of a refusal; who leaves meanwhile has nothing to close.
      const opened = await events?.catch(() => undefined);
      return (await opened?.return?.()) ?? { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
