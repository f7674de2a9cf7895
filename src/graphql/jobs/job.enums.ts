import type { JobItemStatus, JobKind, JobStatus } from "../../jobs/job.ts";
import { graphqlEnum } from "../graphql-enum.ts";

export const JobKindEnum = graphqlEnum<JobKind>("JobKind", "What a job does.", {
  PROVISION_TENANTS: "Makes databases and accounts: one tenant or many.",
  SUSPEND_TENANT: "Locks a tenant's account and ends its sessions.",
  RESUME_TENANT: "Unlocks a tenant's account.",
  DELETE_TENANT: "Removes a tenant's database and account.",
  VALIDATE_TENANTS: "Compares registry and servers, changes nothing.",
  REPAIR_TENANTS: "Makes true what validation found false.",
  MIGRATE_TENANTS: "Applies tenant migrations.",
  SEED_TENANTS: "Runs the tenant seed.",
  ROTATE_CREDENTIALS: "Gives a tenant's account a new password.",
  CONNECTION_TEST: "Logs in to tenants' databases as the tenants.",
  ISOLATION_TEST: "Proves that tenants cannot reach each other.",
  PERFORMANCE_TEST: "Loads tenants' databases within a budget.",
  FILL_WARM_POOL: "Makes databases ahead of time.",
  REENCRYPT_SECRETS: "Encrypts stored secrets with the newest key.",
});

export const JobStatusEnum = graphqlEnum<JobStatus>("JobStatus", "Where a job stands in its life.", {
  QUEUED: "Waits for its turn, or to be tried again.",
  RUNNING: "Somebody works on it.",
  CANCELLING: "It was asked to stop, and is tidying up.",
  SUCCEEDED: "Everything in it was done.",
  FAILED: "Something in it was not done; `error` says what.",
  CANCELLED: "It was stopped before its end.",
});

/** What clients see of an item: those that were not reached yet are not shown. */
export type ShownItemStatus = Exclude<JobItemStatus, "PENDING">;

export const JobItemStatusEnum = graphqlEnum<ShownItemStatus>("JobItemStatus", "What became of one tenant in a job.", {
  SUCCEEDED: "Done.",
  FAILED: "Not done; `error` says why.",
  SKIPPED: "Left out; `error` says why.",
});
