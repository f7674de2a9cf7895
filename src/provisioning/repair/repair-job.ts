import { z } from "zod";
import type { JobError, JobKind } from "../../jobs/job.ts";
import { type JobContext, type JobHandler, type JobOutcome, outcomeOfItems } from "../../jobs/job-handler.ts";
import { forEachBounded } from "../../kit/concurrency.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import type { RepairOutcome } from "../finding.ts";
import type { FindingStore, TenantVerdict } from "../findings/finding-store.ts";
import type { FleetTally } from "../fleet/fleet-tally.ts";
import type { ServerStreams } from "../server-streams.ts";
import { FleetRound, type RoundEnd, type RoundParts } from "../validation/fleet-round.ts";
import type { Judgement } from "../validation/tenant-judging.ts";
import { unseenServers } from "../validation/validate-job.ts";
import type { RepairManner } from "./repair-plan.ts";
import { mendedSentence, wellSentence } from "./repair-words.ts";
import type { Repaired, TenantRepairer } from "./tenant-repairer.ts";

const stored = z.object({ dryRun: z.boolean(), confirmDataLoss: z.boolean() });

/** What {@link RepairJob} works with. */
export interface RepairParts extends RoundParts {
  readonly findings: Pick<FindingStore, "recordServer" | "recordTenants" | "countOfJob">;
  readonly tenants: Pick<TenantStore, "scan" | "findMany" | "occupy">;
  readonly repairer: Pick<TenantRepairer, "repair">;
  readonly streams: ServerStreams;
}

/** Makes true what validation finds false. Whoever is in order costs no more than a validation. */
export class RepairJob implements JobHandler {
  readonly kind: JobKind = "REPAIR_TENANTS";

  constructor(private readonly parts: RepairParts) {}

  async run(context: JobContext): Promise<JobOutcome> {
    const manner = stored.parse(context.job.input);
    const phase = manner.dryRun ? "planning" : "repairing";
    const round = new FleetRound(this.parts, context, { phase, word: "repair" }, (judged, _seen, tally, eachMs) =>
      this.#take(judged, manner, context, tally, eachMs),
    );
    return this.#outcome(context, await round.run(), manner);
  }

  async #take(
    judged: readonly Judgement[],
    manner: Omit<RepairManner, "isNew">,
    context: JobContext,
    tally: FleetTally,
    eachMs: number,
  ): Promise<void> {
    const { findings, streams, failpoints } = this.parts;
    const wellOrSkipped = judged.filter((each) => each.how === "SKIPPED" || each.findings.length === 0);
    await this.#record(
      wellOrSkipped.map((each) => verdictOf(each, eachMs)),
      context,
      tally,
    );
    const ill = judged.filter((each) => each.how === "JUDGED" && each.findings.length > 0);
    await forEachBounded(ill, streams.perServer, context.signal, async (judgement) => {
      const { tenant } = judgement;
      const verdict = await streams.use(tenant.serverId, context.signal, () =>
        this.#repair(judgement, manner, context),
      );
      await findings.recordTenants(context.lease, [verdict]);
      await failpoints.hit("repair:tenant-written", context.signal);
      tallyOne(tally, verdict, tenant, manner);
    });
  }

  async #repair(
    judgement: Judgement,
    manner: Omit<RepairManner, "isNew">,
    context: JobContext,
  ): Promise<TenantVerdict> {
    const { tenants, repairer, failpoints } = this.parts;
    const { tenant } = judgement;
    const startedAtMs = context.clock.monotonicMs();
    const holder = await tenants.occupy(context.lease, tenant.id);
    if (judgement.how === "SKIPPED" || holder !== "TAKEN") return skipped(tenant, busy);
    await failpoints.hit("repair:occupied", context.signal);
    const repaired = await repairer.repair(tenant, judgement.findings, manner, context);
    if (!repaired) return skipped(tenant, busy);
    const { findings, correction } = repaired;
    const outcome = itemOf(repaired);
    const durationMs = context.clock.monotonicMs() - startedAtMs;
    return { serverId: tenant.serverId, findings, correction, item: { tenantId: tenant.id, durationMs, ...outcome } };
  }

  async #record(verdicts: readonly TenantVerdict[], { lease }: JobContext, tally: FleetTally): Promise<void> {
    if (verdicts.length === 0) return;
    await this.parts.findings.recordTenants(lease, verdicts);
    for (const status of ["SUCCEEDED", "SKIPPED"] as const) {
      const count = verdicts.filter(({ item }) => item.status === status).length;
      if (count > 0) tally.count(status, count, wellSentence(count));
    }
  }

  /** Who could not be reached was not repaired: such a job does not succeed. */
  async #outcome({ job }: JobContext, end: RoundEnd, { dryRun }: { readonly dryRun: boolean }): Promise<JobOutcome> {
    const count = (...outcomes: RepairOutcome[]) => this.parts.findings.countOfJob(job.id, { outcomes });
    const { total, failed } = await this.parts.jobs.itemCounts(job.id);
    const done = dryRun
      ? `${await count("PLANNED")} findings would be repaired`
      : `${await count("REPAIRED")} findings were repaired, ${await count("FAILED")} could not be`;
    const asks = await count("NEEDS_CONFIRMATION");
    const rest = `${asks} need confirmDataLoss, ${await count("REPORTED", "SKIPPED")} are only reported.`;
    const message = `${done}, ${rest}${unseenServers(end)}`;
    const [unseen] = end.unseen;
    if (failed > 0 || !unseen) return outcomeOfItems({ failed, total }, message);
    return { status: "FAILED", message, error: unseen.error };
  }
}

const busy: JobError = { code: "TENANT_BUSY", message: "Another job is changing this tenant.", retryable: true };

function skipped({ id: tenantId, serverId }: Tenant, error: JobError): TenantVerdict {
  return { serverId, item: { tenantId, status: "SKIPPED", durationMs: 0, error } };
}

function verdictOf(judgement: Judgement, durationMs: number): TenantVerdict {
  const { tenant } = judgement;
  if (judgement.how === "SKIPPED") return skipped(tenant, judgement.error);
  const item = { tenantId: tenant.id, status: "SUCCEEDED", durationMs } as const;
  return { serverId: tenant.serverId, findings: [], item };
}

/** A tenant is done when nothing of what could be done is left. */
function itemOf({ findings, retryable }: Repaired): Pick<TenantVerdict["item"], "status" | "error"> {
  const failed = findings.filter(({ outcome }) => outcome === "FAILED");
  const [first] = failed;
  if (first) {
    const message =
      failed.length === 1 ? first.message : `${failed.length} findings were not repaired. ${first.message}`;
    return { status: "FAILED", error: { code: first.kind, message, retryable } };
  }
  const asking = findings.find(({ outcome }) => outcome === "NEEDS_CONFIRMATION");
  if (!asking) return { status: "SUCCEEDED" };
  const message = `${asking.message} It is made anew only with confirmDataLoss.`;
  return { status: "SKIPPED", error: { code: "CONFIRMATION_REQUIRED", message, retryable: false } };
}

function tallyOne(
  tally: FleetTally,
  { item, findings = [] }: TenantVerdict,
  { slug }: Tenant,
  manner: Pick<RepairManner, "dryRun">,
): void {
  if (item.status === "PENDING") return;
  tally.count(item.status, 1, `${slug}: ${item.error?.message ?? mendedSentence(findings, manner)}`);
}
