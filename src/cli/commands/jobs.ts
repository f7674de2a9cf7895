import type { Command } from "commander";
import { accepted } from "../api/accepted.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { UsageFailure } from "../failure.ts";
import {
  CancelJobDocument,
  FindRunDocument,
  type JobFilter,
  type JobItemStatus,
  type JobKind,
  type JobStatus,
  ListJobsDocument,
  RetryJobDocument,
} from "../gql/graphql.ts";
import { findingColumns, itemColumns, jobColumns } from "../output/job-columns.ts";
import type { Program } from "../program.ts";
import { jobWork, runWork, type Work } from "../progress/work.ts";
import type { Session } from "../session.ts";
import { findingsOf, itemsOf, jobOf, reportJob } from "./job-report.ts";
import { type ListOptions, printPages, withLimit } from "./lists.ts";
import { accompany, type PursuitOptions, pursue, withPatience, withPursuit } from "./pursuit.ts";
import { reportRun } from "./run-report.ts";
import { tenantNamed } from "./tenant-filter.ts";
import { jobItemStatuses, jobKinds, jobStatuses, many, whole, word } from "./words.ts";

interface ListJobsOptions extends ListOptions {
  readonly status?: readonly JobStatus[];
  readonly kind?: readonly JobKind[];
  readonly tenant?: string;
}

/** `jobs …` */
export function addJobs(program: Program): void {
  const jobs = program.root.command("jobs").description("look at jobs, follow them, cancel them, try them again");
  addLooks(program, jobs);
  const watch = jobs
    .command("watch")
    .argument("<id>", "of a job or a test run")
    .description("follow a job or a test run to its end; Ctrl-C leaves it alone")
    .option("--after <sequence>", "only events after this one", whole(0), 0)
    .option("--detailed", "for test runs: every result, with all its evidence");
  program.does(withPatience(watch), watchJob);
  const cancel = jobs.command("cancel").argument("<id>", "of a job or a test run").description("ask a job to stop");
  program.does(cancel, cancelJob);
  const retry = jobs
    .command("retry")
    .argument("<id>", "of an ended job")
    .description("a new job for what failed or was not reached");
  program.does(withPursuit(retry), retryJob);
}

function addLooks(program: Program, jobs: Command): void {
  const list = jobs
    .command("list")
    .description("jobs, newest first")
    .option("--status <status>", "in this status; may be repeated", many(word(jobStatuses)))
    .option("--kind <kind>", "of this kind; may be repeated", many(word(jobKinds)))
    .option("--tenant <slug or id>", "on this tenant");
  program.does(withLimit(list), listJobs);
  const show = jobs.command("show").argument("<id>").description("one job");
  program.does(show, async (session, _options, [id = ""]) => {
    await reportJob(session, (await workNamed(session, id)).jobId);
    return exitCodes.passed;
  });
  const items = jobs
    .command("items")
    .argument("<id>")
    .description("what became of each tenant in a job")
    .option("--status <status>", "with this outcome; may be repeated", many(word(jobItemStatuses)));
  program.does<ListOptions & { status?: readonly JobItemStatus[] }>(withLimit(items), (session, options, [id = ""]) =>
    printPages(session, options, itemColumns, "No tenants.", itemsOf(session, id, options.status)),
  );
  const findings = jobs.command("findings").argument("<id>").description("what a validation or repair saw");
  program.does<ListOptions>(withLimit(findings), (session, options, [id = ""]) =>
    printPages(session, options, findingColumns, "No findings.", findingsOf(session, id)),
  );
}

async function listJobs(session: Session, options: ListJobsOptions): Promise<ExitCode> {
  const { status: statuses, kind: kinds, tenant } = options;
  const filter: JobFilter = {
    ...(statuses && { statuses: [...statuses] }),
    ...(kinds && { kinds: [...kinds] }),
    ...(tenant !== undefined && { tenantId: (await tenantNamed(session, tenant)).id }),
  };
  return printPages(session, options, jobColumns, "No jobs.", async (first, after) => {
    return (await (await session.api()).ask(ListJobsDocument, { first, after, filter })).jobs;
  });
}

async function watchJob(
  session: Session,
  options: { readonly after: number; readonly reconnectFor: number; readonly detailed?: true },
  [id = ""]: readonly string[],
): Promise<ExitCode> {
  const work = await workNamed(session, id);
  return accompany(session, work, options.after, options.reconnectFor, () =>
    id.startsWith("run_") ? reportRun(session, id, options.detailed === true) : reportJob(session, id),
  );
}

async function cancelJob(session: Session, _options: object, [id = ""]: readonly string[]): Promise<ExitCode> {
  const { jobId } = await workNamed(session, id);
  const { answer } = await (await session.api()).change(CancelJobDocument, { id: jobId }, true);
  accepted(answer);
  const job = await jobOf(session, jobId);
  session.printer.one(jobColumns, job, `${job.id} ${job.status}\n`);
  return exitCodes.passed;
}

async function retryJob(session: Session, options: PursuitOptions, [id = ""]: readonly string[]): Promise<ExitCode> {
  const { jobId } = await workNamed(session, id);
  const start = async () => {
    const { answer } = await (await session.api()).change(RetryJobDocument, { id: jobId }, false);
    const { job } = accepted(answer);
    return job ? jobWork(job.id) : undefined;
  };
  return pursue(session, options, start, ({ jobId: retried }) => reportJob(session, retried));
}

/** A job or a test run by its id. @throws UsageFailure when there is none */
async function workNamed(session: Session, id: string): Promise<Work> {
  if (!id.startsWith("run_")) return jobWork((await jobOf(session, id)).id);
  const { testRun } = await (await session.api()).ask(FindRunDocument, { id });
  if (!testRun) throw new UsageFailure(`There is no test run "${id}".`);
  return runWork(testRun);
}
