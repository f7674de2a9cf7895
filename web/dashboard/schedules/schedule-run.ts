import type { ScheduledRunInput, ScheduleKind, ScheduleRowFragment } from "../gql/graphql.ts";
import { connectionInput, filterOf, isolationInput, performanceInput, type TestWish } from "../test-runs/test-wish.ts";

/** What a schedule runs now, as it is written to change another part of it: the API takes a schedule as a whole. */
export function runOf({ kind, options }: Pick<ScheduleRowFragment, "kind" | "options">): ScheduledRunInput {
  const input = JSON.parse(options);
  return { [inputNames[kind]]: input };
}

/** What a new schedule is to run. */
export function wishedRun(kind: ScheduleKind, wish: TestWish): ScheduledRunInput {
  if (kind === "CONNECTION") return { connectionTest: connectionInput(wish) };
  if (kind === "ISOLATION") return { isolationTest: isolationInput(wish) };
  if (kind === "PERFORMANCE") return { performanceTest: performanceInput(wish) };
  const filter = filterOf(wish);
  return { validation: filter ? { filter } : {} };
}

const inputNames: Readonly<Record<ScheduleKind, keyof ScheduledRunInput>> = {
  CONNECTION: "connectionTest",
  ISOLATION: "isolationTest",
  PERFORMANCE: "performanceTest",
  VALIDATION: "validation",
};

export const scheduleKinds = Object.keys(inputNames) as ScheduleKind[];
