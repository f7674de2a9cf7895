import { and, asc, eq, gt, inArray, isNull, lte, ne, or, sql } from "drizzle-orm";
import type { AuditNote } from "../../access/audit.ts";
import { changesTenants } from "../../jobs/changing-kinds.ts";
import { type Job, type JobEvent, type JobKind, type JobStatus, mayBecome } from "../../jobs/job.ts";
import {
  type ClaimedJob,
  type HandBack,
  type JobEnd,
  type JobFilter,
  type JobLease,
  type JobStep,
  type JobStore,
  LeaseLost,
  type NewJob,
} from "../../jobs/job-store.ts";
import type { Origin } from "../../kit/actor.ts";
import type { Clock } from "../../kit/clock.ts";
import type { Ids, JobId } from "../../kit/ids.ts";
import type { Page, PageRequest } from "../../kit/page.ts";
import { writeAudit } from "../access/audit-rows.ts";
import type { RegistryDatabase } from "../database.ts";
import { BatchLookup } from "../paging/batch-lookup.ts";
import { planPage, toPage } from "../paging/keyset.ts";
import { jobEvents } from "../tables/job-events.ts";
import { jobs } from "../tables/jobs.ts";
import { reserveAll } from "./busy-tenants.ts";
import { DrizzleJobItems } from "./drizzle-job-items.ts";
import { enterItems } from "./item-writes.ts";
import { claimJob } from "./job-claim.ts";
import { countJobs, newestJobs, selectJobs, whereJobs } from "./job-filter.ts";
import { type JobRow, jobColumns, toJob, toJobEvent } from "./job-rows.ts";
import {
  databaseNow,
  databaseTimeAfter,
  enterJob,
  getsOn,
  heldBy,
  lockedColumns,
  lockForHolder,
  lockJob,
  noLease,
  writeCancel,
  writeEnd,
  writeStep,
} from "./job-writes.ts";

/** Jobs, their events and items in the registry. */
export class DrizzleJobStore extends DrizzleJobItems implements JobStore {
  readonly #byId: BatchLookup<JobId, JobRow>;
  readonly #events: ReturnType<typeof prepareEvents>;

