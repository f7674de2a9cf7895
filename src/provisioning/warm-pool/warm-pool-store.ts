import type { Job, JobEvent } from "../../jobs/job.ts";
import type { NewJob } from "../../jobs/job-store.ts";
import type { Origin } from "../../kit/actor.ts";
import type { ServerId, TenantId } from "../../kit/ids.ts";
import type { AppliedSchema } from "../../tenants/tenant-lifecycle-store.ts";
import type { ReservedDatabase, WarmDatabase } from "./warm-database.ts";

/** A wish for another target. */
export interface EnteredTarget {
  /** What sees to it. */
  readonly job: Job;
  /** Of earlier jobs for the same server, which have nothing to bring about any more. */
  readonly cancelled: readonly JobEvent[];
}

/** The registry, as far as ready-made databases are concerned. Each method is one transaction. A claim is part of an admission. */
export interface WarmPoolStore {
  /**
   * Says how many a server keeps, and enters the job that sees to it, with an audit row. Earlier jobs for the server that have
   * not ended become CANCELLING; but one that is at the same target goes on, and none is entered. @throws NotFound
   */
  setTarget(serverId: ServerId, target: number, job: NewJob, origin: Origin): Promise<EnteredTarget>;
  /** All of a server, whatever their state; the oldest first. */
  list(serverId: ServerId): Promise<readonly WarmDatabase[]>;
  /** How many of each server may be claimed: those that are READY with this schema. */
  readyCounts(serverIds: readonly ServerId[], schemaChecksum: string): Promise<ReadonlyMap<ServerId, number>>;

  /** Enters them as FILLING, before anything is made of them. */
  reserve(databases: readonly ReservedDatabase[]): Promise<void>;
  /** FILLING → READY. @returns false when it is not FILLING any more */
  complete(id: TenantId, schema: AppliedSchema): Promise<boolean>;
  /** READY or FILLING → FILLING or REAPING, as far as nobody has claimed them. @returns those that nobody gets any more */
  withdraw(ids: readonly TenantId[], to: "FILLING" | "REAPING"): Promise<readonly TenantId[]>;
  /** REAPING → gone. */
  forget(id: TenantId): Promise<void>;
}
