import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Ids, JobId, ServerId, TenantId } from "../../kit/ids.ts";
import type { FindingKind, Severity } from "../../provisioning/finding.ts";
import type { ServerVerdict, TenantVerdict } from "../../provisioning/findings/finding-store.ts";
import type { OutcomeOf } from "../../provisioning/repair/repair-plan.ts";
import { insertRows } from "../bulk.ts";
import type { Orm } from "../database.ts";
import { findings } from "../tables/findings.ts";

/** What is written of one tenant, or of one server, at most. */
const maxFindings = 1_000;
/** Characters of a text that is shown; a definition of a column may be long. */
const maxText = 2_000;
const maxObject = 512;

/** What tells whether a server answers and is the right one, as far as no tenant is named. */
const reachability: readonly FindingKind[] = ["UNREACHABLE", "MISSING_DATABASE"];

interface Seen {
  readonly serverId: ServerId;
  readonly tenantId?: TenantId | undefined;
  readonly findings: readonly OutcomeOf[];
}

/** Closes what was open of these tenants and writes what was seen now. The job is locked. */
export async function writeTenantFindings(
  tx: Orm,
  ids: Ids,
  jobId: JobId,
  verdicts: readonly TenantVerdict[],
  at: Date,
): Promise<void> {
  const seen = verdicts.flatMap(({ item, serverId, findings: found }): readonly Seen[] =>
    found ? [{ tenantId: item.tenantId, serverId, findings: found }] : [],
  );
  const tenantIds = seen.flatMap(({ tenantId }) => tenantId ?? []);
  if (tenantIds.length === 0) return;
  await tx
    .update(findings)
    .set({ isOpen: false })
    .where(and(inArray(findings.tenantId, tenantIds), eq(findings.isOpen, true)));
  await insert(tx, ids, jobId, seen, at);
}

/** The same of a server as a whole; what an earlier start of the job wrote is replaced. */
export async function writeServerFindings(
  tx: Orm,
  ids: Ids,
  jobId: JobId,
  verdict: ServerVerdict,
  at: Date,
): Promise<void> {
  const { serverId, looked } = verdict;
  const ofServer = and(eq(findings.serverId, serverId), isNull(findings.tenantId));
  await tx.delete(findings).where(and(ofServer, eq(findings.jobId, jobId)));
  const kinds = looked === "EVERYTHING" ? undefined : inArray(findings.kind, [...reachability]);
  await tx
    .update(findings)
    .set({ isOpen: false })
    .where(and(ofServer, eq(findings.isOpen, true), kinds));
  await insert(tx, ids, jobId, [{ serverId, findings: verdict.findings }], at);
}

async function insert(tx: Orm, ids: Ids, jobId: JobId, seen: readonly Seen[], at: Date): Promise<void> {
  const [last] = await tx
    .select({ ordinal: sql<number | null>`max(${findings.ordinal})` })
    .from(findings)
    .where(eq(findings.jobId, jobId));
  let ordinal = Number(last?.ordinal ?? 0);
  const rows = seen.flatMap(({ tenantId, serverId, findings: found }) =>
    bounded(found).map((finding) => {
      ordinal += 1;
      const { kind, severity, outcome } = finding;
      return {
        ...{ id: ids.next<"Finding">(), jobId, ordinal, tenantId, serverId, kind, severity, outcome },
        object: finding.object.slice(0, maxObject),
        message: finding.message.slice(0, maxText),
        expected: finding.expected?.slice(0, maxText),
        actual: finding.actual?.slice(0, maxText),
        isOpen: outcome !== "REPAIRED",
        observedAt: at,
      };
    }),
  );
  await insertRows(tx, findings, rows);
}

const weight: Readonly<Record<Severity, number>> = { CRITICAL: 0, WARNING: 1, INFO: 2 };

/** The weightiest of too many, and how many more there are. */
function bounded(found: readonly OutcomeOf[]): readonly OutcomeOf[] {
  if (found.length <= maxFindings) return found;
  const sorted = found.toSorted((a, b) => weight[a.severity] - weight[b.severity]);
  const kept = sorted.slice(0, maxFindings - 1);
  const [next] = sorted.slice(maxFindings - 1);
  if (!next) return kept;
  const more = found.length - kept.length;
  return [...kept, { ...next, message: `${more} more findings are not listed; this is one of them. ${next.message}` }];
}
