import { Field, ID, InputType } from "type-graphql";
import { InvalidInput } from "../../kit/domain-error.ts";
import type { UpsertSchedule } from "../../schedules/schedule-service.ts";
import { FleetInput } from "../fleet/fleet.input.ts";
import { idOrUnknown } from "../global-id.ts";
import { toTenantFilter } from "../tenants/tenant-filter.input.ts";
import { PerformanceTestInput, toPerformanceTest } from "../test-runs/performance-test.input.ts";
import {
  ConnectionTestInput,
  IsolationTestInput,
  toConnectionTest,
  toIsolationTest,
} from "../test-runs/test-run.input.ts";

@InputType("ScheduledRunInput", { description: "What a schedule runs: exactly one of these." })
export class ScheduledRunInput {
  @Field(() => ConnectionTestInput, { nullable: true, description: "A connection test, as startConnectionTest." })
  readonly connectionTest?: ConnectionTestInput | null;

  @Field(() => IsolationTestInput, { nullable: true, description: "An isolation test, as startIsolationTest." })
  readonly isolationTest?: IsolationTestInput | null;

  @Field(() => PerformanceTestInput, { nullable: true, description: "A performance test, as startPerformanceTest." })
  readonly performanceTest?: PerformanceTestInput | null;

  @Field(() => FleetInput, { nullable: true, description: "A validation, as validateTenants." })
  readonly validation?: FleetInput | null;
}

@InputType("UpsertScheduleInput", { description: "What a schedule is to be, as a whole." })
export class UpsertScheduleInput {
  @Field(() => ID, {
    nullable: true,
    description: "Which one changes; left out: the one with this name, or a new one.",
  })
  readonly id?: string | null;

  @Field(() => String, { description: "1..100 characters, unique among schedules." })
  readonly name!: string;

  @Field(() => ScheduledRunInput, { description: "What it runs." })
  readonly run!: ScheduledRunInput;

  @Field(() => String, {
    description: "Minute, hour, day of month, month, day of week: daily at three is `0 3 * * *`.",
  })
  readonly cron!: string;

  @Field(() => String, { nullable: true, description: "IANA name, e.g. Europe/Berlin; default UTC." })
  readonly timeZone?: string | null;

  @Field(() => Boolean, { nullable: true, description: "Whether it falls due; default true." })
  readonly enabled?: boolean | null;
}

/** The wish, as the service understands it. @throws InvalidInput unless exactly one run is given */
export function toUpsertSchedule(input: UpsertScheduleInput): UpsertSchedule {
  const { name, cron } = input;
  return {
    id: typeof input.id === "string" ? idOrUnknown("schedule", input.id) : undefined,
    name,
    cron,
    timeZone: input.timeZone ?? undefined,
    enabled: input.enabled ?? undefined,
    ...onlyRun(input.run),
  };
}

type Run = Pick<UpsertSchedule, "run" | "runField">;

function onlyRun(input: ScheduledRunInput): Run {
  const runs = [...runsOf(input)];
  const [run] = runs;
  if (!run || runs.length > 1) {
    throw new InvalidInput("Give exactly one of the runs.", { field: ["input", "run"] });
  }
  return run;
}

function* runsOf({ connectionTest, isolationTest, performanceTest, validation }: ScheduledRunInput): Generator<Run> {
  const field = (name: keyof ScheduledRunInput) => ["input", "run", name];
  if (connectionTest) {
    yield { run: { kind: "CONNECTION", options: toConnectionTest(connectionTest) }, runField: field("connectionTest") };
  }
  if (isolationTest) {
    yield { run: { kind: "ISOLATION", options: toIsolationTest(isolationTest) }, runField: field("isolationTest") };
  }
  if (performanceTest) {
    const options = toPerformanceTest(performanceTest);
    yield { run: { kind: "PERFORMANCE", options }, runField: field("performanceTest") };
  }
  if (validation) {
    const options = { filter: toTenantFilter(validation.filter) };
    yield { run: { kind: "VALIDATION", options }, runField: field("validation") };
  }
}
