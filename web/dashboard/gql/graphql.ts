/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** What kind of server it is. */
export type DatabaseEngine =
  /** MariaDB. */
  | 'MARIADB'
  /** MySQL. */
  | 'MYSQL';

/** The id of what is meant: a tenant, a job, an API key. */
export type IdInput = {
  /** An id of the API. */
  id: string;
};

/** What a job does. */
export type JobKind =
  /** Logs in to tenants' databases as the tenants. */
  | 'CONNECTION_TEST'
  /** Removes a tenant's database and account. */
  | 'DELETE_TENANT'
  /** Makes databases ahead of time. */
  | 'FILL_WARM_POOL'
  /** Proves that tenants cannot reach each other. */
  | 'ISOLATION_TEST'
  /** Applies tenant migrations. */
  | 'MIGRATE_TENANTS'
  /** Loads tenants' databases within a budget. */
  | 'PERFORMANCE_TEST'
  /** Makes databases and accounts: one tenant or many. */
  | 'PROVISION_TENANTS'
  /** Encrypts stored secrets with the newest key. */
  | 'REENCRYPT_SECRETS'
  /** Makes true what validation found false. */
  | 'REPAIR_TENANTS'
  /** Unlocks a tenant's account. */
  | 'RESUME_TENANT'
  /** Gives a tenant's account a new password. */
  | 'ROTATE_CREDENTIALS'
  /** Runs the tenant seed. */
  | 'SEED_TENANTS'
  /** Locks a tenant's account and ends its sessions. */
  | 'SUSPEND_TENANT'
  /** Compares registry and servers, changes nothing. */
  | 'VALIDATE_TENANTS';

/** Where a job stands in its life. */
export type JobStatus =
  /** It was stopped before its end. */
  | 'CANCELLED'
  /** It was asked to stop, and is tidying up. */
  | 'CANCELLING'
  /** Something in it was not done; `error` says what. */
  | 'FAILED'
  /** Waits for its turn, or to be tried again. */
  | 'QUEUED'
  /** Somebody works on it. */
  | 'RUNNING'
  /** Everything in it was done. */
  | 'SUCCEEDED';

/** By p95 latency, configurable: EXCELLENT up to 25 ms, GOOD 50, FAIR 100, SLOW 500, CRITICAL above or on errors. */
export type Rating =
  /** Above 500 ms, or errors. */
  | 'CRITICAL'
  /** Up to 25 ms. */
  | 'EXCELLENT'
  /** Up to 100 ms. */
  | 'FAIR'
  /** Up to 50 ms. */
  | 'GOOD'
  /** Up to 500 ms. */
  | 'SLOW';

/** What a caller may do; each role may what those before it may. */
export type Role =
  /** Reveal connections and rule over keys. */
  | 'ADMIN'
  /** Change tenants and start work. */
  | 'OPERATOR'
  /** Read all but secrets, and follow progress. */
  | 'VIEWER';

/** What the last contact with a server showed. CORDONED and maxTenants are reserved for fleets of several servers. */
export type ServerStatus =
  /** It takes no new tenants. */
  | 'CORDONED'
  /** It answers. */
  | 'ONLINE'
  /** It does not answer; nothing is known of its tenants. */
  | 'UNREACHABLE';

/** What the registry says of a tenant. Derived findings live in Tenant.findings; the last failure in Tenant.statusReason. */
export type TenantStatus =
  /** Its database is ready and its account can log in. */
  | 'ACTIVE'
  /** Gone; only the registry still knows of it. */
  | 'DELETED'
  /** Its database and account are being removed. */
  | 'DELETING'
  /** Its last job failed; statusReason says why, and retryTenant takes it up again. */
  | 'FAILED'
  /** Its database and account are being made. */
  | 'PROVISIONING'
  /** Its account is locked; its data stays. */
  | 'SUSPENDED';

