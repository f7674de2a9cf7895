/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A host name to be added to a tenant. */
export type AddTenantDomainInput = {
  /** The host name; IDN becomes punycode. */
  hostname: string;
  /** Make it the primary domain. */
  primary?: boolean | null | undefined;
  /** The tenant. */
  tenantId: string;
};

/** Which audit entries are meant; what is left out does not narrow. */
export type AuditFilter = {
  /** Name of the mutation, e.g. createTenant. */
  action?: string | null | undefined;
  /** Id or name of the API key that did it, or id of a token's subject. */
  actor?: string | null | undefined;
  /** Id of what it was done to, e.g. of a tenant. */
  subject?: string | null | undefined;
};

/** What of two runs is compared. */
export type ComparedMetric =
  /** Only where both runs had the same plan. */
  | 'OPERATIONS_PER_SECOND'
  /** Half of the operations took at most this, milliseconds. */
  | 'P50'
  /** 90 % took at most this, milliseconds. */
  | 'P90'
  /** 95 % took at most this, milliseconds. */
  | 'P95'
  /** 99 % took at most this, milliseconds. */
  | 'P99'
  /** 0..1, of operations for a performance test, of tenants otherwise. */
  | 'SUCCESS_RATE';

/** How one run stands to another. */
export type ComparisonOutcome =
  /** Better, beyond noise. */
  | 'BETTER'
  /** No difference that could not be chance. */
  | 'SAME'
  /** Worse, beyond noise. */
  | 'WORSE';

/** Which tenants to log in as, and how patiently. */
export type ConnectionTestInput = {
  /** Tenants at once: 1..64, default 16. */
  concurrency?: number | null | undefined;
  /** Left out: every ACTIVE tenant. */
  filter?: TenantFilter | null | undefined;
  /** At most so many, spread over those that match; left out: all. */
  maxTenants?: number | null | undefined;
  /** Tries after the first: 0..10, default 2. */
  retries?: number | null | undefined;
  /** Milliseconds for one tenant: 100..60000, default 5000. */
  timeoutMs?: number | null | undefined;
};

/** A new API key. */
export type CreateApiKeyInput = {
  /** From when on it opens nothing; in the future. Absent: never. */
  expiresAt?: string | null | undefined;
  /** What people call it: 1..100 characters. */
  name: string;
  /** What its holder may do. */
  role: Role;
};

/** A tenant to be entered. */
export type CreateTenantInput = {
  /** Host names; the first is the primary one. */
  domains?: Array<string> | null | undefined;
  /** Same key and same input: the same answer again. */
  idempotencyKey?: string | null | undefined;
  /** Labels to find it by. */
  labels?: Array<LabelInput> | null | undefined;
  /** What people call it: 1..200 characters. */
  name: string;
  /** Run the tenant seed after the migrations. */
  seed?: boolean | null | undefined;
  /** The server that is to hold it; left out: the service chooses. */
  serverId?: string | null | undefined;
  /** Lower-case letters, digits and single inner hyphens; 2..63 characters. */
  slug: string;
};

/** Throw-away tenants. They carry the label test=true. */
export type CreateTestTenantsInput = {
  /** 1..1000. */
  count: number;
  /** Same key and same input: the same answer again. */
  idempotencyKey?: string | null | undefined;
  /** Run the tenant seed after the migrations. */
  seed?: boolean | null | undefined;
  /** What their slugs begin with; left out: test. */
  slugPrefix?: string | null | undefined;
};

/** What kind of server it is. */
export type DatabaseEngine =
  /** MariaDB. */
  | 'MARIADB'
  /** MySQL. */
  | 'MYSQL';

/** What is tried beside speed. */
export type DeepTestKind =
  /** Several connections that write one row at once lose nothing. */
  | 'CONCURRENT_WRITERS'
  /** A row is still there for the next connection. */
  | 'PERSISTENCE'
  /** A row that was rolled back is gone. */
  | 'ROLLBACK';

/** The tenant that is to go, with all its data. */
export type DeleteTenantInput = {
  /** Must equal the slug. */
  confirmSlug: string;
  /** The tenant. */
  id: string;
};

/** Which findings are meant; what is left out does not narrow. */
export type FindingFilter = {
  /** Any of these. */
  kinds?: Array<FindingKind> | null | undefined;
  /** On this server. */
  serverId?: string | null | undefined;
  /** Any of these. */
  severities?: Array<Severity> | null | undefined;
  /** Of this tenant. */
  tenantId?: string | null | undefined;
};

/** What differs between what must be and what is. */
export type FindingKind =
  /** The account is locked, though the tenant is not SUSPENDED. */
  | 'ACCOUNT_LOCKED'
  /** A column's type, nullability, default or charset differs. */
  | 'COLUMN_MISMATCH'
  /** The stored password does not open the account. */
  | 'CREDENTIALS_MISMATCH'
  /** The account may do more than it must: a matter of security. */
  | 'EXCESS_GRANTS'
  /** A column that no migration made. */
  | 'EXTRA_COLUMN'
  /** An index that no migration made. */
  | 'EXTRA_INDEX'
  /** A table that no migration made. */
  | 'EXTRA_TABLE'
  /** A migration was applied in part. */
  | 'HALF_APPLIED_MIGRATION'
  /** A migration was edited after it had been applied. */
  | 'MIGRATION_TAMPERED'
  /** A column of the tenant's migrations is not there. */
  | 'MISSING_COLUMN'
  /** The tenant's database is not there. */
  | 'MISSING_DATABASE'
  /** A foreign key of the tenant's migrations is not there. */
  | 'MISSING_FOREIGN_KEY'
  /** The account may do less than it must. */
  | 'MISSING_GRANTS'
  /** An index of the tenant's migrations is not there. */
  | 'MISSING_INDEX'
  /** A table of the tenant's migrations is not there. */
  | 'MISSING_TABLE'
  /** The tenant's account is not there. */
  | 'MISSING_USER'
  /** A database of the service's kind that no tenant has. */
  | 'ORPHAN_DATABASE'
  /** An account of the service's kind that no tenant has. */
  | 'ORPHAN_USER'
  /** The database carries another tenant's marker, or none. */
  | 'OWNERSHIP_MISMATCH'
  /** Migrations have not been applied yet. */
  | 'PENDING_MIGRATIONS'
  /** The database has migrations that the folder does not know. */
  | 'SCHEMA_AHEAD'
  /** Advice about a setting of the server. */
  | 'SERVER_SETTING'
  /** Work stopped before its end. */
  | 'STALLED'
  /** The registry's status is not what was seen. */
  | 'STATUS_INCONSISTENT'
  /** The server does not answer; nothing is said of its tenants. */
  | 'UNREACHABLE'
  /** The database or a table has another charset. */
  | 'WRONG_CHARSET'
  /** A table has another storage engine. */
  | 'WRONG_ENGINE';

/** Which tenants are meant. */
export type FleetInput = {
  /** Null or empty: every tenant that is not DELETED. */
  filter?: TenantFilter | null | undefined;
};

/** The sides of a tenant's isolation. */
export type IsolationCheckKind =
  /** It logs in as itself only, and nobody else as it. */
  | 'ACCOUNT'
  /** It cannot read others' rows. */
  | 'CROSS_READ'
  /** It cannot change, create, drop, lock or end what is others'. */
  | 'CROSS_WRITE'
  /** Its rows are its own: what was planted in it stays there, unchanged, and nothing of others turns up. */
  | 'DATA'
  /** Its account has the rights on its own database, and no others by any way. */
  | 'GRANTS'
  /** No role gives it more. */
  | 'ROLES'
  /** Neither can it see or use others' structures, nor do its own reach into theirs. */
  | 'SCHEMA'
  /** Connections hand nothing on from one user to the next. */
  | 'SESSION_STATE'
  /** No view, routine, trigger or event carries data across. */
  | 'STORED_CODE'
  /** It cannot see that others exist, nor what they do. */
  | 'VISIBILITY';

