import { Field, Int, ObjectType } from "type-graphql";
import type { Schedule } from "../../schedules/schedule.ts";
import type { ScheduledRun, ScheduleKind } from "../../schedules/scheduled-run.ts";
import { DateTime } from "../date-time.ts";
import { globalId } from "../global-id.ts";
import { graphqlEnum } from "../graphql-enum.ts";
import { NodeType } from "../node.type.ts";
import { UserErrorType } from "../user-error.type.ts";

const ScheduleKindEnum = graphqlEnum<ScheduleKind>("ScheduleKind", "What a schedule runs.", {
  CONNECTION: "A connection test.",
  ISOLATION: "An isolation test.",
  PERFORMANCE: "A performance test.",
  VALIDATION: "A validation of tenants.",
});

@ObjectType("Schedule", {
  description: "A test or a validation that is started again and again.",
  implements: NodeType,
  simpleResolvers: true,
})
export class ScheduleType extends NodeType {
  readonly schedule!: Schedule;

  @Field(() => String, { description: "Unique among schedules." })
  readonly name!: string;

  @Field(() => ScheduleKindEnum, { description: "What it runs." })
  readonly kind!: ScheduleKind;

  @Field(() => String, { description: "With what: the input of its kind, as JSON." })
  readonly options!: string;

  @Field(() => String, { description: "Minute, hour, day of month, month, day of week." })
  readonly cron!: string;

  @Field(() => String, { description: "In which the expression is meant, e.g. Europe/Berlin." })
  readonly timeZone!: string;

  @Field(() => Boolean, { description: "Whether it falls due." })
  readonly enabled!: boolean;

  @Field(() => DateTime, { nullable: true, description: "When it falls due next; null while it is not enabled." })
  readonly nextRunAt?: Date | undefined;

  @Field(() => DateTime, { nullable: true, description: "When the last run that was started fell due." })
  readonly lastRunAt?: Date | undefined;

  @Field(() => DateTime, { nullable: true, description: "When the last run that did not come about fell due." })
  readonly lastMissedAt?: Date | undefined;

  @Field(() => String, {
    nullable: true,
    description:
      "Why it did not: a code, then a sentence. NOT_RUNNING, OVERLAPPED, INTERRUPTED, or the code that the start was refused with.",
  })
  readonly lastMissedReason?: string | undefined;

  @Field(() => Int, { description: "Runs that did not come about." })
  readonly missedTotal!: number;

  @Field(() => DateTime, { description: "When it was entered." })
  readonly createdAt!: Date;

  @Field(() => DateTime, { description: "When it was last changed by somebody." })
  readonly updatedAt!: Date;
}

@ObjectType("SchedulePayload", { description: "The schedule, or why it was refused.", simpleResolvers: true })
export class SchedulePayloadType {
  @Field(() => ScheduleType, { nullable: true, description: "Null when refused. A deleted one: as it was." })
  readonly schedule?: ScheduleType | undefined;

  @Field(() => [UserErrorType], { description: "Empty when it was done." })
  readonly userErrors!: readonly UserErrorType[];
}

/** A schedule, as the API shows it. */
export function toScheduleType(schedule: Schedule): ScheduleType {
  const { id, run, ...rest } = schedule;
  const shown = { id: globalId("schedule", id), kind: run.kind, options: JSON.stringify(optionsOf(run)) };
  return { ...rest, ...shown, schedule };
}

/** With the API's ids, so that they can be handed in again. */
function optionsOf({ options: { filter, ...options } }: ScheduledRun): object {
  if (!filter) return options;
  const { ids, serverId } = filter;
  const shown = {
    ...filter,
    ids: ids?.map((id) => globalId("tenant", id)),
    serverId: serverId && globalId("server", serverId),
  };
  return { filter: shown, ...options };
}
