import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { idOrUnknown, parseGlobalId } from "../global-id.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { IdInput } from "../id.input.ts";
import { JobType, toJobType } from "../jobs/job.type.ts";
import { payload } from "../payload.ts";
import { toUpsertSchedule, UpsertScheduleInput } from "./schedule.input.ts";
import { SchedulePayloadType, ScheduleType, toScheduleType } from "./schedule.type.ts";

@Resolver(() => ScheduleType)
export class ScheduleResolver {
  @Query(() => [ScheduleType], { description: "Every schedule, in order of name; there are a hundred at most." })
  async schedules(@Ctx() { services }: GraphqlContext): Promise<ScheduleType[]> {
    return (await services.schedules.list()).map(toScheduleType);
  }

  @Query(() => ScheduleType, { nullable: true, description: "A schedule, or null." })
  async schedule(
    @Arg("id", () => ID, { description: "Its id." }) id: string,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<ScheduleType | undefined> {
    const scheduleId = parseGlobalId("schedule", id);
    const schedule = scheduleId && (await loaders.schedule.load(scheduleId));
    return schedule && toScheduleType(schedule);
  }

  @Mutation(() => SchedulePayloadType, {
    description:
      "Enters a schedule, or changes one as a whole. A run that falls due while the one before it is under way is left out; so is one that fell due more than five minutes ago, when the service was not running.",
  })
  upsertSchedule(
    @Arg("input", () => UpsertScheduleInput, { description: "What it is to be." }) input: UpsertScheduleInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<SchedulePayloadType> {
    return payload(
      async () => ({ schedule: toScheduleType(await services.schedules.upsert(toUpsertSchedule(input), origin)) }),
      {},
    );
  }

  @Mutation(() => SchedulePayloadType, { description: "Removes a schedule; what it has started goes on." })
  deleteSchedule(
    @Arg("input", () => IdInput, { description: "Which one." }) { id }: IdInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<SchedulePayloadType> {
    return payload(
      async () => ({
        schedule: toScheduleType(await services.schedules.remove(idOrUnknown("schedule", id), origin)),
      }),
      {},
    );
  }

  @FieldResolver(() => JobType, {
    nullable: true,
    description: "The job that it started last; null before, and when the registry has forgotten it.",
  })
  async lastJob(@Root() { schedule }: ScheduleType, @Ctx() { loaders }: GraphqlContext): Promise<JobType | undefined> {
    const job = schedule.lastJobId && (await loaders.job.load(schedule.lastJobId));
    return job && toJobType(job);
  }
}