/** Which tenants to try as attackers and victims. */
export type IsolationTestInput = {
  /** Whether evidence lists every attempt, also where all were denied; default false. */
  detailed?: boolean | null | undefined;
  /** Left out: every ACTIVE tenant. */
  filter?: TenantFilter | null | undefined;
  /** At most so many, spread over those that match; left out: all. */
  maxTenants?: number | null | undefined;
};

/** Which jobs are meant; what is left out does not narrow. */
export type JobFilter = {
  /** Any of these. */
  kinds?: Array<JobKind> | null | undefined;
  /** Any of these. */
  statuses?: Array<JobStatus> | null | undefined;
  /** Work on this tenant. */
  tenantId?: string | null | undefined;
};

/** What became of one tenant in a job. */
export type JobItemStatus =
  /** Not done; `error` says why. */
  | 'FAILED'
  /** Left out; `error` says why. */
  | 'SKIPPED'
  /** Done. */
  | 'SUCCEEDED';

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

/** A key and a value that tenants can be found by. */
export type LabelInput = {
  /** Unique within the tenant. */
  key: string;
  /** Free text. */
  value: string;
};

/** Which tenants are brought to the newest migration, and how boldly. */
export type MigrateTenantsInput = {
  /** Null or empty: every ACTIVE or SUSPENDED tenant. */
  filter?: TenantFilter | null | undefined;
  /** Stop when this share of finished tenants has failed (0..1), counted from the fifth on; 0 stops at the first failure. In any case two failures among the first five stop it. */
  haltOnFailureRate?: number | null | undefined;
  /** Tenants at once on one server: 1..32, default 4. */
  maxParallel?: number | null | undefined;
};

/** Which end comes first. */
export type OrderDirection =
  /** Smallest or oldest first. */
  | 'ASC'
  /** Largest or newest first. */
  | 'DESC';

/** Which tenants to put under load, and how much of it. */
export type PerformanceTestInput = {
  /** Seconds over which they arrive evenly: 1..300, default 10. */
  durationSeconds?: number | null | undefined;
  /** Left out: the tenants with the label test=true, or a few ACTIVE ones where none carries it. */
  filter?: TenantFilter | null | undefined;
  /** At most so many tenants, chosen to stand for all. */
  maxTenants?: number | null | undefined;
  /** Users, spread over the tenants: 1..10000, default 10. */
  maxUsers?: number | null | undefined;
  /** Operations of each user: 1..100000, default 25. */
  operationsPerUser?: number | null | undefined;
  /** Leave out persistence, concurrent writers and roll-back; default false. */
  skipDeepTests?: boolean | null | undefined;
};

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

/** A host name to be taken from a tenant. */
export type RemoveTenantDomainInput = {
  /** The host name. */
  hostname: string;
  /** The tenant. */
  tenantId: string;
};

/** What repair does, or did, about a finding. */
export type RepairOutcome =
  /** The repair did not succeed. */
  | 'FAILED'
  /** Lost data would stay lost: only with confirmDataLoss. */
  | 'NEEDS_CONFIRMATION'
  /** It would be repaired; this was a dry run. */
  | 'PLANNED'
  /** It was put right. */
  | 'REPAIRED'
  /** Nothing: it is only said. */
  | 'REPORTED'
  /** It was left out. */
  | 'SKIPPED';

/** Which tenants are to be repaired, and how far it may go. */
export type RepairTenantsInput = {
  /** Allow repairs after which lost data stays lost, such as re-creating a missing database or table empty. */
  confirmDataLoss?: boolean | null | undefined;
  /** Report what would be done, change nothing. */
  dryRun?: boolean | null | undefined;
  /** Null or empty: every tenant that is not DELETED. */
  filter?: TenantFilter | null | undefined;
};

/** Whose connection is to be shown, and why. */
export type RevealTenantConnectionInput = {
  /** The tenant. */
  id: string;
  /** Goes to the audit log. */
  reason?: string | null | undefined;
};

/** What a caller may do; each role may what those before it may. */
export type Role =
  /** Reveal connections and rule over keys. */
  | 'ADMIN'
  /** Change tenants and start work. */
  | 'OPERATOR'
  /** Read all but secrets, and follow progress. */
  | 'VIEWER';

/** What a schedule runs. */
export type ScheduleKind =
  /** A connection test. */
  | 'CONNECTION'
  /** An isolation test. */
  | 'ISOLATION'
  /** A performance test. */
  | 'PERFORMANCE'
  /** A validation of tenants. */
  | 'VALIDATION';

/** What the last contact with a server showed. CORDONED and maxTenants are reserved for fleets of several servers. */
export type ServerStatus =
  /** It takes no new tenants. */
  | 'CORDONED'
  /** It answers. */
  | 'ONLINE'
  /** It does not answer; nothing is known of its tenants. */
  | 'UNREACHABLE';

/** How many ready-made databases a server is to keep. */
export type SetWarmPoolTargetInput = {
  /** Which server. */
  serverId: string;
  /** 0..1000. */
  target: number;
};

/** How much a finding matters. */
export type Severity =
  /** Data or isolation is at stake, or a tenant cannot work. */
  | 'CRITICAL'
  /** Good to know. */
  | 'INFO'
  /** Should be looked at. */
  | 'WARNING';

/** Which tenants are meant; what is left out does not narrow. */
export type TenantFilter = {
  /** Any of these. */
  ids?: Array<string> | null | undefined;
  /** All of these. */
  labels?: Array<LabelInput> | null | undefined;
  /** Any of these. */
  schemaVersions?: Array<string> | null | undefined;
  /** Prefix of slug, name or hostname. */
  search?: string | null | undefined;
  /** On this server. */
  serverId?: string | null | undefined;
  /** Any of these. */
  slugs?: Array<string> | null | undefined;
  /** Any of these; left out: all but DELETED. */
  statuses?: Array<TenantStatus> | null | undefined;
};

/** How a list of tenants is ordered. */
export type TenantOrder = {
  /** From which end. */
  direction: OrderDirection;
  /** By what. */
  field: TenantOrderField;
};

/** What tenants are ordered by. */
export type TenantOrderField =
  /** When it was entered. */
  | 'CREATED_AT'
  /** Its name. */
  | 'NAME'
  /** Its slug. */
  | 'SLUG';

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

/** What a test run looks at. */
export type TestKind =
  /** Whether each tenant can log in to its own database, and how quickly. */
  | 'CONNECTION'
  /** Whether tenants cannot reach each other. */
  | 'ISOLATION'
  /** How quickly tenants' databases answer under load. */
  | 'PERFORMANCE';

/** Which test runs are meant; what is left out does not narrow. */
export type TestRunFilter = {
  /** Any of these. */
  kinds?: Array<TestKind> | null | undefined;
  /** Any of these. */
  statuses?: Array<JobStatus> | null | undefined;
};

/** What is to change of a tenant; what is left out stays. */
export type UpdateTenantInput = {
  /** Refuse with STALE_GENERATION unless the tenant has this generation. */
  expectedGeneration?: number | null | undefined;
  /** The tenant. */
  id: string;
  /** Replaces all labels. */
  labels?: Array<LabelInput> | null | undefined;
  /** Its new name. */
  name?: string | null | undefined;
  /** Its new slug. */
  slug?: string | null | undefined;
};

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

