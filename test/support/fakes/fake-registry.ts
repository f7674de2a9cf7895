import type { ApiKey } from "../../../src/access/api-key.ts";
import type { AuditNote } from "../../../src/access/audit.ts";
import type { Job, JobEvent, JobItem } from "../../../src/jobs/job.ts";
import type { Clock } from "../../../src/kit/clock.ts";
import type { ApiKeyId, DomainId, JobId, ServerId, TenantId } from "../../../src/kit/ids.ts";
import { InvalidCursor, type Page, type PageRequest } from "../../../src/kit/page.ts";
import type { WarmDatabase } from "../../../src/provisioning/warm-pool/warm-database.ts";
import type { DatabaseServer } from "../../../src/servers/database-server.ts";
import type { ScratchObject } from "../../../src/servers/scratch-store.ts";
import type { Domain, Label, Tenant, TenantHealth } from "../../../src/tenants/tenant.ts";
import type { TestResult, TestRun } from "../../../src/test-runs/test-run.ts";

/** What the registry keeps of a job beside what the domain knows. */
export interface FakeJob {
  job: Job;
  readonly events: JobEvent[];
  /** In the order of adding. */
  readonly items: Map<TenantId, JobItem>;
  /** In the order of settling. */
  readonly settled: TenantId[];
  availableAtMs: number;
  owner: string | undefined;
  leaseEndsAtMs: number;
  fence: number;
  failures: number;
  losses: number;
  /** Time that has passed for this job alone. */
  passedMs: number;
}

export interface FakeTenant {
  tenant: Tenant;
  readonly password: string;
  labels: readonly Label[];
  busy: JobId | undefined;
}

export interface FakeRun {
  run: TestRun;
  readonly results: Map<TenantId, TestResult>;
}

/** A registry in memory, which the fakes of all stores share. */
export class FakeRegistry {
  readonly tenants = new Map<TenantId, FakeTenant>();
  readonly domains = new Map<DomainId, Domain>();
  readonly health = new Map<TenantId, TenantHealth>();
  readonly jobs = new Map<JobId, FakeJob>();
  readonly runs = new Map<JobId, FakeRun>();
  readonly servers = new Map<ServerId, DatabaseServer>();
  readonly apiKeys = new Map<ApiKeyId, { key: ApiKey; readonly hash: string }>();
  readonly warm = new Map<TenantId, WarmDatabase>();
  readonly scratch = new Map<string, ScratchObject>();
  readonly idempotency = new Map<string, { readonly same: string; readonly jobId: JobId }>();
  readonly audit: AuditNote[] = [];

  constructor(readonly clock: Clock) {}

  /** The database's clock, as a job's lease and waiting are measured by it. */
  nowMs(job: FakeJob): number {
    return this.clock.monotonicMs() + job.passedMs;
  }

  clear(): void {
    const maps = [this.tenants, this.domains, this.health, this.jobs, this.runs, this.servers, this.apiKeys];
    for (const map of [...maps, this.warm, this.scratch, this.idempotency]) map.clear();
    this.audit.length = 0;
  }
}

type Key = string | number;

/** Cuts a page out of rows. @param keyOf what they are ordered by, ascending unless `descending` @throws InvalidCursor */
export function fakePage<T>(
  rows: Iterable<T>,
  keyOf: (row: T) => readonly [Key, Key],
  request: PageRequest,
  order: { readonly name: string; readonly descending?: boolean },
): Page<T> {
  const sign = order.descending ? -1 : 1;
  const compare = (a: readonly [Key, Key], b: readonly [Key, Key]) => sign * (by(a[0], b[0]) || by(a[1], b[1]));
  const all = [...rows].sort((a, b) => compare(keyOf(a), keyOf(b)));
  const cursor = request.cursor === undefined ? undefined : parse(request.cursor, order.name);
  const forward = request.direction === "FORWARD";
  const beyond = cursor
    ? all.filter((row) => (forward ? compare(keyOf(row), cursor) > 0 : compare(keyOf(row), cursor) < 0))
    : all;
  const wanted = forward ? beyond.slice(0, request.limit) : beyond.slice(-request.limit);
  const more = beyond.length > wanted.length;
  const came = cursor !== undefined;
  return {
    edges: wanted.map((node) => ({ node, cursor: encode([order.name, ...keyOf(node)]) })),
    hasNextPage: forward ? more : came,
    hasPreviousPage: forward ? came : more,
  };

  function parse(text: string, name: string): readonly [Key, Key] {
    try {
      const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
      const [order, lead, tie]: unknown[] = Array.isArray(value) ? value : [];
      const own = isKey(lead) && isKey(tie) && encode([name, lead, tie]) === text;
      if (order === name && own) return [lead, tie];
    } catch (error) {
      throw invalid(error);
    }
    throw invalid();
  }
  function invalid(cause?: unknown): InvalidCursor {
    const field = [request.direction === "FORWARD" ? "after" : "before"];
    return new InvalidCursor("The cursor does not belong to this list.", { field, cause });
  }
}

/** Orders numbers and texts; texts by their code points. */
export function by(a: Key, b: Key): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isKey(value: unknown): value is Key {
  return typeof value === "string" || typeof value === "number";
}

function encode(values: readonly Key[]): string {
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}
