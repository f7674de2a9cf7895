import { setTimeout as pause } from "node:timers/promises";
import {
  type CreateTenantInput,
  EnterTenantDocument,
  EnterTestTenantsDocument,
  JobStateDocument,
  type JobStateQuery,
  RunStateDocument,
  type RunStateQuery,
  StartConnectionTestDocument,
  type TenantFilter,
  TenantsDocument,
  type TenantsQuery,
  WatchJobDocument,
  type WatchJobSubscription,
  WatchRunDocument,
  type WatchRunSubscription,
} from "../../gql/graphql.ts";
import type { ApiClient } from "../../support/client.ts";

export type JobEvent = WatchJobSubscription["jobProgress"];
export type RunEvent = WatchRunSubscription["testRunProgress"];
export type JobState = NonNullable<JobStateQuery["job"]>;
export type RunState = NonNullable<RunStateQuery["testRun"]>;
export type TenantState = TenantsQuery["tenants"]["edges"][number]["node"];

/** Statuses after which a job does not change any more. */
const final: ReadonlySet<string> = new Set(["SUCCEEDED", "FAILED", "CANCELLED"]);

/** Enters throw-away tenants. @returns the id of the job that provisions them */
export async function enterTestTenants(api: ApiClient, count: number, more: { seed?: boolean } = {}): Promise<string> {
  const { createTestTenants } = await api.data(EnterTestTenantsDocument, { input: { count, ...more } });
  if (!createTestTenants.job) throw new Error(`Refused: ${JSON.stringify(createTestTenants.userErrors)}`);
  return createTestTenants.job.id;
}

/** Enters one tenant. @returns it, and the id of its job */
export async function enterTenant(api: ApiClient, input: CreateTenantInput): Promise<{ id: string; jobId: string }> {
  const { createTenant } = await api.data(EnterTenantDocument, { input });
  const { tenant, job, userErrors } = createTenant;
  if (!tenant || !job) throw new Error(`Refused: ${JSON.stringify(userErrors)}`);
  return { id: tenant.id, jobId: job.id };
}

/** Follows a job to its end. @returns every event after `after` */
export async function followJob(api: ApiClient, id: string, after?: number): Promise<JobEvent[]> {
  const events: JobEvent[] = [];
  for await (const { data, errors } of api.stream(WatchJobDocument, { id, after })) {
    if (errors || !data) throw new Error(`The subscription answered: ${JSON.stringify(errors)}`);
    events.push(data.jobProgress);
  }
  return events;
}

/** Follows a test run to its end. @returns every event after `after` */
export async function followRun(api: ApiClient, id: string, after?: number): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const { data, errors } of api.stream(WatchRunDocument, { id, after })) {
    if (errors || !data) throw new Error(`The subscription answered: ${JSON.stringify(errors)}`);
    events.push(data.testRunProgress);
  }
  return events;
}

/** A job as it is now. */
export async function jobState(api: ApiClient, id: string): Promise<JobState> {
  const { job } = await api.data(JobStateDocument, { id });
  if (!job) throw new Error(`There is no job ${id}.`);
  return job;
}

/** Follows a job to its end. @returns it as it ended */
export async function endOfJob(api: ApiClient, id: string): Promise<JobState> {
  await followJob(api, id);
  return jobState(api, id);
}

/** Enters a connection test. @returns its id and that of its job */
export async function startConnectionTest(
  api: ApiClient,
  input: { filter?: TenantFilter; timeoutMs?: number; retries?: number; concurrency?: number } = {},
): Promise<{ id: string; jobId: string }> {
  const { startConnectionTest: started } = await api.data(StartConnectionTestDocument, { input });
  if (!started.testRun) throw new Error(`Refused: ${JSON.stringify(started.userErrors)}`);
  return { id: started.testRun.id, jobId: started.testRun.job.id };
}

/** A test run as it is now, with its first hundred results. */
export async function runState(api: ApiClient, id: string): Promise<RunState> {
  const { testRun } = await api.data(RunStateDocument, { id });
  if (!testRun) throw new Error(`There is no test run ${id}.`);
  return testRun;
}

/** A connection test over the filter, from its start to its end. */
export async function connectionTest(
  api: ApiClient,
  input: Parameters<typeof startConnectionTest>[1] = {},
): Promise<RunState> {
  const { id } = await startConnectionTest(api, input);
  await followRun(api, id);
  return runState(api, id);
}

/** Every tenant that matches, page by page. */
export async function allTenants(api: ApiClient, filter?: TenantFilter): Promise<TenantState[]> {
  const found: TenantState[] = [];
  for (let after: string | null | undefined; ; ) {
    const { tenants } = await api.data(TenantsDocument, { first: 100, after, filter });
    found.push(...tenants.edges.map(({ node }) => node));
    if (!tenants.pageInfo.hasNextPage) return found;
    after = tenants.pageInfo.endCursor;
  }
}

/** Looks until the question is answered with yes; for what nobody announces. @throws after the deadline */
export async function until(what: string, ms: number, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Not within ${ms} ms: ${what}`);
    await pause(50);
  }
}

/** Asks until the job has ended, over restarts of the service too. @returns it as it ended */
export async function jobEnded(api: () => ApiClient, id: string, ms = 30_000): Promise<JobState> {
  let last: JobState | undefined;
  await until(`job ${id} has ended`, ms, async () => {
    last = await jobState(api(), id).catch(() => undefined);
    return final.has(last?.status ?? "");
  });
  return last ?? jobState(api(), id);
}

/** What is wrong with a job's life story, by the contract; nothing when all is well. */
export function complaintsAbout(events: readonly (JobEvent | RunEvent)[], after = 0): readonly string[] {
  const complaints: string[] = [];
  for (const [index, { sequence, status, progress }] of events.entries()) {
    const before = events[index - 1];
    const isLast = index === events.length - 1;
    if (sequence !== after + index + 1) complaints.push(`event ${index} has the sequence ${sequence}`);
    if (before && progress.percent < before.progress.percent) complaints.push(`percent fell at ${sequence}`);
    if (progress.percent < 0 || progress.percent > 100)
      complaints.push(`percent is ${progress.percent} at ${sequence}`);
    if (progress.done + progress.failed + progress.skipped > progress.total) {
      complaints.push(`more done than there is at ${sequence}`);
    }
    if (final.has(status) !== isLast) complaints.push(`${status} at ${sequence} of ${events.length}`);
    if (progress.percent === 100 && !isLast) complaints.push(`100 % before the end, at ${sequence}`);
  }
  return complaints;
}