  constructor(
    db: RegistryDatabase,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    super(db);
    this.#events = prepareEvents(db);
    this.#byId = new BatchLookup((keys) =>
      db.orm
        .select(jobColumns)
        .from(jobs)
        .where(inArray(jobs.id, [...keys]))
        .prepare(),
    );
  }

  enqueue(job: NewJob, origin: Origin): Promise<Job> {
    return this.db.transaction(async (tx) => {
      const at = this.clock.now();
      const entered = await enterJob(tx, job, at);
      const changed = job.tenantId !== undefined && changesTenants(job.kind) ? [job.tenantId] : [];
      await reserveAll(tx, job.id, changed);
      await enterItems(tx, job, job.items);
      await writeAudit(tx, this.ids, at, [note(job.action ?? actionOf(job.kind), job.id, origin)]);
      return entered;
    });
  }

  async find(id: JobId): Promise<Job | undefined> {
    const [job] = await this.findMany([id]);
    return job;
  }

  async findMany(ids: readonly JobId[]): Promise<readonly Job[]> {
    const rows = await this.db.read(() => this.#byId.rows(ids));
    return rows.map(toJob);
  }

  list(filter: JobFilter, page: PageRequest): Promise<Page<Job>> {
    return this.db.read(async (orm) => {
      const plan = planPage(newestJobs, page);
      const rows = await selectJobs(orm, filter)
        .where(and(whereJobs(filter), plan.where))
        .orderBy(...plan.orderBy)
        .limit(plan.limit);
      return toPage(newestJobs, page, rows, toJob);
    });
  }

  count(filter: JobFilter, cap: number): Promise<number> {
    return this.db.read((orm) => countJobs(orm, filter, cap));
  }

  claim(owner: string, leaseMs: number, ofOne: readonly JobKind[], ofMany = ofOne): Promise<ClaimedJob | undefined> {
    return this.db.transaction((tx) => claimJob(tx, owner, leaseMs, { ofOne, ofMany }, this.clock.now()));
  }

  record(lease: JobLease, step: JobStep, leaseMs: number): Promise<JobEvent> {
    return this.db.transaction(async (tx) => {
      const job = await lockForHolder(tx, lease);
      const leaseExpiresAt = databaseTimeAfter(leaseMs);
      return writeStep(tx, job, job.status, step, this.clock.now(), { leaseExpiresAt });
    });
  }

  extend(lease: JobLease, leaseMs: number): Promise<JobStatus> {
    return this.db.transaction(async (tx) => {
      const mine = and(eq(jobs.id, lease.jobId), heldBy(lease));
      await tx
        .update(jobs)
        .set({ leaseExpiresAt: databaseTimeAfter(leaseMs) })
        .where(mine);
      const [job] = await tx.select({ status: jobs.status }).from(jobs).where(mine);
      if (!job) throw new LeaseLost("The lease of the job was lost.");
      return job.status;
    });
  }

  finish(lease: JobLease, end: JobEnd): Promise<JobEvent> {
    return this.db.transaction(async (tx) => writeEnd(tx, await lockForHolder(tx, lease), end, this.clock.now()));
  }

  handBack(lease: JobLease, step: JobStep, { delayMs, counted }: HandBack): Promise<JobEvent> {
    return this.db.transaction(async (tx) => {
      const job = await lockForHolder(tx, lease);
      const status = job.status === "CANCELLING" ? "CANCELLING" : "QUEUED";
      const failures = getsOn(job, step.progress) ? 1 : sql`${jobs.failures} + 1`;
      const start = counted ? { failures, losses: 0 } : { attempts: sql`${jobs.attempts} - 1` };
      const back = { ...noLease, ...start, availableAt: databaseTimeAfter(delayMs) };
      return writeStep(tx, job, status, step, this.clock.now(), back);
    });
  }

  requestCancel(
    id: JobId,
    origin: Origin,
  ): Promise<{ readonly job: Job; readonly event?: JobEvent | undefined } | undefined> {
    return this.db.transaction(async (tx) => {
      const locked = await lockJob(tx, id);
      if (!locked) return undefined;
      const [row] = await tx.select(jobColumns).from(jobs).where(eq(jobs.id, id));
      if (!row) return undefined;
      if (!mayBecome(locked.status, "CANCELLING")) return { job: toJob(row) };
      const at = this.clock.now();
      const event = await writeCancel(tx, locked, "Asked to cancel.", at);
      await writeAudit(tx, this.ids, at, [note("cancelJob", id, origin)]);
      return { job: { ...toJob(row), status: "CANCELLING", lastSequence: event.sequence }, event };
    });
  }

  returnLost(liveOwner: string): Promise<readonly JobEvent[]> {
    return this.db.transaction(async (tx) => {
      const orphaned = or(
        isNull(jobs.leaseOwner),
        ne(jobs.leaseOwner, liveOwner),
        lte(jobs.leaseExpiresAt, databaseNow),
      );
      const lost = await tx
        .select({ ...lockedColumns, owner: jobs.leaseOwner })
        .from(jobs)
        .where(and(eq(jobs.status, "RUNNING"), orphaned))
        .orderBy(jobs.createdAt, jobs.id)
        .for("update");
      // What is left of a CANCELLING job is to clean up: nobody has to wait for a dead process' lease.
      await tx
        .update(jobs)
        .set(noLease)
        .where(and(eq(jobs.status, "CANCELLING"), ne(jobs.leaseOwner, liveOwner)));
      const events: JobEvent[] = [];
      for (const { owner, ...job } of lost) {
        // This process lives: its lease ran out because the registry was away, or it was held up.
        const late = owner === liveOwner;
        const why = late ? "Its lease ran out" : "The process that ran it is gone";
        const step = { progress: job.progress, message: `${why}; it will be taken up again.` };
        const loss = late ? {} : { losses: sql`${jobs.losses} + 1` };
        const again = { ...noLease, ...loss, availableAt: databaseNow };
        events.push(await writeStep(tx, job, "QUEUED", step, this.clock.now(), again));
      }
      return events;
    });
  }

  async events(id: JobId, after: number, limit: number): Promise<readonly JobEvent[]> {
    const rows = await this.db.read(() => this.#events.execute({ id, after, limit }));
    return rows.map(toJobEvent);
  }
}

function prepareEvents({ orm }: RegistryDatabase) {
  return orm
    .select()
    .from(jobEvents)
    .where(and(eq(jobEvents.jobId, sql.placeholder("id")), gt(jobEvents.sequence, sql.placeholder("after"))))
    .orderBy(asc(jobEvents.sequence))
    .limit(sql.placeholder("limit"))
    .prepare();
}

function note(action: string, id: JobId, origin: Origin): AuditNote {
  return { origin, action, subject: `Job:${id}`, result: "OK" };
}

/** `VALIDATE_TENANTS` → `validateTenants`. */
function actionOf(kind: JobKind): string {
  return kind.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
