import type { JobKind } from "../../jobs/job.ts";
import type { JobContext, JobHandler, JobOutcome } from "../../jobs/job-handler.ts";
import type { FindingStore, TenantVerdict } from "../findings/finding-store.ts";
import { FleetRound, type RoundEnd, type RoundParts } from "./fleet-round.ts";
import type { Judgement } from "./tenant-judging.ts";

/** Looks at registry and servers, and changes nothing but what is known of them. */
export class ValidateJob implements JobHandler {
  readonly kind: JobKind = "VALIDATE_TENANTS";

  constructor(private readonly parts: RoundParts & { readonly findings: Pick<FindingStore, "countOfJob"> }) {}

  async run(context: JobContext): Promise<JobOutcome> {
    const { jobs, findings } = this.parts;
    const { job, lease } = context;
    const round = new FleetRound(
      this.parts,
      context,
      { phase: "validating", word: "validate" },
      async (judged, _seen, tally, eachMs) => {
        const verdicts = judged.map((judgement) => verdictOf(judgement, eachMs));
        await findings.recordTenants(lease, verdicts);
        const message = judged.length === 1 ? "One tenant was looked at." : `${judged.length} tenants were looked at.`;
        for (const status of ["SUCCEEDED", "SKIPPED"] as const) {
          const count = verdicts.filter(({ item }) => item.status === status).length;
          if (count > 0) tally.count(status, count, message);
        }
      },
    );
    const end = await round.run();
    const { total, succeeded } = await jobs.itemCounts(job.id);
    const found = await findings.countOfJob(job.id, {});
    const message = `Looked at ${succeeded} of ${total} tenants: ${found === 1 ? "1 finding" : `${found} findings`}.`;
    return { status: "SUCCEEDED", message: `${message}${unseenServers(end)}` };
  }
}

/** A sentence on servers of whose tenants nothing could be said; empty where there are none. */
export function unseenServers({ unseen }: RoundEnd): string {
  if (unseen.length === 0) return "";
  return ` Nothing can be said of the tenants on ${unseen.map(({ server }) => server.name).join(", ")}.`;
}

function verdictOf(judgement: Judgement, durationMs: number): TenantVerdict {
  const { id: tenantId, serverId } = judgement.tenant;
  if (judgement.how === "SKIPPED") {
    return { serverId, item: { tenantId, status: "SKIPPED", durationMs, error: judgement.error } };
  }
  const findings = judgement.findings.map((finding) => ({ ...finding, outcome: "REPORTED" as const }));
  return { serverId, findings, item: { tenantId, status: "SUCCEEDED", durationMs } };
}
