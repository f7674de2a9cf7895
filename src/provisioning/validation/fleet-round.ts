import { z } from "zod";
import type { Job } from "../../jobs/job.ts";
import type { JobContext } from "../../jobs/job-handler.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import { forEachBounded } from "../../kit/concurrency.ts";
import type { Failpoints } from "../../kit/failpoints.ts";
import type { ServerId, TenantId } from "../../kit/ids.ts";
import type { DatabaseServer, ServerStore } from "../../servers/database-server.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import { storedFilter } from "../../tenants/stored-filter.ts";
import { type TenantStatus, tenantStatuses } from "../../tenants/tenant.ts";
import { matchingTenants, pages, scopeFilter } from "../../tenants/tenant-scope.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import type { FindingStore } from "../findings/finding-store.ts";
import { FleetTally } from "../fleet/fleet-tally.ts";
import { type FleetLook, type SeenServer, type UnseenServer, unreachable } from "./fleet-look.ts";
import type { Judgement, TenantJudging } from "./tenant-judging.ts";

/** Tenants that are judged and written at a time. */
const batchSize = 200;
const serversAtOnce = 4;

/** Whom validation and repair take. */
export const caredStatuses: readonly TenantStatus[] = tenantStatuses.filter((status) => status !== "DELETED");

const stored = z.object({ filter: storedFilter, fixedScope: z.boolean().optional() });

/** What a round over the fleet works with. */
export interface RoundParts {
  readonly jobs: Pick<JobStore, "addItems" | "pendingItems" | "itemCounts">;
  readonly tenants: Pick<TenantStore, "scan" | "findMany">;
  readonly servers: Pick<ServerStore, "list">;
  readonly findings: Pick<FindingStore, "recordServer" | "recordTenants">;
  readonly look: FleetLook;
  readonly judging: TenantJudging;
  readonly failpoints: Failpoints;
}

/** What is done with tenants that were judged, each in so many milliseconds; it settles their items. */
export type TakeJudged = (
  judged: readonly Judgement[],
  seen: SeenServer,
  tally: FleetTally,
  eachMs: number,
) => Promise<void>;

/** What a round is called: to those who follow the job, and to tests that make it fail. */
export interface RoundName {
  readonly phase: string;
  readonly word: "validate" | "repair";
}

/** How a round went. */
export interface RoundEnd {
  /** Servers of whose tenants nothing could be said. */
  readonly unseen: readonly UnseenServer[];
  readonly servers: number;
}

/** Surveys each server of a job's tenants once, judges the tenants by it, and hands them on. What is settled already is left alone. */
export class FleetRound {
  readonly #unseen: UnseenServer[] = [];

  constructor(
    private readonly parts: RoundParts,
    private readonly context: JobContext,
    private readonly name: RoundName,
    private readonly take: TakeJudged,
  ) {}

  /** @throws QueueTimeout, RegistryUnavailable, LeaseLost, the signal's reason */
  async run(): Promise<RoundEnd> {
    const { jobs, servers } = this.parts;
    const { job, signal } = this.context;
    const { filter, fixedScope = false } = readInput(job);
    if (!fixedScope) await this.#completeScope(filter);
    await this.#passed("scoped");
    const counts = await jobs.itemCounts(job.id);
    const tally = new FleetTally(counts.total, counts, this.name.phase, this.context);
    const pending = await this.#pendingByServer();
    // A filter that names tenants is not about servers.
    const whole =
      !fixedScope && Object.entries(filter).every(([name, value]) => name === "serverId" || value === undefined);
    const meant = (await servers.list()).filter(
      ({ id }) => pending.has(id) || (whole && (filter.serverId ?? id) === id),
    );
    await forEachBounded(meant, serversAtOnce, signal, (server) =>
      this.#server(server, pending.get(server.id) ?? [], whole, tally),
    );
    return { unseen: this.#unseen, servers: meant.length };
  }

  async #completeScope(filter: z.infer<typeof storedFilter>): Promise<void> {
    const { jobs, tenants } = this.parts;
    const { lease, signal } = this.context;
    const found: TenantId[] = [];
    for await (const { id } of matchingTenants(tenants, scopeFilter(filter, caredStatuses), signal)) found.push(id);
    for (const page of pages(found)) await jobs.addItems(lease, page);
  }

