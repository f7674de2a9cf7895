import type { Services } from "../graphql/services.ts";
import type { Teardown } from "../kit/teardown.ts";
import { type RunStarts, ScheduleRunner } from "../schedules/schedule-runner.ts";
import { ScheduleService } from "../schedules/schedule-service.ts";
import type { Stores } from "./stores.ts";
import type { Tools } from "./tools.ts";

export function createScheduleService(stores: Stores, { clock }: Tools): ScheduleService {
  return new ScheduleService(stores.schedules, clock);
}

/** From now on what falls due is started through the services, as a request would start it. */
export function startSchedules(
  stores: Stores,
  { testRuns, findings }: Pick<Services, "testRuns" | "findings">,
  { clock, logger }: Tools,
  started: Teardown,
): void {
  const starts: RunStarts = {
    CONNECTION: async (options, origin) => (await testRuns.startConnectionTest(options, origin)).id,
    ISOLATION: async (options, origin) => (await testRuns.startIsolationTest(options, origin)).id,
    PERFORMANCE: async (options, origin) => (await testRuns.startPerformanceTest(options, origin)).id,
    VALIDATION: async ({ filter = {} }, origin) => (await findings.validate(filter, origin)).id,
  };
  const runner = new ScheduleRunner({ store: stores.schedules, jobs: stores.jobs, starts, clock, logger });
  started.defer(() => runner.stop());
  runner.start();
}
