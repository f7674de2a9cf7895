import { accepted } from "../api/accepted.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { UsageFailure } from "../failure.ts";
import {
  CompareRunsDocument,
  type JobStatus,
  ListRunsDocument,
  SetBaselineDocument,
  type TestKind,
  type TestRunFilter,
} from "../gql/graphql.ts";
import { runColumns } from "../output/run-columns.ts";
import { comparisonText } from "../output/run-text.ts";
import type { Program } from "../program.ts";
import type { Session } from "../session.ts";
import { type ListOptions, printPages, withLimit } from "./lists.ts";
import { reportRun } from "./run-report.ts";
import { jobStatuses, many, testKinds, word } from "./words.ts";

interface ListRunsOptions extends ListOptions {
  readonly kind?: readonly TestKind[];
  readonly status?: readonly JobStatus[];
}

/** `runs …` */
export function addRuns(program: Program): void {
  const runs = program.root.command("runs").description("look at test runs, compare them");
  const list = runs
    .command("list")
    .description("test runs, newest first")
    .option("--kind <kind>", "connection, isolation or performance; may be repeated", many(word(testKinds)))
    .option("--status <status>", "in this status; may be repeated", many(word(jobStatuses)));
  program.does(withLimit(list), listRuns);
  const show = runs
    .command("show")
    .argument("<id>")
    .description("one test run, with results and recommendations")
    .option("--detailed", "every result, with all its evidence");
  program.does<{ detailed?: true }>(show, async (session, { detailed }, [id = ""]) => {
    await reportRun(session, id, detailed === true);
    return exitCodes.passed;
  });
  const compare = runs
    .command("compare")
    .argument("<base>", "the run that is held against")
    .argument("<head>", "the run that is looked at")
    .description("what became better or worse; ends with 1 where it is worse");
  program.does(compare, compareRuns);
  const baseline = runs
    .command("baseline")
    .argument("<id>")
    .description("accept a run as the baseline that later runs of its kind are held against");
  program.does(baseline, async (session, _options, [id = ""]) => {
    const { answer } = await (await session.api()).change(SetBaselineDocument, { id }, true);
    const { testRun } = accepted(answer);
    session.printer.note(`${testRun?.id} is the baseline of ${testRun?.kind} tests.`);
    return exitCodes.passed;
  });
}

async function listRuns(session: Session, options: ListRunsOptions): Promise<ExitCode> {
  const { kind: kinds, status: statuses } = options;
  const filter: TestRunFilter = { ...(kinds && { kinds: [...kinds] }), ...(statuses && { statuses: [...statuses] }) };
  return printPages(session, options, runColumns, "No test runs.", async (first, after) => {
    return (await (await session.api()).ask(ListRunsDocument, { first, after, filter })).testRuns;
  });
}

async function compareRuns(session: Session, _options: object, ids: readonly string[]): Promise<ExitCode> {
  const [baseId = "", headId = ""] = ids;
  const { compareTestRuns } = await (await session.api()).ask(CompareRunsDocument, { baseId, headId });
  if (!compareTestRuns) throw new UsageFailure("There is no such test run.");
  const { printer } = session;
  printer.one([], compareTestRuns, comparisonText(compareTestRuns, printer.paint));
  return compareTestRuns.outcome === "WORSE" ? exitCodes.failed : exitCodes.passed;
}
