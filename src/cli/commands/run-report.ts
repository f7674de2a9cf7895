import { allOf, type Turn } from "../api/pages.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { UsageFailure } from "../failure.ts";
import { type RunResultFragment, RunResultsDocument, ShowRunDocument, type Verdict } from "../gql/graphql.ts";
import { type Run, resultColumns, runText } from "../output/run-text.ts";
import type { Session } from "../session.ts";
import { pageOrNone } from "./lists.ts";

/** How a command ends that did a test run. */
export function exitOfRun({ verdict, status, budget }: Pick<Run, "verdict" | "status" | "budget">): ExitCode {
  if (verdict === "FAIL" || status === "FAILED") return exitCodes.failed;
  if (verdict !== "PASS") return exitCodes.partial;
  // How many tenants are taken is the caller's own limit.
  const limited = budget.limitedBy.some((limit) => limit !== "MAX_TENANTS");
  return limited && budget.plannedOperations < budget.requestedOperations ? exitCodes.partial : exitCodes.passed;
}

/** A test run as it is now. @throws UsageFailure when there is none */
export async function runOf(session: Session, id: string): Promise<Run> {
  const { testRun } = await (await session.api()).ask(ShowRunDocument, { id });
  if (!testRun) throw new UsageFailure(`There is no test run "${id}".`);
  return testRun;
}

/** What a run says of each tenant. */
export function resultsOf(session: Session, id: string, verdicts?: readonly Verdict[]): Turn<RunResultFragment> {
  return async (first, after) => {
    const variables = { id, first, after, ...(verdicts && { verdicts: [...verdicts] }) };
    const { testRun } = await (await session.api()).ask(RunResultsDocument, variables);
    return pageOrNone(testRun?.results);
  };
}

/** Prints what a run found; for programs that read lines its results alone. @returns how its command ends */
export async function reportRun(session: Session, id: string, detailed: boolean): Promise<ExitCode> {
  const { printer } = session;
  const run = await runOf(session, id);
  const results = await allOf(resultsOf(session, id));
  if (printer.format === "json" || printer.forPeople) {
    printer.one([], { ...run, results }, runText(run, results, detailed, printer.paint));
  } else {
    printer.part(resultColumns(results), results, true);
  }
  return exitOfRun(run);
}
