import { z } from "zod";
import type { JobKind } from "../../jobs/job.ts";
import type { JobContext, JobHandler, JobOutcome } from "../../jobs/job-handler.ts";
import { NotFound } from "../../kit/domain-error.ts";
import type { ServerId } from "../../kit/ids.ts";
import type { TenantMigrator } from "../../migrations/tenant-migrator.ts";
import type { ServerStore } from "../../servers/database-server.ts";
import type { WarmKeeper } from "./warm-keeper.ts";
import type { WarmPoolStore } from "./warm-pool-store.ts";

const stored = z.object({ serverId: z.uuid() });

/** What {@link FillWarmPoolJob} works with. */
export interface FillWarmPoolParts {
  readonly store: Pick<WarmPoolStore, "readyCounts">;
  readonly servers: Pick<ServerStore, "findMany">;
  readonly keeper: Pick<WarmKeeper, "keep" | "inspect">;
  readonly migrator: Pick<TenantMigrator, "folderChecksum">;
}

/** Brings one server's pool to its target, and lets somebody follow it. What it leaves undone is done by the watch all the same. */
export class FillWarmPoolJob implements JobHandler {
  readonly kind: JobKind = "FILL_WARM_POOL";

  constructor(private readonly parts: FillWarmPoolParts) {}

  async run(context: JobContext): Promise<JobOutcome> {
    const { keeper, servers, store, migrator } = this.parts;
    const { job, signal } = context;
    const serverId = stored.parse(job.input).serverId as ServerId;
    await keeper.inspect(serverId, signal);
    await keeper.keep(serverId, signal, (done, total) => {
      const message = `${done} of ${total} databases are made or taken away.`;
      context.report({ phase: "filling", total, done, failed: 0, skipped: 0, message });
    });
    const [server] = await servers.findMany([serverId]);
    if (!server) throw new NotFound("There is no such database server any more.");
    const ready = (await store.readyCounts([serverId], migrator.folderChecksum())).get(serverId) ?? 0;
    return { status: "SUCCEEDED", message: `${ready} databases are ready, ${server.warmPoolTarget} are to be kept.` };
  }
}
