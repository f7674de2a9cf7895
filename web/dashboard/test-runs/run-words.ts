import type { IsolationCheckKind, JobStatus, TestKind, Verdict } from "../gql/graphql.ts";

export const testKinds: readonly TestKind[] = ["CONNECTION", "ISOLATION", "PERFORMANCE"];
export const jobStatuses: readonly JobStatus[] = [
  "QUEUED",
  "RUNNING",
  "CANCELLING",
  "SUCCEEDED",
  "FAILED",
  "CANCELLED",
];
export const verdicts: readonly Verdict[] = ["FAIL", "INCONCLUSIVE", "PASS"];

/** What each kind of run is about, in the words of the API. */
export const kindWords: Readonly<Record<TestKind, readonly [title: string, explanation: string]>> = {
  CONNECTION: ["Connection test", "Whether each tenant can log in to its own database, and how quickly."],
  ISOLATION: ["Isolation test", "Whether tenants cannot reach each other."],
  PERFORMANCE: ["Performance test", "How quickly tenants' databases answer under load."],
};

/** The sides of a tenant's isolation: a short head, and what the API says of them. */
export const checkWords: Readonly<Record<IsolationCheckKind, readonly [head: string, explanation: string]>> = {
  DATA: [
    "Data",
    "Its rows are its own: what was planted in it stays there, unchanged, and nothing of others turns up.",
  ],
  SCHEMA: ["Schema", "Neither can it see or use others' structures, nor do its own reach into theirs."],
  GRANTS: ["Grants", "Its account has the rights on its own database, and no others by any way."],
  ROLES: ["Roles", "No role gives it more."],
  ACCOUNT: ["Account", "It logs in as itself only, and nobody else as it."],
  CROSS_READ: ["Read", "It cannot read others' rows."],
  CROSS_WRITE: ["Write", "It cannot change, create, drop, lock or end what is others'."],
  STORED_CODE: ["Code", "No view, routine, trigger or event carries data across."],
  SESSION_STATE: ["Session", "Connections hand nothing on from one user to the next."],
  VISIBILITY: ["Sight", "It cannot see that others exist, nor what they do."],
};

const endings: ReadonlySet<JobStatus> = new Set(["SUCCEEDED", "FAILED", "CANCELLED"]);

/** Whether a job or a run does not change any more. */
export function hasEnded(status: JobStatus): boolean {
  return endings.has(status);
}
