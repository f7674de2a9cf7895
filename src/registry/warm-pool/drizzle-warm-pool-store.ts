import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Job, JobEvent } from "../../jobs/job.ts";
import type { NewJob } from "../../jobs/job-store.ts";
import type { Origin } from "../../kit/actor.ts";
import type { Clock } from "../../kit/clock.ts";
import { NotFound } from "../../kit/domain-error.ts";
import type { Ids, ServerId, TenantId } from "../../kit/ids.ts";
import type { ReservedDatabase, WarmDatabase } from "../../provisioning/warm-pool/warm-database.ts";
import type { EnteredTarget, WarmPoolStore } from "../../provisioning/warm-pool/warm-pool-store.ts";
import type { AppliedSchema } from "../../tenants/tenant-lifecycle-store.ts";
import { writeAudit } from "../access/audit-rows.ts";
import { insertRows, parts } from "../bulk.ts";
import type { Orm, RegistryDatabase } from "../database.ts";
import { jobColumns, toJob } from "../jobs/job-rows.ts";
import { enterJob, lockedColumns, writeCancel } from "../jobs/job-writes.ts";
import { jobs } from "../tables/jobs.ts";
import { servers } from "../tables/servers.ts";
import { warmDatabases } from "../tables/warm-databases.ts";

/** Ready-made databases in the registry. */
export class DrizzleWarmPoolStore implements WarmPoolStore {
  constructor(
    private readonly db: RegistryDatabase,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  setTarget(serverId: ServerId, target: number, job: NewJob, origin: Origin): Promise<EnteredTarget> {
    return this.db.transaction(async (tx) => {
      const [server] = await tx.select({ id: servers.id }).from(servers).where(eq(servers.id, serverId)).for("update");
      if (!server) throw new NotFound("There is no such database server.", { field: ["input", "serverId"] });
      const at = this.clock.now();
      await tx.update(servers).set({ warmPoolTarget: target }).where(eq(servers.id, serverId));
      const { kept, cancelled } = await cancelFills(tx, serverId, target, at);
      const entered = kept ?? (await enterJob(tx, job, at));
      const subject = `DatabaseServer:${serverId}`;
      const action = job.action ?? "setWarmPoolTarget";
      await writeAudit(tx, this.ids, at, [{ origin, action, subject, result: "OK", note: `target ${target}` }]);
      return { job: entered, cancelled };
    });
  }

  list(serverId: ServerId): Promise<readonly WarmDatabase[]> {
    return this.db.read(async (orm) => {
      const rows = await orm
        .select()
        .from(warmDatabases)
        .where(eq(warmDatabases.serverId, serverId))
        .orderBy(asc(warmDatabases.createdAt), asc(warmDatabases.tenantId));
      return rows.map(toWarm);
    });
  }

  readyCounts(serverIds: readonly ServerId[], schemaChecksum: string): Promise<ReadonlyMap<ServerId, number>> {
    return this.db.read(async (orm) => {
      if (serverIds.length === 0) return new Map();
      const { serverId, state } = warmDatabases;
      const rows = await orm
        .select({ serverId, count: sql<number>`count(*)` })
        .from(warmDatabases)
        .where(
          and(inArray(serverId, [...serverIds]), eq(state, "READY"), eq(warmDatabases.schemaChecksum, schemaChecksum)),
        )
        .groupBy(serverId);
      return new Map(rows.map((row) => [row.serverId, Number(row.count)]));
    });
  }

  async reserve(databases: readonly ReservedDatabase[]): Promise<void> {
    if (databases.length === 0) return;
    const createdAt = this.clock.now();
    const rows = databases.map(({ tenantId, serverId, databaseName, password }) => {
      return { tenantId, serverId, databaseName, password, createdAt, state: "FILLING" as const };
    });
    await this.db.transaction((tx) => insertRows(tx, warmDatabases, rows));
  }

  complete(id: TenantId, { version, checksum }: AppliedSchema): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const [changed] = await tx
        .update(warmDatabases)
        .set({ state: "READY", schemaVersion: version ?? null, schemaChecksum: checksum ?? null })
        .where(and(eq(warmDatabases.tenantId, id), eq(warmDatabases.state, "FILLING")));
      return changed.affectedRows > 0;
    });
  }

  withdraw(ids: readonly TenantId[], to: "FILLING" | "REAPING"): Promise<readonly TenantId[]> {
    return this.db.transaction(async (tx) => {
      const withdrawn: TenantId[] = [];
      for (const part of parts(ids)) {
        // Whoever claims one at the same time is passed over: the row is as good as gone.
        const rows = await tx
          .select({ id: warmDatabases.tenantId })
          .from(warmDatabases)
          .where(and(inArray(warmDatabases.tenantId, part), inArray(warmDatabases.state, ["FILLING", "READY"])))
          .for("update", { skipLocked: true });
        const found = rows.map(({ id }) => id);
        if (found.length === 0) continue;
        await tx.update(warmDatabases).set({ state: to }).where(inArray(warmDatabases.tenantId, found));
        withdrawn.push(...found);
      }
      return withdrawn;
    });
  }

  async forget(id: TenantId): Promise<void> {
    await this.db.transaction((tx) =>
      tx.delete(warmDatabases).where(and(eq(warmDatabases.tenantId, id), eq(warmDatabases.state, "REAPING"))),
    );
  }
}

/**
 * One job at a time fills a server's pool: more would wait for it in places that others need. One that is at the same target
 * goes on: what it has begun need not be begun again.
 */
async function cancelFills(tx: Orm, serverId: ServerId, target: number, at: Date): Promise<Fills> {
  const ofServer = sql`json_unquote(json_extract(${jobs.input}, '$.serverId')) = ${serverId}`;
  const unfinished = await tx
    .select({ ...jobColumns, ...lockedColumns })
    .from(jobs)
    .where(and(eq(jobs.kind, "FILL_WARM_POOL"), inArray(jobs.status, ["QUEUED", "RUNNING"]), ofServer))
    .orderBy(asc(jobs.createdAt), asc(jobs.id))
    .for("update");
  // One that waits for its next try is no reason to wait with it.
  const kept = unfinished.findLast(
    ({ status, attempts, input }) => input.target === target && (status === "RUNNING" || attempts === 0),
  );
  const cancelled: JobEvent[] = [];
  for (const job of unfinished) {
    if (job !== kept) cancelled.push(await writeCancel(tx, job, "A later target takes its place.", at));
  }
  return { kept: kept && toJob(kept), cancelled };
}

interface Fills {
  /** Absent: none is under way that would do. */
  readonly kept?: Job | undefined;
  readonly cancelled: readonly JobEvent[];
}

function toWarm(row: typeof warmDatabases.$inferSelect): WarmDatabase {
  return { ...row, schemaVersion: row.schemaVersion ?? undefined, schemaChecksum: row.schemaChecksum ?? undefined };
}
