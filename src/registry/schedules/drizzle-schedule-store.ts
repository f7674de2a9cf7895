import { and, asc, eq, inArray, isNotNull, lte, sql } from "drizzle-orm";
import type { Origin } from "../../kit/actor.ts";
import type { Clock } from "../../kit/clock.ts";
import { InvalidInput, LimitExceeded, NotFound } from "../../kit/domain-error.ts";
import type { Ids, JobId, ScheduleId } from "../../kit/ids.ts";
import type { MissedRuns, Schedule } from "../../schedules/schedule.ts";
import type { DueStep, ScheduleStore, ScheduleWish, StartingRun } from "../../schedules/schedule-store.ts";
import { readRun } from "../../schedules/scheduled-run.ts";
import { writeAudit } from "../access/audit-rows.ts";
import type { Orm, RegistryDatabase } from "../database.ts";
import { isAsciiKey } from "../paging/keyset.ts";
import { schedules } from "../tables/schedules.ts";

type ScheduleRow = typeof schedules.$inferSelect;

/** Schedules in the registry. */
export class DrizzleScheduleStore implements ScheduleStore {
  constructor(
    private readonly db: RegistryDatabase,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  list(): Promise<readonly Schedule[]> {
    return this.db.read(async (orm) =>
      (await orm.select().from(schedules).orderBy(asc(schedules.name))).map(toSchedule),
    );
  }

  async findMany(ids: readonly ScheduleId[]): Promise<readonly Schedule[]> {
    const possible = ids.filter(isAsciiKey);
    if (possible.length === 0) return [];
    return this.db.read(async (orm) =>
      (await orm.select().from(schedules).where(inArray(schedules.id, possible))).map(toSchedule),
    );
  }

  put(id: ScheduleId | undefined, wish: ScheduleWish, limit: number, origin: Origin): Promise<Schedule> {
    return this.db.transaction(async (tx) => {
      // There are a hundred at most: all are locked, so that neither a name nor the limit is taken twice.
      const all = await tx.select({ id: schedules.id, name: schedules.name }).from(schedules).for("update");
      const namesake = all.find(({ name }) => name === wish.name)?.id;
      const meant = id ?? namesake;
      if (id !== undefined && !all.some((one) => one.id === id)) throw notFound();
      if (namesake !== undefined && namesake !== meant) {
        const field = ["input", "name"];
        throw new InvalidInput(`A schedule with the name "${wish.name}" already exists.`, { field });
      }
      if (meant === undefined && all.length >= limit) throw new LimitExceeded(`There are ${limit} schedules at most.`);
      const written = await this.#write(tx, meant, wish);
      await this.#audit(tx, origin, "upsertSchedule", written.id, "OK");
      return written;
    });
  }

  remove(id: ScheduleId, origin: Origin): Promise<Schedule> {
    return this.db.transaction(async (tx) => {
      const [row] = isAsciiKey(id) ? await tx.select().from(schedules).where(eq(schedules.id, id)).for("update") : [];
      if (!row) throw notFound();
      await tx.delete(schedules).where(eq(schedules.id, id));
      await this.#audit(tx, origin, "deleteSchedule", id, "OK");
      return toSchedule(row);
    });
  }

  due(now: Date, limit: number): Promise<readonly Schedule[]> {
    return this.db.read(async (orm) => {
      const due = orm.select().from(schedules).where(lte(schedules.nextRunAt, now));
      return (await due.orderBy(asc(schedules.nextRunAt)).limit(limit)).map(toSchedule);
    });
  }

  claim(step: DueStep, origin: Origin): Promise<boolean> {
    return this.#moveOn(step, { startingAt: step.dueAt }, origin);
  }

  skip(step: DueStep, origin: Origin): Promise<boolean> {
    return this.#moveOn(step, {}, origin);
  }

  async started(id: ScheduleId, dueAt: Date, jobId: JobId): Promise<void> {
    await this.db.transaction((tx) =>
      tx.update(schedules).set({ startingAt: null, lastRunAt: dueAt, lastJobId: jobId }).where(eq(schedules.id, id)),
    );
  }

  failed(id: ScheduleId, missed: MissedRuns, origin: Origin): Promise<void> {
    return this.db.transaction(async (tx) => {
      await tx
        .update(schedules)
        .set({ startingAt: null, ...missedColumns(missed) })
        .where(eq(schedules.id, id));
      await this.#audit(tx, origin, "runSchedule", id, missed.code);
    });
  }

  starting(): Promise<readonly StartingRun[]> {
    return this.db.read(async (orm) => {
      const rows = await orm.select().from(schedules).where(isNotNull(schedules.startingAt));
      return rows.flatMap((row) => (row.startingAt ? [{ schedule: toSchedule(row), dueAt: row.startingAt }] : []));
    });
  }

  async #write(tx: Orm, meant: ScheduleId | undefined, wish: ScheduleWish): Promise<Schedule> {
    const at = this.clock.now();
    const columns = { ...wish, nextRunAt: wish.nextRunAt ?? null, updatedAt: at };
    if (meant === undefined) {
      const id = this.ids.next<"Schedule">();
      // Where there was nothing to lock, somebody may have entered the same name meanwhile.
      const entering = tx.insert(schedules).values({ id, ...columns, missedTotal: 0, createdAt: at });
      await entering.onDuplicateKeyUpdate({ set: columns });
    } else {
      await tx.update(schedules).set(columns).where(eq(schedules.id, meant));
    }
    const [row] = await tx.select().from(schedules).where(eq(schedules.name, wish.name));
    if (!row) throw notFound();
    return toSchedule(row);
  }

  #moveOn({ id, dueAt, nextRunAt, missed }: DueStep, set: { startingAt?: Date }, origin: Origin): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const [moved] = await tx
        .update(schedules)
        .set({ nextRunAt: nextRunAt ?? null, ...set, ...(missed && missedColumns(missed)) })
        .where(and(eq(schedules.id, id), eq(schedules.nextRunAt, dueAt)));
      if (moved.affectedRows === 0) return false;
      if (missed) await this.#audit(tx, origin, "runSchedule", id, missed.code);
      return true;
    });
  }

  async #audit(tx: Orm, origin: Origin, action: string, id: ScheduleId, result: string): Promise<void> {
    await writeAudit(tx, this.ids, this.clock.now(), [{ origin, action, subject: `Schedule:${id}`, result }]);
  }
}

function missedColumns({ at, code, message, count }: MissedRuns) {
  return {
    lastMissedAt: at,
    lastMissedReason: `${code}: ${message}`,
    missedTotal: sql`${schedules.missedTotal} + ${count}`,
  };
}

function notFound(): NotFound {
  return new NotFound("There is no such schedule.", { field: ["input", "id"] });
}

function toSchedule({ startingAt: _, ...row }: ScheduleRow): Schedule {
  return {
    ...row,
    run: readRun(row.run),
    nextRunAt: row.nextRunAt ?? undefined,
    lastRunAt: row.lastRunAt ?? undefined,
    lastJobId: row.lastJobId ?? undefined,
    lastMissedAt: row.lastMissedAt ?? undefined,
    lastMissedReason: row.lastMissedReason ?? undefined,
  };
}