/** Why a mutation was refused. */
export type UserErrorCode =
  /** The confirmation is missing or wrong. */
  | 'CONFIRMATION_REQUIRED'
  /** Another tenant has this host name. */
  | 'DOMAIN_TAKEN'
  /** The idempotency key was used with another input. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** An input field breaks a rule. */
  | 'INVALID'
  /** The thing exists, but its state forbids what was asked. */
  | 'INVALID_STATE'
  /** More was asked for than a limit allows. */
  | 'LIMIT_EXCEEDED'
  /** There is no such thing, or not any more. */
  | 'NOT_FOUND'
  /** No database server can take the tenant now. */
  | 'NO_ELIGIBLE_SERVER'
  /** The name is kept for the service or the database server. */
  | 'RESERVED_NAME'
  /** Another tenant has this slug. */
  | 'SLUG_TAKEN'
  /** The tenant was changed since it was read. */
  | 'STALE_GENERATION'
  /** Another job is changing the tenant; `jobId` names it. */
  | 'TENANT_BUSY';

/** INCONCLUSIVE: a check could not be carried out; it is neither a pass nor a failure. */
export type Verdict =
  /** Something is not well. */
  | 'FAIL'
  /** It could not be found out. */
  | 'INCONCLUSIVE'
  /** All is well. */
  | 'PASS';

export type FleetQueryVariables = Exact<{ [key: string]: never; }>;


export type FleetQuery = { fleet: { latestSchemaVersion: string | null, openFindings: number, runningJobs: number, schemaVersions: Array<{ version: string | null, tenants: number }>, servers: Array<{ id: string, name: string, engine: DatabaseEngine, version: string | null, host: string, port: number, status: ServerStatus, lastContactAt: string | null, tenantCount: number }>, tenants: Array<{ status: TenantStatus, count: number }> } };

export type RunningJobsQueryVariables = Exact<{ [key: string]: never; }>;


export type RunningJobsQuery = { jobs: { nodes: Array<{ id: string, kind: JobKind, status: JobStatus, createdAt: string, progress: { phase: string, total: number, done: number, failed: number, skipped: number, percent: number, etaSeconds: number | null, ratePerSecond: number | null }, tenant: { id: string, slug: string } | null }> } };

export type MetricsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type MetricsSubscription = { metrics: { at: string, api: { activeSubscriptions: number, errorsPerSecond: number, requestsPerSecond: number, latency: { p50: number, p95: number, p99: number } | null }, jobs: { queued: number, running: number, failedTotal: number, succeededTotal: number }, process: { cpuPercent: number, eventLoopDelayP99Ms: number, rssBytes: number, uptimeSeconds: number }, servers: Array<{ reachable: boolean, pingMs: number | null, queriesPerSecond: number | null, threadsConnected: number | null, threadsRunning: number | null, maxConnections: number | null, server: { id: string, status: ServerStatus, tenantCount: number }, pool: { idle: number, inUse: number, limit: number, waiting: number } | null }>, tenants: Array<{ status: TenantStatus, count: number }> } };

export type ProgressPartsFragment = { phase: string, total: number, done: number, failed: number, skipped: number, percent: number, etaSeconds: number | null, ratePerSecond: number | null };

export type JobProgressSubscriptionVariables = Exact<{
  id: string;
  after?: number | null | undefined;
}>;


export type JobProgressSubscription = { jobProgress: { jobId: string, sequence: number, at: string, status: JobStatus, message: string, progress: { phase: string, total: number, done: number, failed: number, skipped: number, percent: number, etaSeconds: number | null, ratePerSecond: number | null } } };

export type TestRunProgressSubscriptionVariables = Exact<{
  id: string;
  after?: number | null | undefined;
}>;


export type TestRunProgressSubscription = { testRunProgress: { runId: string, sequence: number, at: string, status: JobStatus, message: string, verdict: Verdict | null, operations: number, errors: number, operationsPerSecond: number | null, latency: { count: number, avg: number, min: number, max: number, p50: number, p90: number, p95: number, p99: number } | null, progress: { phase: string, total: number, done: number, failed: number, skipped: number, percent: number, etaSeconds: number | null, ratePerSecond: number | null }, latest: Array<
      | { connectMs: number | null, queryMs: number | null, rating: Rating | null, verdict: Verdict, durationMs: number, errorCode: string | null, message: string | null, tenant: { id: string, slug: string } }
      | { verdict: Verdict, durationMs: number, errorCode: string | null, message: string | null, tenant: { id: string, slug: string } }
      | { operations: number, errors: number, verdict: Verdict, durationMs: number, errorCode: string | null, message: string | null, performanceRating: Rating | null, tenant: { id: string, slug: string } }
    > } };

