import { mayBecome } from "../../../src/jobs/job.ts";
import type { NewJob } from "../../../src/jobs/job-store.ts";
import type { Origin } from "../../../src/kit/actor.ts";
import { NotFound } from "../../../src/kit/domain-error.ts";
import type { ServerId, TenantId } from "../../../src/kit/ids.ts";
import type { ReservedDatabase, WarmDatabase } from "../../../src/provisioning/warm-pool/warm-database.ts";
import type { EnteredTarget, WarmPoolStore } from "../../../src/provisioning/warm-pool/warm-pool-store.ts";
import type { AppliedSchema } from "../../../src/tenants/tenant-lifecycle-store.ts";
import { enter, writeStep } from "./fake-job-writes.ts";
import { by, type FakeRegistry } from "./fake-registry.ts";

/** Ready-made databases in memory. */
export class FakeWarmPoolStore implements WarmPoolStore {
  constructor(private readonly registry: FakeRegistry) {}

  async setTarget(serverId: ServerId, target: number, job: NewJob, origin: Origin): Promise<EnteredTarget> {
    const server = this.registry.servers.get(serverId);
    if (!server) throw new NotFound("There is no such database server.", { field: ["input", "serverId"] });
    this.registry.servers.set(serverId, { ...server, warmPoolTarget: target });
    const action = job.action ?? "setWarmPoolTarget";
    this.registry.audit.push({ origin, action, subject: `DatabaseServer:${serverId}`, result: "OK" });
    const at = this.registry.clock.now();
    const fills = [...this.registry.jobs.values()].filter(
      ({ job: { kind, status, input } }) =>
        kind === "FILL_WARM_POOL" && mayBecome(status, "CANCELLING") && input.serverId === serverId,
    );
    const kept = fills.findLast(
      ({ job: { status, attempts, input } }) => input.target === target && (status === "RUNNING" || attempts === 0),
    );
    const replaced = fills.filter((entry) => entry !== kept);
    const cancelled = replaced.map((entry) => {
      entry.availableAtMs = 0;
      const step = { progress: entry.job.progress, message: "A later target takes its place." };
      return writeStep(entry, "CANCELLING", step, at);
    });
    return { job: kept?.job ?? enter(this.registry, job, at), cancelled };
  }

  async list(serverId: ServerId): Promise<readonly WarmDatabase[]> {
    return [...this.registry.warm.values()]
      .filter((one) => one.serverId === serverId)
      .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || by(a.tenantId, b.tenantId));
  }

  async readyCounts(ids: readonly ServerId[], schemaChecksum: string): Promise<ReadonlyMap<ServerId, number>> {
    const counts = new Map<ServerId, number>();
    for (const id of ids) {
      const ready = (await this.list(id)).filter((one) => one.state === "READY");
      const current = ready.filter((one) => one.schemaChecksum === schemaChecksum);
      if (current.length > 0) counts.set(id, current.length);
    }
    return counts;
  }

  async reserve(databases: readonly ReservedDatabase[]): Promise<void> {
    const createdAt = this.registry.clock.now();
    for (const { tenantId, serverId, databaseName, password } of databases) {
      const one = { tenantId, serverId, databaseName, password, createdAt, state: "FILLING" as const };
      this.registry.warm.set(tenantId, one);
    }
  }

  async complete(id: TenantId, { version, checksum }: AppliedSchema): Promise<boolean> {
    const one = this.registry.warm.get(id);
    if (one?.state !== "FILLING") return false;
    this.registry.warm.set(id, { ...one, state: "READY", schemaVersion: version, schemaChecksum: checksum });
    return true;
  }

  async withdraw(ids: readonly TenantId[], to: "FILLING" | "REAPING"): Promise<readonly TenantId[]> {
    const open = ids.flatMap((id) => this.registry.warm.get(id) ?? []).filter(({ state }) => state !== "REAPING");
    for (const one of open) this.registry.warm.set(one.tenantId, { ...one, state: to });
    return open.map(({ tenantId }) => tenantId);
  }

  async forget(id: TenantId): Promise<void> {
    if (this.registry.warm.get(id)?.state === "REAPING") this.registry.warm.delete(id);
  }
}
