import { Arg, ID, Int, Resolver, Root, type SubscribeResolverData, Subscription } from "type-graphql";
import type { JobEvent } from "../../jobs/job.ts";
import { idOrUnknown } from "../global-id.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { type FollowArgs, toSequence } from "./follow-args.ts";
import { JobEventType, toJobEventType } from "./job-event.type.ts";

@Resolver()
export class JobProgressResolver {
  @Subscription(() => JobEventType, {
    description:
      "Replays the events after `after`, then follows; ends after the final one. A job that has ended already answers at once.",
    subscribe: ({ args, context }: SubscribeResolverData<unknown, FollowArgs, GraphqlContext>) =>
      followJob(args, context),
  })
  jobProgress(
    @Root() event: JobEvent,
    @Arg("id", () => ID, { description: "The job." }) _id: string,
    @Arg("after", () => Int, { nullable: true, description: "Sequence of the last event already seen." })
    _after?: number,
  ): JobEventType {
    return toJobEventType(event);
  }
}

function followJob(args: FollowArgs, { services, signal }: GraphqlContext): AsyncIterable<JobEvent> {
  const after = toSequence(args.after);
  return services.jobEvents.follow(idOrUnknown("job", args.id), after, signal);
}