  async #pendingByServer(): Promise<ReadonlyMap<ServerId, TenantId[]>> {
    const byServer = new Map<ServerId, TenantId[]>();
    for await (const ids of this.#pendingPages()) {
      for (const { id, serverId } of await this.parts.tenants.findMany(ids)) {
        const own = byServer.get(serverId);
        if (own) own.push(id);
        else byServer.set(serverId, [id]);
      }
    }
    return byServer;
  }

  /** Those of a batch that were settled before the server went are done. */
  async #stillPending(ids: readonly TenantId[]): Promise<readonly TenantId[]> {
    const pending = new Set<TenantId>();
    for await (const page of this.#pendingPages()) for (const id of page) pending.add(id);
    return ids.filter((id) => pending.has(id));
  }

  async *#pendingPages(): AsyncGenerator<readonly TenantId[]> {
    for (let after: TenantId | undefined; ; ) {
      const ids = await this.parts.jobs.pendingItems(this.context.job.id, batchSize, after);
      if (ids.length === 0) return;
      yield ids;
      after = ids.at(-1);
    }
  }

  async #server(server: DatabaseServer, ids: readonly TenantId[], whole: boolean, tally: FleetTally): Promise<void> {
    const { look, findings } = this.parts;
    const { lease, signal } = this.context;
    const seen = await look.at(server, signal);
    await this.#passed("surveyed");
    if ("error" in seen) return this.#leave(seen, ids, tally);
    await findings.recordServer(lease, {
      serverId: server.id,
      looked: whole ? "EVERYTHING" : "REACHABILITY",
      findings: whole ? seen.findings.map((finding) => ({ ...finding, outcome: "REPORTED" })) : [],
    });
    for (let at = 0; at < ids.length; at += batchSize) {
      signal.throwIfAborted();
      try {
        await this.#batch(ids.slice(at, at + batchSize), seen, tally);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ServerTrouble) || error.code !== "UNREACHABLE") throw error;
        return this.#leave(unreachable(server, error), await this.#stillPending(ids.slice(at)), tally);
      }
    }
  }

  async #batch(ids: readonly TenantId[], seen: SeenServer, tally: FleetTally): Promise<void> {
    const { tenants, judging, findings } = this.parts;
    const { lease, job, signal, clock } = this.context;
    const rows = await tenants.findMany(ids);
    const gone = rows.filter(({ status }) => status === "DELETED");
    const error = { code: "INVALID_STATE", message: "The tenant is DELETED.", retryable: false };
    await findings.recordTenants(
      lease,
      gone.map(({ id, serverId }) => ({ serverId, item: { tenantId: id, status: "SKIPPED", durationMs: 0, error } })),
    );
    if (gone.length > 0) tally.count("SKIPPED", gone.length, error.message);
    const living = rows.filter(({ status }) => status !== "DELETED");
    const startedAtMs = clock.monotonicMs();
    const judged = await judging.judge(living, seen.survey, job.id, signal);
    await this.#passed("judged");
    await this.take(judged, seen, tally, (clock.monotonicMs() - startedAtMs) / Math.max(1, judged.length));
    await this.#passed("written");
  }

  #passed(step: string): Promise<void> {
    return this.parts.failpoints.hit(`${this.name.word}:${step}`, this.context.signal);
  }

  /** Nothing is said of the tenants; a retry takes them. */
  async #leave(unseen: UnseenServer, ids: readonly TenantId[], tally: FleetTally): Promise<void> {
    const { findings } = this.parts;
    const { lease, logger } = this.context;
    const { server, finding, error } = unseen;
    this.#unseen.push(unseen);
    logger.warn({ serverId: server.id, code: error.code }, "nothing can be said of a server's tenants");
    await findings.recordServer(lease, {
      serverId: server.id,
      looked: "REACHABILITY",
      findings: [{ ...finding, outcome: "REPORTED" }],
    });
    for (const page of pages(ids)) {
      await findings.recordTenants(
        lease,
        page.map((tenantId) => ({
          serverId: server.id,
          item: { tenantId, status: "SKIPPED", durationMs: 0, error },
        })),
      );
      tally.count("SKIPPED", page.length, finding.message);
    }
  }
}

/** @throws ZodError when the input was not written by this service */
function readInput({ input }: Job) {
  return stored.parse(input);
}
