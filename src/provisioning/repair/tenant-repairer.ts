import type { JobContext } from "../../jobs/job-handler.ts";
import { DomainError } from "../../kit/domain-error.ts";
import type { Failpoints } from "../../kit/failpoints.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import { type Finding, remedies } from "../finding.ts";
import type { TenantCorrection } from "../findings/finding-store.ts";
import type { FleetLook } from "../validation/fleet-look.ts";
import { wasNeverReady } from "../validation/tenant-judge.ts";
import type { Judgement, TenantJudging } from "../validation/tenant-judging.ts";
import { keyOf, type OutcomeOf, planRepair, type RepairManner } from "./repair-plan.ts";
import type { Patient, RepairSteps } from "./repair-steps.ts";

/** What came of repairing one tenant. */
export interface Repaired {
  readonly findings: readonly OutcomeOf[];
  readonly correction?: TenantCorrection | undefined;
  /** Trouble that may pass was in the way. */
  readonly retryable: boolean;
}

/** What {@link TenantRepairer} works with. */
export interface RepairerParts {
  readonly tenants: Pick<TenantStore, "find" | "passwordsOf">;
  readonly look: Pick<FleetLook, "closelyAt">;
  readonly judging: Pick<TenantJudging, "judge" | "expectedOf">;
  readonly steps: RepairSteps;
  readonly failpoints: Failpoints;
}

/** Repairs one tenant that the job has: looks a second time, plans, does, and looks whether it holds. */
export class TenantRepairer {
  constructor(private readonly parts: RepairerParts) {}

  /**
   * @param first what the survey of the whole server showed
   * @returns undefined when the second look finds that it cannot be judged now
   * @throws ServerTrouble UNREACHABLE, and the signal's reason
   */
  async repair(
    tenant: Tenant,
    first: readonly Finding[],
    manner: Omit<RepairManner, "isNew">,
    context: JobContext,
  ): Promise<Repaired | undefined> {
    const second = await this.#lookAgain(tenant, context);
    if (!second) return undefined;
    const plan = planRepair(first, second.findings, { ...manner, isNew: wasNeverReady(tenant) });
    const planned = plan.filter(({ outcome }) => outcome === "PLANNED");
    if (manner.dryRun || planned.length === 0) return { findings: plan, retryable: false };
    await this.#passed("planned", context);
    const done = await this.#carryOut(planned, second.patient, context);
    const repaired = await this.#verify(plan, done, tenant, context);
    await this.#passed("verified", context);
    return repaired;
  }

  async #lookAgain(
    tenant: Tenant,
    { job, signal }: JobContext,
  ): Promise<{ readonly findings: readonly Finding[]; readonly patient: Patient } | undefined> {
    const survey = await this.parts.look.closelyAt(tenant, signal);
    const [judgement]: readonly Judgement[] = await this.parts.judging.judge([tenant], survey, job.id, signal);
    if (judgement?.how !== "JUDGED") return undefined;
    const sealed = (await this.parts.tenants.passwordsOf([tenant.id])).get(tenant.id);
    const expected = this.parts.judging.expectedOf(tenant, sealed);
    return { findings: judgement.findings, patient: { tenant, expected, survey, schema: judgement.schema } };
  }

  /** One step failing does not keep the next from being tried: each ends in a legal state. */
  async #carryOut(planned: readonly OutcomeOf[], patient: Patient, context: JobContext): Promise<CarriedOut> {
    const { signal, logger } = context;
    const done: CarriedOut = { correction: {}, failures: new Map(), retryable: false };
    for (const remedy of remedies) {
      const own = planned.filter((finding) => finding.remedy === remedy);
      // The status follows from all that comes before: it is drawn when that was verified.
      if (own.length === 0 || remedy === "STATUS") continue;
      try {
        const { correction, refusals } = await this.parts.steps.take(remedy, own, patient, signal);
        await this.#passed(remedy.toLowerCase(), context);
        Object.assign(done.correction, correction);
        for (const finding of own) {
          const refusal = refusals?.get(finding.object);
          if (refusal !== undefined) done.failures.set(keyOf(finding), refusal);
        }
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof DomainError) || error.code === "UNREACHABLE") throw error;
        logger.warn({ tenantId: patient.tenant.id, remedy, err: error }, "repair step failed");
        for (const finding of own) done.failures.set(keyOf(finding), error.message);
        done.retryable ||= error.retryable;
        // It is at rest, and not for ever on its way.
        if (remedy === "RESUME" && !error.retryable) Object.assign(done.correction, failedFor(error));
      }
    }
    return done;
  }

  #passed(step: string, { signal }: Pick<JobContext, "signal">): Promise<void> {
    return this.parts.failpoints.hit(`repair:${step}`, signal);
  }

  async #verify(
    plan: readonly OutcomeOf[],
    done: CarriedOut,
    tenant: Tenant,
    context: JobContext,
  ): Promise<Repaired | undefined> {
    // As the registry will have it: what was corrected is no difference any more.
    const corrected: Tenant = { ...tenant, ...done.correction };
    const third = await this.#lookAgain(corrected, context);
    const left = new Map((third?.findings ?? []).map((finding) => [keyOf(finding), finding]));
    const others = [...left.values()].filter(({ remedy }) => remedy !== undefined && remedy !== "STATUS");
    const healed = third !== undefined && others.length === 0;
    const correction = { ...done.correction };
    const findings = plan.map((finding): OutcomeOf => {
      if (finding.outcome !== "PLANNED") return finding;
      const failure = done.failures.get(keyOf(finding));
      if (failure !== undefined) return failed(finding, failure);
      if (finding.remedy === "STATUS") {
        if (!healed) return { ...finding, outcome: "SKIPPED" };
        Object.assign(correction, { status: "ACTIVE", statusReason: undefined });
        return { ...finding, outcome: "REPAIRED" };
      }
      if (!third || left.has(keyOf(finding))) return failed(finding, "It was repaired, and is not so all the same.");
      return { ...finding, outcome: "REPAIRED" };
    });
    const seen = new Set(plan.map(keyOf));
    const fresh = [...left]
      .filter(([key, { remedy }]) => !seen.has(key) && remedy !== "STATUS")
      .map(([, finding]) => finding);
    return {
      findings: [...findings, ...fresh.map((finding) => ({ ...finding, outcome: "REPORTED" as const }))],
      correction: Object.keys(correction).length > 0 ? correction : undefined,
      retryable: done.retryable,
    };
  }
}

interface CarriedOut {
  readonly correction: { -readonly [Field in keyof TenantCorrection]: TenantCorrection[Field] };
  /** By the finding's key. */
  readonly failures: Map<string, string>;
  retryable: boolean;
}

function failedFor({ code, message }: DomainError): TenantCorrection {
  return { status: "FAILED", statusReason: `${code}: ${message}` };
}

function failed(finding: OutcomeOf, why: string): OutcomeOf {
  return { ...finding, outcome: "FAILED", message: `${finding.message} ${why}` };
}
