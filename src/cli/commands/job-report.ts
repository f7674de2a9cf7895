import { pagesOf, type Turn } from "../api/pages.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { UsageFailure } from "../failure.ts";
import {
  type FindingRowFragment,
  JobFindingsDocument,
  type JobItemStatus,
  JobItemsDocument,
  type JobRowFragment,
  ShowJobDocument,
} from "../gql/graphql.ts";
import { headingText } from "../output/card.ts";
import { tableText } from "../output/columns.ts";
import { itemColumns, type JobItemRow, jobCard, jobColumns } from "../output/job-columns.ts";
import type { Session } from "../session.ts";
import { pageOrNone } from "./lists.ts";

/** Failed tenants that a report shows; `jobs items` shows all. */
const shownFailures = 20;

/** How a command ends that did a job. */
export function exitOfJob({ status, progress }: Pick<JobRowFragment, "status" | "progress">): ExitCode {
  if (status === "SUCCEEDED") return progress.failed > 0 ? exitCodes.partial : exitCodes.passed;
  if (status === "FAILED") return progress.done > 0 ? exitCodes.partial : exitCodes.failed;
  return exitCodes.partial;
}

/** A job as it is now. @throws UsageFailure when there is none */
export async function jobOf(session: Session, id: string): Promise<JobRowFragment> {
  const { job } = await (await session.api()).ask(ShowJobDocument, { id });
  if (!job) throw new UsageFailure(`There is no job "${id}".`);
  return job;
}

/** Tenants of a job. */
export function itemsOf(session: Session, id: string, statuses?: readonly JobItemStatus[]): Turn<JobItemRow> {
  return async (first, after) => {
    const variables = { id, first, after, ...(statuses && { statuses: [...statuses] }) };
    const { job } = await (await session.api()).ask(JobItemsDocument, variables);
    return pageOrNone(job?.items);
  };
}

/** What a job saw. */
export function findingsOf(session: Session, id: string): Turn<FindingRowFragment> {
  return async (first, after) => {
    const { job } = await (await session.api()).ask(JobFindingsDocument, { id, first, after });
    return pageOrNone(job?.findings);
  };
}

/** Prints what came of a job: for people with the tenants that failed. @returns how its command ends */
export async function reportJob(session: Session, id: string): Promise<ExitCode> {
  const job = await jobOf(session, id);
  const { printer } = session;
  printer.one(jobColumns, job, jobCard(job, printer.paint));
  if (printer.forPeople && job.progress.failed > 0) await printFailures(session, id);
  return exitOfJob(job);
}

async function printFailures(session: Session, id: string): Promise<void> {
  const { printer } = session;
  const pages = pagesOf(itemsOf(session, id, ["FAILED"]), shownFailures);
  const first = await pages.next();
  if (first.done || first.value.length === 0) return;
  printer.text(headingText("Failed tenants", printer.paint) + tableText(itemColumns, first.value, printer.paint));
  const { value: more } = await pages.next();
  if (more) printer.note(`There are more: tenantry jobs items ${id} --status failed --all`);
}