export type JobSummaryQueryVariables = Exact<{
  id: string;
}>;


export type JobSummaryQuery = { job: { id: string, kind: JobKind, status: JobStatus, lastSequence: number, createdAt: string, startedAt: string | null, finishedAt: string | null, attempts: number, requestedBy: string, error: { code: string, message: string, retryable: boolean } | null, progress: { phase: string, total: number, done: number, failed: number, skipped: number, percent: number, etaSeconds: number | null, ratePerSecond: number | null }, tenant: { id: string, slug: string } | null } | null };

export type CancelJobMutationVariables = Exact<{
  input: IdInput;
}>;


export type CancelJobMutation = { cancelJob: { job: { id: string, status: JobStatus } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string, jobId: string | null }> } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { id: string, name: string, role: Role } };

export const ProgressPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProgressParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Progress"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"failed"}},{"kind":"Field","name":{"kind":"Name","value":"skipped"}},{"kind":"Field","name":{"kind":"Name","value":"percent"}},{"kind":"Field","name":{"kind":"Name","value":"etaSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"ratePerSecond"}}]}}]} as unknown as DocumentNode<ProgressPartsFragment, unknown>;
export const FleetDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Fleet"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fleet"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"latestSchemaVersion"}},{"kind":"Field","name":{"kind":"Name","value":"openFindings"}},{"kind":"Field","name":{"kind":"Name","value":"runningJobs"}},{"kind":"Field","name":{"kind":"Name","value":"schemaVersions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"tenants"}}]}},{"kind":"Field","name":{"kind":"Name","value":"servers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"engine"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"port"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"lastContactAt"}},{"kind":"Field","name":{"kind":"Name","value":"tenantCount"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tenants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}}]}}]}}]} as unknown as DocumentNode<FleetQuery, FleetQueryVariables>;
export const RunningJobsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"RunningJobs"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobs"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"statuses"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"QUEUED"},{"kind":"EnumValue","value":"RUNNING"},{"kind":"EnumValue","value":"CANCELLING"}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProgressParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tenant"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"slug"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProgressParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Progress"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"failed"}},{"kind":"Field","name":{"kind":"Name","value":"skipped"}},{"kind":"Field","name":{"kind":"Name","value":"percent"}},{"kind":"Field","name":{"kind":"Name","value":"etaSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"ratePerSecond"}}]}}]} as unknown as DocumentNode<RunningJobsQuery, RunningJobsQueryVariables>;
export const MetricsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"Metrics"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"metrics"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"intervalMs"},"value":{"kind":"IntValue","value":"1000"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"api"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"activeSubscriptions"}},{"kind":"Field","name":{"kind":"Name","value":"errorsPerSecond"}},{"kind":"Field","name":{"kind":"Name","value":"requestsPerSecond"}},{"kind":"Field","name":{"kind":"Name","value":"latency"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"p50"}},{"kind":"Field","name":{"kind":"Name","value":"p95"}},{"kind":"Field","name":{"kind":"Name","value":"p99"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"jobs"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"queued"}},{"kind":"Field","name":{"kind":"Name","value":"running"}},{"kind":"Field","name":{"kind":"Name","value":"failedTotal"}},{"kind":"Field","name":{"kind":"Name","value":"succeededTotal"}}]}},{"kind":"Field","name":{"kind":"Name","value":"process"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cpuPercent"}},{"kind":"Field","name":{"kind":"Name","value":"eventLoopDelayP99Ms"}},{"kind":"Field","name":{"kind":"Name","value":"rssBytes"}},{"kind":"Field","name":{"kind":"Name","value":"uptimeSeconds"}}]}},{"kind":"Field","name":{"kind":"Name","value":"servers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"server"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"tenantCount"}}]}},{"kind":"Field","name":{"kind":"Name","value":"reachable"}},{"kind":"Field","name":{"kind":"Name","value":"pingMs"}},{"kind":"Field","name":{"kind":"Name","value":"queriesPerSecond"}},{"kind":"Field","name":{"kind":"Name","value":"threadsConnected"}},{"kind":"Field","name":{"kind":"Name","value":"threadsRunning"}},{"kind":"Field","name":{"kind":"Name","value":"maxConnections"}},{"kind":"Field","name":{"kind":"Name","value":"pool"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"idle"}},{"kind":"Field","name":{"kind":"Name","value":"inUse"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}},{"kind":"Field","name":{"kind":"Name","value":"waiting"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"tenants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}}]}}]}}]} as unknown as DocumentNode<MetricsSubscription, MetricsSubscriptionVariables>;
export const JobProgressDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"JobProgress"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobProgress"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobId"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProgressParts"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProgressParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Progress"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"failed"}},{"kind":"Field","name":{"kind":"Name","value":"skipped"}},{"kind":"Field","name":{"kind":"Name","value":"percent"}},{"kind":"Field","name":{"kind":"Name","value":"etaSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"ratePerSecond"}}]}}]} as unknown as DocumentNode<JobProgressSubscription, JobProgressSubscriptionVariables>;
export const TestRunProgressDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"TestRunProgress"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"testRunProgress"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"runId"}},{"kind":"Field","name":{"kind":"Name","value":"sequence"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"operations"}},{"kind":"Field","name":{"kind":"Name","value":"errors"}},{"kind":"Field","name":{"kind":"Name","value":"operationsPerSecond"}},{"kind":"Field","name":{"kind":"Name","value":"latency"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"avg"}},{"kind":"Field","name":{"kind":"Name","value":"min"}},{"kind":"Field","name":{"kind":"Name","value":"max"}},{"kind":"Field","name":{"kind":"Name","value":"p50"}},{"kind":"Field","name":{"kind":"Name","value":"p90"}},{"kind":"Field","name":{"kind":"Name","value":"p95"}},{"kind":"Field","name":{"kind":"Name","value":"p99"}}]}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProgressParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"latest"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"durationMs"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"tenant"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"slug"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConnectionTestResult"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"connectMs"}},{"kind":"Field","name":{"kind":"Name","value":"queryMs"}},{"kind":"Field","name":{"kind":"Name","value":"rating"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PerformanceTestResult"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operations"}},{"kind":"Field","name":{"kind":"Name","value":"errors"}},{"kind":"Field","alias":{"kind":"Name","value":"performanceRating"},"name":{"kind":"Name","value":"rating"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProgressParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Progress"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"failed"}},{"kind":"Field","name":{"kind":"Name","value":"skipped"}},{"kind":"Field","name":{"kind":"Name","value":"percent"}},{"kind":"Field","name":{"kind":"Name","value":"etaSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"ratePerSecond"}}]}}]} as unknown as DocumentNode<TestRunProgressSubscription, TestRunProgressSubscriptionVariables>;
export const JobSummaryDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"JobSummary"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"job"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"lastSequence"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"requestedBy"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}},{"kind":"Field","name":{"kind":"Name","value":"progress"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProgressParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tenant"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"slug"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProgressParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Progress"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"failed"}},{"kind":"Field","name":{"kind":"Name","value":"skipped"}},{"kind":"Field","name":{"kind":"Name","value":"percent"}},{"kind":"Field","name":{"kind":"Name","value":"etaSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"ratePerSecond"}}]}}]} as unknown as DocumentNode<JobSummaryQuery, JobSummaryQueryVariables>;
export const CancelJobDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelJob"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"IdInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelJob"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"jobId"}}]}}]}}]}}]} as unknown as DocumentNode<CancelJobMutation, CancelJobMutationVariables>;
export const ViewerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"role"}}]}}]}}]} as unknown as DocumentNode<ViewerQuery, ViewerQueryVariables>;