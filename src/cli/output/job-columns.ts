import type { FindingRowFragment, JobItemsQuery, JobRowFragment } from "../gql/graphql.ts";
import { cardText } from "./card.ts";
import type { Column } from "./columns.ts";
import { duration, instant, span } from "./figures.ts";
import type { Paint } from "./paint.ts";

export type JobItemRow = NonNullable<JobItemsQuery["job"]>["items"]["nodes"][number];

/** A list of jobs. */
export const jobColumns: readonly Column<JobRowFragment>[] = [
  { name: "id", value: ({ id }) => id },
  { name: "kind", value: ({ kind }) => kind },
  { name: "status", value: ({ status }) => status },
  { name: "tenant", spare: true, value: ({ tenant }) => tenant?.slug },
  { name: "percent", spare: true, value: ({ progress }) => progress.percent, text: percentOf, align: "right" },
  { name: "done", spare: true, value: ({ progress }) => progress.done, text: doneOf, align: "right" },
  { name: "failed", spare: true, value: ({ progress }) => progress.failed, align: "right", tone: failedTone },
  { name: "requested_by", spare: true, value: ({ requestedBy }) => requestedBy },
  { name: "created", spare: true, value: ({ createdAt }) => createdAt, text: ({ createdAt }) => instant(createdAt) },
  {
    name: "took",
    spare: true,
    value: tookMs,
    text: ({ startedAt, finishedAt }) => span(startedAt, finishedAt),
    align: "right",
  },
  { name: "error", value: ({ error }) => error?.code, plainOnly: true },
];

/** What became of the tenants of a job. */
export const itemColumns: readonly Column<JobItemRow>[] = [
  { name: "tenant", value: ({ tenant }) => tenant.slug },
  { name: "status", value: ({ status }) => status },
  {
    name: "took",
    value: ({ durationMs }) => durationMs,
    text: ({ durationMs }) => duration(durationMs),
    align: "right",
  },
  { name: "from", value: ({ fromVersion }) => fromVersion },
  { name: "to", value: ({ toVersion }) => toVersion },
  { name: "code", value: ({ error }) => error?.code },
  { name: "message", value: ({ error }) => error?.message },
];

/** What validation or repair saw. */
export const findingColumns: readonly Column<FindingRowFragment>[] = [
  { name: "severity", value: ({ severity }) => severity },
  { name: "kind", value: ({ kind }) => kind },
  { name: "tenant", value: ({ tenant }) => tenant?.slug },
  { name: "object", value: ({ object }) => object },
  { name: "outcome", value: ({ outcome }) => outcome },
  { name: "message", value: ({ message }) => message },
  { name: "expected", value: ({ expected }) => expected, plainOnly: true },
  { name: "actual", value: ({ actual }) => actual, plainOnly: true },
  { name: "server", value: ({ server }) => server.name, plainOnly: true },
  { name: "observed", value: ({ observedAt }) => observedAt, plainOnly: true },
];

/** One job. */
export function jobCard(job: JobRowFragment, paint: Paint): string {
  const { progress, error } = job;
  return cardText(
    [
      ["Job", job.id],
      ["Kind", job.kind],
      ["Status", job.status],
      ["Error", error && `${error.message} (${error.code}${error.retryable ? ", may be tried again" : ""})`],
      ["Tenant", job.tenant?.slug],
      ["Progress", `${percentOf(job)}: ${progress.done} of ${progress.total} done, ${leftOutOf(job)}`],
      ["Attempts", String(job.attempts)],
      ["Requested by", job.requestedBy],
      ["Created", instant(job.createdAt)],
      ["Took", span(job.startedAt, job.finishedAt)],
    ],
    paint,
  );
}

function percentOf({ progress }: JobRowFragment): string {
  return `${Math.floor(progress.percent)} %`;
}

function leftOutOf({ progress }: JobRowFragment): string {
  return `${progress.failed} failed, ${progress.skipped} skipped`;
}

function doneOf({ progress }: JobRowFragment): string {
  return `${progress.done}/${progress.total}`;
}

function failedTone({ progress }: JobRowFragment) {
  return progress.failed > 0 ? "BAD" : "PLAIN";
}

function tookMs({ startedAt, finishedAt }: JobRowFragment): number | undefined {
  return startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : undefined;
}
