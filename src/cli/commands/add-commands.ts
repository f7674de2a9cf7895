import type { Program } from "../program.ts";
import { addCompletion } from "./completion.ts";
import { addFleet } from "./fleet.ts";
import { addFleetWork } from "./fleet-work.ts";
import { addJobs } from "./jobs.ts";
import { addKeys } from "./keys.ts";
import { addRuns } from "./runs.ts";
import { addTenants } from "./tenants.ts";
import { addTests } from "./tests.ts";
import { addUpkeep } from "./upkeep.ts";

/** Adds every command but `serve`, in the order in which help lists them. */
export function addCommands(program: Program): void {
  addTenants(program);
  addFleetWork(program);
  addTests(program);
  addJobs(program);
  addRuns(program);
  addFleet(program);
  addKeys(program);
  addUpkeep(program);
  addCompletion(program);
}