export type ListServersQueryVariables = Exact<{ [key: string]: never; }>;


export type ListServersQuery = { databaseServers: Array<{ id: string, name: string, engine: DatabaseEngine, host: string, port: number, status: ServerStatus, version: string | null, tenantCount: number, maxTenants: number | null, lastContactAt: string | null, warmPool: { ready: number, target: number } }> };

export type ShowFleetQueryVariables = Exact<{ [key: string]: never; }>;


export type ShowFleetQuery = { viewer: { name: string, role: Role }, fleet: { latestSchemaVersion: string | null, openFindings: number, runningJobs: number, tenants: Array<{ status: TenantStatus, count: number }>, schemaVersions: Array<{ version: string | null, tenants: number }> } };

export type ListKeysQueryVariables = Exact<{ [key: string]: never; }>;


export type ListKeysQuery = { apiKeys: Array<{ id: string, name: string, prefix: string, role: Role, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null }> };

export type CreateKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateKeyMutation = { answer: { secret: string | null, apiKey: { id: string, name: string, role: Role, expiresAt: string | null } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type RevokeKeyMutationVariables = Exact<{
  id: string;
}>;


export type RevokeKeyMutation = { answer: { apiKey: { id: string, name: string, revokedAt: string | null } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type ListAuditQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: AuditFilter | null | undefined;
}>;


export type ListAuditQuery = { auditLog: { nodes: Array<{ id: string, at: string, actor: string, action: string, subject: string | null, result: string, requestId: string, note: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ListSchedulesQueryVariables = Exact<{ [key: string]: never; }>;


export type ListSchedulesQuery = { schedules: Array<{ id: string, name: string, kind: ScheduleKind, cron: string, timeZone: string, enabled: boolean, nextRunAt: string | null, lastRunAt: string | null, lastMissedReason: string | null, options: string }> };

export type SetPoolMutationVariables = Exact<{
  input: SetWarmPoolTargetInput;
}>;


export type SetPoolMutation = { answer: { job: { id: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type ReencryptSecretsMutationVariables = Exact<{ [key: string]: never; }>;


export type ReencryptSecretsMutation = { answer: { job: { id: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type ProgressFiguresFragment = { done: number, failed: number, skipped: number, total: number, percent: number, phase: string, ratePerSecond: number | null, etaSeconds: number | null };

export type TenantRowFragment = { id: string, slug: string, name: string, status: TenantStatus, statusReason: string | null, schemaVersion: string | null, databaseName: string, generation: number, createdAt: string, worstFinding: Severity | null, primaryDomain: { hostname: string } | null, labels: Array<{ key: string, value: string }>, server: { name: string }, health: { reachable: boolean, latencyMs: number | null, rating: Rating | null, errorCode: string | null, checkedAt: string } | null };

export type JobRowFragment = { id: string, kind: JobKind, status: JobStatus, attempts: number, requestedBy: string, createdAt: string, startedAt: string | null, finishedAt: string | null, lastSequence: number, progress: { done: number, failed: number, skipped: number, total: number, percent: number, phase: string, ratePerSecond: number | null, etaSeconds: number | null }, error: { code: string, message: string, retryable: boolean } | null, tenant: { id: string, slug: string } | null };

export type FindingRowFragment = { kind: FindingKind, severity: Severity, outcome: RepairOutcome, object: string, message: string, expected: string | null, actual: string | null, observedAt: string, server: { name: string }, tenant: { id: string, slug: string } | null };

export type StatsFragment = { count: number, min: number, avg: number, p50: number, p90: number, p95: number, p99: number, max: number };

export type RunRowFragment = { id: string, kind: TestKind, status: JobStatus, verdict: Verdict | null, rating: Rating | null, createdAt: string, startedAt: string | null, finishedAt: string | null, job: { id: string }, coverage: { tenantsInScope: number, tenantsTested: number }, summary: { passed: number, failed: number, inconclusive: number, successRate: number, operations: number, operationsPerSecond: number | null, errors: number, latency: { count: number, min: number, avg: number, p50: number, p90: number, p95: number, p99: number, max: number } | null } };

export type RefusalFragment = { code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null };

export type PageEndFragment = { hasNextPage: boolean, endCursor: string | null };

export type ListJobsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: JobFilter | null | undefined;
}>;


export type ListJobsQuery = { jobs: { nodes: Array<{ id: string, kind: JobKind, status: JobStatus, attempts: number, requestedBy: string, createdAt: string, startedAt: string | null, finishedAt: string | null, lastSequence: number, progress: { done: number, failed: number, skipped: number, total: number, percent: number, phase: string, ratePerSecond: number | null, etaSeconds: number | null }, error: { code: string, message: string, retryable: boolean } | null, tenant: { id: string, slug: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ShowJobQueryVariables = Exact<{
  id: string;
}>;


export type ShowJobQuery = { job: { id: string, kind: JobKind, status: JobStatus, attempts: number, requestedBy: string, createdAt: string, startedAt: string | null, finishedAt: string | null, lastSequence: number, progress: { done: number, failed: number, skipped: number, total: number, percent: number, phase: string, ratePerSecond: number | null, etaSeconds: number | null }, error: { code: string, message: string, retryable: boolean } | null, tenant: { id: string, slug: string } | null } | null };

export type JobItemsQueryVariables = Exact<{
  id: string;
  first: number;
  after?: string | null | undefined;
  statuses?: Array<JobItemStatus> | JobItemStatus | null | undefined;
}>;


export type JobItemsQuery = { job: { items: { nodes: Array<{ status: JobItemStatus, durationMs: number, fromVersion: string | null, toVersion: string | null, tenant: { slug: string }, error: { code: string, message: string, retryable: boolean } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type JobFindingsQueryVariables = Exact<{
  id: string;
  first: number;
  after?: string | null | undefined;
}>;


export type JobFindingsQuery = { job: { findings: { nodes: Array<{ kind: FindingKind, severity: Severity, outcome: RepairOutcome, object: string, message: string, expected: string | null, actual: string | null, observedAt: string, server: { name: string }, tenant: { id: string, slug: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type OpenFindingsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: FindingFilter | null | undefined;
}>;


export type OpenFindingsQuery = { findings: { nodes: Array<{ kind: FindingKind, severity: Severity, outcome: RepairOutcome, object: string, message: string, expected: string | null, actual: string | null, observedAt: string, server: { name: string }, tenant: { id: string, slug: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CancelJobMutationVariables = Exact<{
  id: string;
}>;


export type CancelJobMutation = { answer: { job: { id: string, status: JobStatus } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type RetryJobMutationVariables = Exact<{
  id: string;
}>;


export type RetryJobMutation = { answer: { job: { id: string, kind: JobKind } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type MigrateMutationVariables = Exact<{
  input: MigrateTenantsInput;
}>;


export type MigrateMutation = { answer: { job: { id: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type SeedMutationVariables = Exact<{
  input: FleetInput;
}>;


export type SeedMutation = { answer: { job: { id: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type ValidateMutationVariables = Exact<{
  input: FleetInput;
}>;


export type ValidateMutation = { answer: { job: { id: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type RepairMutationVariables = Exact<{
  input: RepairTenantsInput;
}>;


export type RepairMutation = { answer: { job: { id: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type FollowJobSubscriptionVariables = Exact<{
  id: string;
  after?: number | null | undefined;
}>;


export type FollowJobSubscription = { event: { sequence: number, at: string, status: JobStatus, message: string, progress: { done: number, failed: number, skipped: number, total: number, percent: number, phase: string, ratePerSecond: number | null, etaSeconds: number | null } } };

export type StartConnectionTestMutationVariables = Exact<{
  input: ConnectionTestInput;
}>;


export type StartConnectionTestMutation = { answer: { testRun: { id: string, kind: TestKind, job: { id: string } } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type StartIsolationTestMutationVariables = Exact<{
  input: IsolationTestInput;
}>;


export type StartIsolationTestMutation = { answer: { testRun: { id: string, kind: TestKind, job: { id: string } } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type StartPerformanceTestMutationVariables = Exact<{
  input: PerformanceTestInput;
}>;


export type StartPerformanceTestMutation = { answer: { testRun: { id: string, kind: TestKind, job: { id: string } } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type StartedRunFragment = { id: string, kind: TestKind, job: { id: string } };

export type FindRunQueryVariables = Exact<{
  id: string;
}>;


export type FindRunQuery = { testRun: { id: string, kind: TestKind, job: { id: string } } | null };

export type ListRunsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: TestRunFilter | null | undefined;
}>;


export type ListRunsQuery = { testRuns: { nodes: Array<{ id: string, kind: TestKind, status: JobStatus, verdict: Verdict | null, rating: Rating | null, createdAt: string, startedAt: string | null, finishedAt: string | null, job: { id: string }, coverage: { tenantsInScope: number, tenantsTested: number }, summary: { passed: number, failed: number, inconclusive: number, successRate: number, operations: number, operationsPerSecond: number | null, errors: number, latency: { count: number, min: number, avg: number, p50: number, p90: number, p95: number, p99: number, max: number } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ShowRunQueryVariables = Exact<{
  id: string;
}>;


export type ShowRunQuery = { testRun: { recommendations: Array<string>, id: string, kind: TestKind, status: JobStatus, verdict: Verdict | null, rating: Rating | null, createdAt: string, startedAt: string | null, finishedAt: string | null, budget: { requestedOperations: number, plannedOperations: number, maxOperations: number, maxConcurrency: number, limitedBy: Array<string>, explanation: Array<string> }, comparedToBaseline: { outcome: ComparisonOutcome, base: { id: string, createdAt: string }, head: { id: string, createdAt: string }, metrics: Array<{ metric: ComparedMetric, base: number, head: number, change: number, relativeChange: number | null, beyondNoise: boolean, outcome: ComparisonOutcome }> } | null, job: { id: string }, coverage: { tenantsInScope: number, tenantsTested: number }, summary: { passed: number, failed: number, inconclusive: number, successRate: number, operations: number, operationsPerSecond: number | null, errors: number, latency: { count: number, min: number, avg: number, p50: number, p90: number, p95: number, p99: number, max: number } | null } } | null };

export type RunResultsQueryVariables = Exact<{
  id: string;
  first: number;
  after?: string | null | undefined;
  verdicts?: Array<Verdict> | Verdict | null | undefined;
}>;


export type RunResultsQuery = { testRun: { results: { nodes: Array<
        | { __typename: 'ConnectionTestResult', attempts: number, connectMs: number | null, queryMs: number | null, serverVersion: string | null, rating: Rating | null, verdict: Verdict, durationMs: number, errorCode: string | null, message: string | null, tenant: { id: string, slug: string } }
        | { __typename: 'IsolationTestResult', verdict: Verdict, durationMs: number, errorCode: string | null, message: string | null, checks: Array<{ kind: IsolationCheckKind, verdict: Verdict, evidence: string }>, tenant: { id: string, slug: string } }
        | { __typename: 'PerformanceTestResult', operations: number, errors: number, operationsPerSecond: number, rating: Rating | null, verdict: Verdict, durationMs: number, errorCode: string | null, message: string | null, latency: { count: number, min: number, avg: number, p50: number, p90: number, p95: number, p99: number, max: number }, errorsByCode: Array<{ code: string, count: number }>, deepTests: Array<{ kind: DeepTestKind, passed: boolean, evidence: string }>, tenant: { id: string, slug: string } }
      >, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

type RunResult_ConnectionTestResult_Fragment = { __typename: 'ConnectionTestResult', attempts: number, connectMs: number | null, queryMs: number | null, serverVersion: string | null, rating: Rating | null, verdict: Verdict, durationMs: number, errorCode: string | null, message: string | null, tenant: { id: string, slug: string } };

type RunResult_IsolationTestResult_Fragment = { __typename: 'IsolationTestResult', verdict: Verdict, durationMs: number, errorCode: string | null, message: string | null, checks: Array<{ kind: IsolationCheckKind, verdict: Verdict, evidence: string }>, tenant: { id: string, slug: string } };

type RunResult_PerformanceTestResult_Fragment = { __typename: 'PerformanceTestResult', operations: number, errors: number, operationsPerSecond: number, rating: Rating | null, verdict: Verdict, durationMs: number, errorCode: string | null, message: string | null, latency: { count: number, min: number, avg: number, p50: number, p90: number, p95: number, p99: number, max: number }, errorsByCode: Array<{ code: string, count: number }>, deepTests: Array<{ kind: DeepTestKind, passed: boolean, evidence: string }>, tenant: { id: string, slug: string } };

export type RunResultFragment =
  | RunResult_ConnectionTestResult_Fragment
  | RunResult_IsolationTestResult_Fragment
  | RunResult_PerformanceTestResult_Fragment
;

export type RunsComparedFragment = { outcome: ComparisonOutcome, base: { id: string, createdAt: string }, head: { id: string, createdAt: string }, metrics: Array<{ metric: ComparedMetric, base: number, head: number, change: number, relativeChange: number | null, beyondNoise: boolean, outcome: ComparisonOutcome }> };

export type CompareRunsQueryVariables = Exact<{
  baseId: string;
  headId: string;
}>;


export type CompareRunsQuery = { compareTestRuns: { outcome: ComparisonOutcome, base: { id: string, createdAt: string }, head: { id: string, createdAt: string }, metrics: Array<{ metric: ComparedMetric, base: number, head: number, change: number, relativeChange: number | null, beyondNoise: boolean, outcome: ComparisonOutcome }> } | null };

export type SetBaselineMutationVariables = Exact<{
  id: string;
}>;


export type SetBaselineMutation = { answer: { testRun: { id: string, kind: TestKind } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type FollowRunSubscriptionVariables = Exact<{
  id: string;
  after?: number | null | undefined;
}>;


export type FollowRunSubscription = { event: { sequence: number, at: string, status: JobStatus, message: string, verdict: Verdict | null, operations: number, operationsPerSecond: number | null, errors: number, progress: { done: number, failed: number, skipped: number, total: number, percent: number, phase: string, ratePerSecond: number | null, etaSeconds: number | null } } };

export type ListTenantsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: TenantFilter | null | undefined;
  orderBy?: TenantOrder | null | undefined;
}>;


export type ListTenantsQuery = { tenants: { nodes: Array<{ id: string, slug: string, name: string, status: TenantStatus, statusReason: string | null, schemaVersion: string | null, databaseName: string, generation: number, createdAt: string, worstFinding: Severity | null, primaryDomain: { hostname: string } | null, labels: Array<{ key: string, value: string }>, server: { name: string }, health: { reachable: boolean, latencyMs: number | null, rating: Rating | null, errorCode: string | null, checkedAt: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type FindTenantByIdQueryVariables = Exact<{
  id: string;
}>;


export type FindTenantByIdQuery = { tenant: { id: string, slug: string } | null };

export type FindTenantBySlugQueryVariables = Exact<{
  slug: string;
}>;


export type FindTenantBySlugQuery = { tenantBySlug: { id: string, slug: string } | null };

export type ShowTenantQueryVariables = Exact<{
  id: string;
}>;


export type ShowTenantQuery = { tenant: { updatedAt: string, validatedAt: string | null, deletedAt: string | null, id: string, slug: string, name: string, status: TenantStatus, statusReason: string | null, schemaVersion: string | null, databaseName: string, generation: number, createdAt: string, worstFinding: Severity | null, domains: Array<{ hostname: string, isPrimary: boolean }>, findings: Array<{ kind: FindingKind, severity: Severity, outcome: RepairOutcome, object: string, message: string, expected: string | null, actual: string | null, observedAt: string, server: { name: string }, tenant: { id: string, slug: string } | null }>, jobs: { nodes: Array<{ id: string, kind: JobKind, status: JobStatus, attempts: number, requestedBy: string, createdAt: string, startedAt: string | null, finishedAt: string | null, lastSequence: number, progress: { done: number, failed: number, skipped: number, total: number, percent: number, phase: string, ratePerSecond: number | null, etaSeconds: number | null }, error: { code: string, message: string, retryable: boolean } | null, tenant: { id: string, slug: string } | null }> }, primaryDomain: { hostname: string } | null, labels: Array<{ key: string, value: string }>, server: { name: string }, health: { reachable: boolean, latencyMs: number | null, rating: Rating | null, errorCode: string | null, checkedAt: string } | null } | null };

export type LocateTenantQueryVariables = Exact<{
  id: string;
}>;


export type LocateTenantQuery = { tenant: { slug: string, databaseName: string, server: { host: string, port: number } } | null };

export type CreateTenantMutationVariables = Exact<{
  input: CreateTenantInput;
}>;


export type CreateTenantMutation = { answer: { tenant: { id: string, slug: string, name: string, status: TenantStatus, statusReason: string | null, schemaVersion: string | null, databaseName: string, generation: number, createdAt: string, worstFinding: Severity | null, primaryDomain: { hostname: string } | null, labels: Array<{ key: string, value: string }>, server: { name: string }, health: { reachable: boolean, latencyMs: number | null, rating: Rating | null, errorCode: string | null, checkedAt: string } | null } | null, job: { id: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type CreateTestTenantsMutationVariables = Exact<{
  input: CreateTestTenantsInput;
}>;


export type CreateTestTenantsMutation = { answer: { tenants: Array<{ id: string, slug: string }>, job: { id: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type UpdateTenantMutationVariables = Exact<{
  input: UpdateTenantInput;
}>;


export type UpdateTenantMutation = { answer: { tenant: { id: string, slug: string, name: string, status: TenantStatus, statusReason: string | null, schemaVersion: string | null, databaseName: string, generation: number, createdAt: string, worstFinding: Severity | null, primaryDomain: { hostname: string } | null, labels: Array<{ key: string, value: string }>, server: { name: string }, health: { reachable: boolean, latencyMs: number | null, rating: Rating | null, errorCode: string | null, checkedAt: string } | null } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type SuspendTenantMutationVariables = Exact<{
  id: string;
}>;


export type SuspendTenantMutation = { answer: { job: { id: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type ResumeTenantMutationVariables = Exact<{
  id: string;
}>;


export type ResumeTenantMutation = { answer: { job: { id: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type RotateTenantMutationVariables = Exact<{
  id: string;
}>;


export type RotateTenantMutation = { answer: { job: { id: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type RetryTenantMutationVariables = Exact<{
  id: string;
}>;


export type RetryTenantMutation = { answer: { job: { id: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type DeleteTenantMutationVariables = Exact<{
  input: DeleteTenantInput;
}>;


export type DeleteTenantMutation = { answer: { job: { id: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type AddDomainMutationVariables = Exact<{
  input: AddTenantDomainInput;
}>;


export type AddDomainMutation = { answer: { domain: { hostname: string, isPrimary: boolean } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type RemoveDomainMutationVariables = Exact<{
  input: RemoveTenantDomainInput;
}>;


export type RemoveDomainMutation = { answer: { domain: { hostname: string, isPrimary: boolean } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export type RevealConnectionMutationVariables = Exact<{
  input: RevealTenantConnectionInput;
}>;


export type RevealConnectionMutation = { answer: { connection: { host: string, port: number, database: string, username: string, password: string, url: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, jobId: string | null }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const TenantRowFragmentDoc = new TypedDocumentString(`
    fragment TenantRow on Tenant {
  id
  slug
  name
  status
  statusReason
  schemaVersion
  databaseName
  generation
  createdAt
  worstFinding
  primaryDomain {
    hostname
  }
  labels {
    key
    value
  }
  server {
    name
  }
  health {
    reachable
    latencyMs
    rating
    errorCode
    checkedAt
  }
}
    `, {"fragmentName":"TenantRow"}) as unknown as TypedDocumentString<TenantRowFragment, unknown>;
export const ProgressFiguresFragmentDoc = new TypedDocumentString(`
    fragment ProgressFigures on Progress {
  done
  failed
  skipped
  total
  percent
  phase
  ratePerSecond
  etaSeconds
}
    `, {"fragmentName":"ProgressFigures"}) as unknown as TypedDocumentString<ProgressFiguresFragment, unknown>;
export const JobRowFragmentDoc = new TypedDocumentString(`
    fragment JobRow on Job {
  id
  kind
  status
  attempts
  requestedBy
  createdAt
  startedAt
  finishedAt
  lastSequence
  progress {
    ...ProgressFigures
  }
  error {
    code
    message
    retryable
  }
  tenant {
    id
    slug
  }
}
    fragment ProgressFigures on Progress {
  done
  failed
  skipped
  total
  percent
  phase
  ratePerSecond
  etaSeconds
}`, {"fragmentName":"JobRow"}) as unknown as TypedDocumentString<JobRowFragment, unknown>;
export const FindingRowFragmentDoc = new TypedDocumentString(`
    fragment FindingRow on Finding {
  kind
  severity
  outcome
  object
  message
  expected
  actual
  observedAt
  server {
    name
  }
  tenant {
    id
    slug
  }
}
    `, {"fragmentName":"FindingRow"}) as unknown as TypedDocumentString<FindingRowFragment, unknown>;
export const StatsFragmentDoc = new TypedDocumentString(`
    fragment Stats on LatencyStats {
  count
  min
  avg
  p50
  p90
  p95
  p99
  max
}
    `, {"fragmentName":"Stats"}) as unknown as TypedDocumentString<StatsFragment, unknown>;
export const RunRowFragmentDoc = new TypedDocumentString(`
    fragment RunRow on TestRun {
  id
  kind
  status
  verdict
  rating
  createdAt
  startedAt
  finishedAt
  job {
    id
  }
  coverage {
    tenantsInScope
    tenantsTested
  }
  summary {
    passed
    failed
    inconclusive
    successRate
    operations
    operationsPerSecond
    errors
    latency {
      ...Stats
    }
  }
}
    fragment Stats on LatencyStats {
  count
  min
  avg
  p50
  p90
  p95
  p99
  max
}`, {"fragmentName":"RunRow"}) as unknown as TypedDocumentString<RunRowFragment, unknown>;
export const RefusalFragmentDoc = new TypedDocumentString(`
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}
    `, {"fragmentName":"Refusal"}) as unknown as TypedDocumentString<RefusalFragment, unknown>;
export const PageEndFragmentDoc = new TypedDocumentString(`
    fragment PageEnd on PageInfo {
  hasNextPage
  endCursor
}
    `, {"fragmentName":"PageEnd"}) as unknown as TypedDocumentString<PageEndFragment, unknown>;
export const StartedRunFragmentDoc = new TypedDocumentString(`
    fragment StartedRun on TestRun {
  id
  kind
  job {
    id
  }
}
    `, {"fragmentName":"StartedRun"}) as unknown as TypedDocumentString<StartedRunFragment, unknown>;
export const RunResultFragmentDoc = new TypedDocumentString(`
    fragment RunResult on TestResult {
  __typename
  verdict
  durationMs
  errorCode
  message
  tenant {
    id
    slug
  }
  ... on ConnectionTestResult {
    attempts
    connectMs
    queryMs
    serverVersion
    rating
  }
  ... on IsolationTestResult {
    checks {
      kind
      verdict
      evidence
    }
  }
  ... on PerformanceTestResult {
    operations
    errors
    operationsPerSecond
    rating
    latency {
      ...Stats
    }
    errorsByCode {
      code
      count
    }
    deepTests {
      kind
      passed
      evidence
    }
  }
}
    fragment Stats on LatencyStats {
  count
  min
  avg
  p50
  p90
  p95
  p99
  max
}`, {"fragmentName":"RunResult"}) as unknown as TypedDocumentString<RunResultFragment, unknown>;
export const RunsComparedFragmentDoc = new TypedDocumentString(`
    fragment RunsCompared on TestRunComparison {
  outcome
  base {
    id
    createdAt
  }
  head {
    id
    createdAt
  }
  metrics {
    metric
    base
    head
    change
    relativeChange
    beyondNoise
    outcome
  }
}
    `, {"fragmentName":"RunsCompared"}) as unknown as TypedDocumentString<RunsComparedFragment, unknown>;
export const ListServersDocument = new TypedDocumentString(`
    query ListServers {
  databaseServers {
    id
    name
    engine
    host
    port
    status
    version
    tenantCount
    maxTenants
    lastContactAt
    warmPool {
      ready
      target
    }
  }
}
    `) as unknown as TypedDocumentString<ListServersQuery, ListServersQueryVariables>;
export const ShowFleetDocument = new TypedDocumentString(`
    query ShowFleet {
  viewer {
    name
    role
  }
  fleet {
    latestSchemaVersion
    openFindings
    runningJobs
    tenants {
      status
      count
    }
    schemaVersions {
      version
      tenants
    }
  }
}
    `) as unknown as TypedDocumentString<ShowFleetQuery, ShowFleetQueryVariables>;
export const ListKeysDocument = new TypedDocumentString(`
    query ListKeys {
  apiKeys {
    id
    name
    prefix
    role
    createdAt
    expiresAt
    lastUsedAt
    revokedAt
  }
}
    `) as unknown as TypedDocumentString<ListKeysQuery, ListKeysQueryVariables>;
export const CreateKeyDocument = new TypedDocumentString(`
    mutation CreateKey($input: CreateApiKeyInput!) {
  answer: createApiKey(input: $input) {
    apiKey {
      id
      name
      role
      expiresAt
    }
    secret
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<CreateKeyMutation, CreateKeyMutationVariables>;
export const RevokeKeyDocument = new TypedDocumentString(`
    mutation RevokeKey($id: ID!) {
  answer: revokeApiKey(input: {id: $id}) {
    apiKey {
      id
      name
      revokedAt
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<RevokeKeyMutation, RevokeKeyMutationVariables>;
export const ListAuditDocument = new TypedDocumentString(`
    query ListAudit($first: Int!, $after: String, $filter: AuditFilter) {
  auditLog(first: $first, after: $after, filter: $filter) {
    nodes {
      id
      at
      actor
      action
      subject
      result
      requestId
      note
    }
    pageInfo {
      ...PageEnd
    }
  }
}
    fragment PageEnd on PageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<ListAuditQuery, ListAuditQueryVariables>;
export const ListSchedulesDocument = new TypedDocumentString(`
    query ListSchedules {
  schedules {
    id
    name
    kind
    cron
    timeZone
    enabled
    nextRunAt
    lastRunAt
    lastMissedReason
    options
  }
}
    `) as unknown as TypedDocumentString<ListSchedulesQuery, ListSchedulesQueryVariables>;
export const SetPoolDocument = new TypedDocumentString(`
    mutation SetPool($input: SetWarmPoolTargetInput!) {
  answer: setWarmPoolTarget(input: $input) {
    job {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<SetPoolMutation, SetPoolMutationVariables>;
export const ReencryptSecretsDocument = new TypedDocumentString(`
    mutation ReencryptSecrets {
  answer: reencryptSecrets {
    job {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<ReencryptSecretsMutation, ReencryptSecretsMutationVariables>;
export const ListJobsDocument = new TypedDocumentString(`
    query ListJobs($first: Int!, $after: String, $filter: JobFilter) {
  jobs(first: $first, after: $after, filter: $filter) {
    nodes {
      ...JobRow
    }
    pageInfo {
      ...PageEnd
    }
  }
}
    fragment ProgressFigures on Progress {
  done
  failed
  skipped
  total
  percent
  phase
  ratePerSecond
  etaSeconds
}
fragment JobRow on Job {
  id
  kind
  status
  attempts
  requestedBy
  createdAt
  startedAt
  finishedAt
  lastSequence
  progress {
    ...ProgressFigures
  }
  error {
    code
    message
    retryable
  }
  tenant {
    id
    slug
  }
}
fragment PageEnd on PageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<ListJobsQuery, ListJobsQueryVariables>;
export const ShowJobDocument = new TypedDocumentString(`
    query ShowJob($id: ID!) {
  job(id: $id) {
    ...JobRow
  }
}
    fragment ProgressFigures on Progress {
  done
  failed
  skipped
  total
  percent
  phase
  ratePerSecond
  etaSeconds
}
fragment JobRow on Job {
  id
  kind
  status
  attempts
  requestedBy
  createdAt
  startedAt
  finishedAt
  lastSequence
  progress {
    ...ProgressFigures
  }
  error {
    code
    message
    retryable
  }
  tenant {
    id
    slug
  }
}`) as unknown as TypedDocumentString<ShowJobQuery, ShowJobQueryVariables>;
export const JobItemsDocument = new TypedDocumentString(`
    query JobItems($id: ID!, $first: Int!, $after: String, $statuses: [JobItemStatus!]) {
  job(id: $id) {
    items(first: $first, after: $after, statuses: $statuses) {
      nodes {
        status
        durationMs
        fromVersion
        toVersion
        tenant {
          slug
        }
        error {
          code
          message
          retryable
        }
      }
      pageInfo {
        ...PageEnd
      }
    }
  }
}
    fragment PageEnd on PageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<JobItemsQuery, JobItemsQueryVariables>;
export const JobFindingsDocument = new TypedDocumentString(`
    query JobFindings($id: ID!, $first: Int!, $after: String) {
  job(id: $id) {
    findings(first: $first, after: $after) {
      nodes {
        ...FindingRow
      }
      pageInfo {
        ...PageEnd
      }
    }
  }
}
    fragment FindingRow on Finding {
  kind
  severity
  outcome
  object
  message
  expected
  actual
  observedAt
  server {
    name
  }
  tenant {
    id
    slug
  }
}
fragment PageEnd on PageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<JobFindingsQuery, JobFindingsQueryVariables>;
export const OpenFindingsDocument = new TypedDocumentString(`
    query OpenFindings($first: Int!, $after: String, $filter: FindingFilter) {
  findings(first: $first, after: $after, filter: $filter) {
    nodes {
      ...FindingRow
    }
    pageInfo {
      ...PageEnd
    }
  }
}
    fragment FindingRow on Finding {
  kind
  severity
  outcome
  object
  message
  expected
  actual
  observedAt
  server {
    name
  }
  tenant {
    id
    slug
  }
}
fragment PageEnd on PageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<OpenFindingsQuery, OpenFindingsQueryVariables>;
export const CancelJobDocument = new TypedDocumentString(`
    mutation CancelJob($id: ID!) {
  answer: cancelJob(input: {id: $id}) {
    job {
      id
      status
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<CancelJobMutation, CancelJobMutationVariables>;
export const RetryJobDocument = new TypedDocumentString(`
    mutation RetryJob($id: ID!) {
  answer: retryJob(input: {id: $id}) {
    job {
      id
      kind
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<RetryJobMutation, RetryJobMutationVariables>;
export const MigrateDocument = new TypedDocumentString(`
    mutation Migrate($input: MigrateTenantsInput!) {
  answer: migrateTenants(input: $input) {
    job {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<MigrateMutation, MigrateMutationVariables>;
export const SeedDocument = new TypedDocumentString(`
    mutation Seed($input: FleetInput!) {
  answer: seedTenants(input: $input) {
    job {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<SeedMutation, SeedMutationVariables>;
export const ValidateDocument = new TypedDocumentString(`
    mutation Validate($input: FleetInput!) {
  answer: validateTenants(input: $input) {
    job {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<ValidateMutation, ValidateMutationVariables>;
export const RepairDocument = new TypedDocumentString(`
    mutation Repair($input: RepairTenantsInput!) {
  answer: repairTenants(input: $input) {
    job {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<RepairMutation, RepairMutationVariables>;
export const FollowJobDocument = new TypedDocumentString(`
    subscription FollowJob($id: ID!, $after: Int) {
  event: jobProgress(id: $id, after: $after) {
    sequence
    at
    status
    message
    progress {
      ...ProgressFigures
    }
  }
}
    fragment ProgressFigures on Progress {
  done
  failed
  skipped
  total
  percent
  phase
  ratePerSecond
  etaSeconds
}`) as unknown as TypedDocumentString<FollowJobSubscription, FollowJobSubscriptionVariables>;
export const StartConnectionTestDocument = new TypedDocumentString(`
    mutation StartConnectionTest($input: ConnectionTestInput!) {
  answer: startConnectionTest(input: $input) {
    testRun {
      ...StartedRun
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}
fragment StartedRun on TestRun {
  id
  kind
  job {
    id
  }
}`) as unknown as TypedDocumentString<StartConnectionTestMutation, StartConnectionTestMutationVariables>;
export const StartIsolationTestDocument = new TypedDocumentString(`
    mutation StartIsolationTest($input: IsolationTestInput!) {
  answer: startIsolationTest(input: $input) {
    testRun {
      ...StartedRun
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}
fragment StartedRun on TestRun {
  id
  kind
  job {
    id
  }
}`) as unknown as TypedDocumentString<StartIsolationTestMutation, StartIsolationTestMutationVariables>;
export const StartPerformanceTestDocument = new TypedDocumentString(`
    mutation StartPerformanceTest($input: PerformanceTestInput!) {
  answer: startPerformanceTest(input: $input) {
    testRun {
      ...StartedRun
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}
fragment StartedRun on TestRun {
  id
  kind
  job {
    id
  }
}`) as unknown as TypedDocumentString<StartPerformanceTestMutation, StartPerformanceTestMutationVariables>;
export const FindRunDocument = new TypedDocumentString(`
    query FindRun($id: ID!) {
  testRun(id: $id) {
    ...StartedRun
  }
}
    fragment StartedRun on TestRun {
  id
  kind
  job {
    id
  }
}`) as unknown as TypedDocumentString<FindRunQuery, FindRunQueryVariables>;
export const ListRunsDocument = new TypedDocumentString(`
    query ListRuns($first: Int!, $after: String, $filter: TestRunFilter) {
  testRuns(first: $first, after: $after, filter: $filter) {
    nodes {
      ...RunRow
    }
    pageInfo {
      ...PageEnd
    }
  }
}
    fragment Stats on LatencyStats {
  count
  min
  avg
  p50
  p90
  p95
  p99
  max
}
fragment RunRow on TestRun {
  id
  kind
  status
  verdict
  rating
  createdAt
  startedAt
  finishedAt
  job {
    id
  }
  coverage {
    tenantsInScope
    tenantsTested
  }
  summary {
    passed
    failed
    inconclusive
    successRate
    operations
    operationsPerSecond
    errors
    latency {
      ...Stats
    }
  }
}
fragment PageEnd on PageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<ListRunsQuery, ListRunsQueryVariables>;
export const ShowRunDocument = new TypedDocumentString(`
    query ShowRun($id: ID!) {
  testRun(id: $id) {
    ...RunRow
    recommendations
    budget {
      requestedOperations
      plannedOperations
      maxOperations
      maxConcurrency
      limitedBy
      explanation
    }
    comparedToBaseline {
      ...RunsCompared
    }
  }
}
    fragment Stats on LatencyStats {
  count
  min
  avg
  p50
  p90
  p95
  p99
  max
}
fragment RunRow on TestRun {
  id
  kind
  status
  verdict
  rating
  createdAt
  startedAt
  finishedAt
  job {
    id
  }
  coverage {
    tenantsInScope
    tenantsTested
  }
  summary {
    passed
    failed
    inconclusive
    successRate
    operations
    operationsPerSecond
    errors
    latency {
      ...Stats
    }
  }
}
fragment RunsCompared on TestRunComparison {
  outcome
  base {
    id
    createdAt
  }
  head {
    id
    createdAt
  }
  metrics {
    metric
    base
    head
    change
    relativeChange
    beyondNoise
    outcome
  }
}`) as unknown as TypedDocumentString<ShowRunQuery, ShowRunQueryVariables>;
export const RunResultsDocument = new TypedDocumentString(`
    query RunResults($id: ID!, $first: Int!, $after: String, $verdicts: [Verdict!]) {
  testRun(id: $id) {
    results(first: $first, after: $after, verdicts: $verdicts) {
      nodes {
        ...RunResult
      }
      pageInfo {
        ...PageEnd
      }
    }
  }
}
    fragment Stats on LatencyStats {
  count
  min
  avg
  p50
  p90
  p95
  p99
  max
}
fragment PageEnd on PageInfo {
  hasNextPage
  endCursor
}
fragment RunResult on TestResult {
  __typename
  verdict
  durationMs
  errorCode
  message
  tenant {
    id
    slug
  }
  ... on ConnectionTestResult {
    attempts
    connectMs
    queryMs
    serverVersion
    rating
  }
  ... on IsolationTestResult {
    checks {
      kind
      verdict
      evidence
    }
  }
  ... on PerformanceTestResult {
    operations
    errors
    operationsPerSecond
    rating
    latency {
      ...Stats
    }
    errorsByCode {
      code
      count
    }
    deepTests {
      kind
      passed
      evidence
    }
  }
}`) as unknown as TypedDocumentString<RunResultsQuery, RunResultsQueryVariables>;
export const CompareRunsDocument = new TypedDocumentString(`
    query CompareRuns($baseId: ID!, $headId: ID!) {
  compareTestRuns(baseId: $baseId, headId: $headId) {
    ...RunsCompared
  }
}
    fragment RunsCompared on TestRunComparison {
  outcome
  base {
    id
    createdAt
  }
  head {
    id
    createdAt
  }
  metrics {
    metric
    base
    head
    change
    relativeChange
    beyondNoise
    outcome
  }
}`) as unknown as TypedDocumentString<CompareRunsQuery, CompareRunsQueryVariables>;
export const SetBaselineDocument = new TypedDocumentString(`
    mutation SetBaseline($id: ID!) {
  answer: setTestBaseline(input: {id: $id}) {
    testRun {
      id
      kind
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<SetBaselineMutation, SetBaselineMutationVariables>;
export const FollowRunDocument = new TypedDocumentString(`
    subscription FollowRun($id: ID!, $after: Int) {
  event: testRunProgress(id: $id, after: $after) {
    sequence
    at
    status
    message
    verdict
    operations
    operationsPerSecond
    errors
    progress {
      ...ProgressFigures
    }
  }
}
    fragment ProgressFigures on Progress {
  done
  failed
  skipped
  total
  percent
  phase
  ratePerSecond
  etaSeconds
}`) as unknown as TypedDocumentString<FollowRunSubscription, FollowRunSubscriptionVariables>;
export const ListTenantsDocument = new TypedDocumentString(`
    query ListTenants($first: Int!, $after: String, $filter: TenantFilter, $orderBy: TenantOrder) {
  tenants(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    nodes {
      ...TenantRow
    }
    pageInfo {
      ...PageEnd
    }
  }
}
    fragment TenantRow on Tenant {
  id
  slug
  name
  status
  statusReason
  schemaVersion
  databaseName
  generation
  createdAt
  worstFinding
  primaryDomain {
    hostname
  }
  labels {
    key
    value
  }
  server {
    name
  }
  health {
    reachable
    latencyMs
    rating
    errorCode
    checkedAt
  }
}
fragment PageEnd on PageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<ListTenantsQuery, ListTenantsQueryVariables>;
export const FindTenantByIdDocument = new TypedDocumentString(`
    query FindTenantById($id: ID!) {
  tenant(id: $id) {
    id
    slug
  }
}
    `) as unknown as TypedDocumentString<FindTenantByIdQuery, FindTenantByIdQueryVariables>;
export const FindTenantBySlugDocument = new TypedDocumentString(`
    query FindTenantBySlug($slug: String!) {
  tenantBySlug(slug: $slug) {
    id
    slug
  }
}
    `) as unknown as TypedDocumentString<FindTenantBySlugQuery, FindTenantBySlugQueryVariables>;
export const ShowTenantDocument = new TypedDocumentString(`
    query ShowTenant($id: ID!) {
  tenant(id: $id) {
    ...TenantRow
    updatedAt
    validatedAt
    deletedAt
    domains {
      hostname
      isPrimary
    }
    findings {
      ...FindingRow
    }
    jobs(first: 5) {
      nodes {
        ...JobRow
      }
    }
  }
}
    fragment ProgressFigures on Progress {
  done
  failed
  skipped
  total
  percent
  phase
  ratePerSecond
  etaSeconds
}
fragment TenantRow on Tenant {
  id
  slug
  name
  status
  statusReason
  schemaVersion
  databaseName
  generation
  createdAt
  worstFinding
  primaryDomain {
    hostname
  }
  labels {
    key
    value
  }
  server {
    name
  }
  health {
    reachable
    latencyMs
    rating
    errorCode
    checkedAt
  }
}
fragment JobRow on Job {
  id
  kind
  status
  attempts
  requestedBy
  createdAt
  startedAt
  finishedAt
  lastSequence
  progress {
    ...ProgressFigures
  }
  error {
    code
    message
    retryable
  }
  tenant {
    id
    slug
  }
}
fragment FindingRow on Finding {
  kind
  severity
  outcome
  object
  message
  expected
  actual
  observedAt
  server {
    name
  }
  tenant {
    id
    slug
  }
}`) as unknown as TypedDocumentString<ShowTenantQuery, ShowTenantQueryVariables>;
export const LocateTenantDocument = new TypedDocumentString(`
    query LocateTenant($id: ID!) {
  tenant(id: $id) {
    slug
    databaseName
    server {
      host
      port
    }
  }
}
    `) as unknown as TypedDocumentString<LocateTenantQuery, LocateTenantQueryVariables>;
export const CreateTenantDocument = new TypedDocumentString(`
    mutation CreateTenant($input: CreateTenantInput!) {
  answer: createTenant(input: $input) {
    tenant {
      ...TenantRow
    }
    job {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment TenantRow on Tenant {
  id
  slug
  name
  status
  statusReason
  schemaVersion
  databaseName
  generation
  createdAt
  worstFinding
  primaryDomain {
    hostname
  }
  labels {
    key
    value
  }
  server {
    name
  }
  health {
    reachable
    latencyMs
    rating
    errorCode
    checkedAt
  }
}
fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<CreateTenantMutation, CreateTenantMutationVariables>;
export const CreateTestTenantsDocument = new TypedDocumentString(`
    mutation CreateTestTenants($input: CreateTestTenantsInput!) {
  answer: createTestTenants(input: $input) {
    tenants {
      id
      slug
    }
    job {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<CreateTestTenantsMutation, CreateTestTenantsMutationVariables>;
export const UpdateTenantDocument = new TypedDocumentString(`
    mutation UpdateTenant($input: UpdateTenantInput!) {
  answer: updateTenant(input: $input) {
    tenant {
      ...TenantRow
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment TenantRow on Tenant {
  id
  slug
  name
  status
  statusReason
  schemaVersion
  databaseName
  generation
  createdAt
  worstFinding
  primaryDomain {
    hostname
  }
  labels {
    key
    value
  }
  server {
    name
  }
  health {
    reachable
    latencyMs
    rating
    errorCode
    checkedAt
  }
}
fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<UpdateTenantMutation, UpdateTenantMutationVariables>;
export const SuspendTenantDocument = new TypedDocumentString(`
    mutation SuspendTenant($id: ID!) {
  answer: suspendTenant(input: {id: $id}) {
    job {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<SuspendTenantMutation, SuspendTenantMutationVariables>;
export const ResumeTenantDocument = new TypedDocumentString(`
    mutation ResumeTenant($id: ID!) {
  answer: resumeTenant(input: {id: $id}) {
    job {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<ResumeTenantMutation, ResumeTenantMutationVariables>;
export const RotateTenantDocument = new TypedDocumentString(`
    mutation RotateTenant($id: ID!) {
  answer: rotateTenantCredentials(input: {id: $id}) {
    job {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<RotateTenantMutation, RotateTenantMutationVariables>;
export const RetryTenantDocument = new TypedDocumentString(`
    mutation RetryTenant($id: ID!) {
  answer: retryTenant(input: {id: $id}) {
    job {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<RetryTenantMutation, RetryTenantMutationVariables>;
export const DeleteTenantDocument = new TypedDocumentString(`
    mutation DeleteTenant($input: DeleteTenantInput!) {
  answer: deleteTenant(input: $input) {
    job {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<DeleteTenantMutation, DeleteTenantMutationVariables>;
export const AddDomainDocument = new TypedDocumentString(`
    mutation AddDomain($input: AddTenantDomainInput!) {
  answer: addTenantDomain(input: $input) {
    domain {
      hostname
      isPrimary
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<AddDomainMutation, AddDomainMutationVariables>;
export const RemoveDomainDocument = new TypedDocumentString(`
    mutation RemoveDomain($input: RemoveTenantDomainInput!) {
  answer: removeTenantDomain(input: $input) {
    domain {
      hostname
      isPrimary
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<RemoveDomainMutation, RemoveDomainMutationVariables>;
export const RevealConnectionDocument = new TypedDocumentString(`
    mutation RevealConnection($input: RevealTenantConnectionInput!) {
  answer: revealTenantConnection(input: $input) {
    connection {
      host
      port
      database
      username
      password
      url
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
  jobId
}`) as unknown as TypedDocumentString<RevealConnectionMutation, RevealConnectionMutationVariables>;