import type { JobError } from "../../jobs/job.ts";
import { DomainError } from "../../kit/domain-error.ts";
import type { JobId } from "../../kit/ids.ts";
import { type SealedSecret, type SecretBox, SecretUnreadable } from "../../kit/secret-box.ts";
import { passwordPlace } from "../../tenants/admission.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import type { Finding } from "../finding.ts";
import type { ExpectedTenant } from "../invariant.ts";
import type { SchemaInspector, SchemaSight } from "./schema-inspector.ts";
import type { ServerSurvey } from "./server-survey.ts";
import { judgeTenant, stalledWork, wasNeverReady } from "./tenant-judge.ts";

/** What came of judging one tenant. */
export type Judgement =
  | {
      readonly how: "JUDGED";
      readonly tenant: Tenant;
      readonly findings: readonly Finding[];
      readonly schema?: SchemaSight | undefined;
    }
  | { readonly how: "SKIPPED"; readonly tenant: Tenant; readonly error: JobError };

/** What {@link TenantJudging} works with. */
export interface JudgingParts {
  readonly tenants: Pick<TenantStore, "findMany" | "passwordsOf" | "busyWith" | "rotationOf">;
  readonly secretBox: SecretBox;
  readonly inspector: Pick<SchemaInspector, "inspect">;
  readonly latestVersion: () => string | undefined;
}

/** Judges tenants by a survey of their server. */
export class TenantJudging {
  constructor(private readonly parts: JudgingParts) {}

  /**
   * @param me the job that asks: a tenant that it has itself is not busy
   * @throws ServerTrouble UNREACHABLE from a close look, and the signal's reason
   */
  async judge(
    tenants: readonly Tenant[],
    survey: ServerSurvey,
    me: JobId,
    signal: AbortSignal,
  ): Promise<readonly Judgement[]> {
    const passwords = await this.parts.tenants.passwordsOf(tenants.map(({ id }) => id));
    const first: Judgement[] = [];
    for (const tenant of tenants) {
      signal.throwIfAborted();
      first.push(await this.#one(tenant, passwords.get(tenant.id), survey, signal));
    }
    return this.#withoutMoving(first, me);
  }

  /** What must be of the tenant. @throws SecretUnreadable */
  expectedOf(tenant: Tenant, sealed: SealedSecret | undefined): ExpectedTenant {
    if (sealed === undefined) throw new SecretUnreadable("No password is stored.");
    const password = this.parts.secretBox.open(sealed, passwordPlace(tenant.id));
    const { id, databaseName, status } = tenant;
    return { id, databaseName, password, isNew: wasNeverReady(tenant), locked: status === "SUSPENDED" };
  }

  async #one(
    tenant: Tenant,
    sealed: SealedSecret | undefined,
    survey: ServerSurvey,
    signal: AbortSignal,
  ): Promise<Judgement> {
    const stalled = stalledWork(tenant);
    if (stalled) return { how: "JUDGED", tenant, findings: [stalled] };
    try {
      const expected = this.expectedOf(tenant, sealed);
      const schema = await this.#schemaOf(tenant, survey, signal);
      const latest = this.parts.latestVersion();
      return { how: "JUDGED", tenant, schema, findings: judgeTenant({ tenant, expected, survey, schema, latest }) };
    } catch (error) {
      signal.throwIfAborted();
      return { how: "SKIPPED", tenant, error: unjudged(error) };
    }
  }

  async #schemaOf(tenant: Tenant, { snapshot, contents }: ServerSurvey, signal: AbortSignal) {
    const { id, serverId, databaseName, schemaVersion } = tenant;
    if (!snapshot.databases.has(databaseName)) return undefined;
    const { markers } = snapshot;
    if (markers.has(databaseName) && markers.get(databaseName) !== id) return undefined;
    const target = { tenantId: id, serverId, databaseName };
    try {
      return await this.parts.inspector.inspect(target, contents.get(databaseName), schemaVersion, signal);
    } catch (error) {
      // It went while it was looked at: whoever took it away has the tenant, or a second look will tell.
      if (error instanceof DomainError && error.code === "UNKNOWN_DATABASE") return undefined;
      throw error;
    }
  }

  /** A tenant that is being changed, or was since it was read, is not judged: what was seen may have been true for a moment only. */
  async #withoutMoving(judgements: readonly Judgement[], me: JobId): Promise<readonly Judgement[]> {
    const doubtful = judgements.filter((each) => each.how === "JUDGED" && each.findings.length > 0);
    const ids = doubtful.map(({ tenant }) => tenant.id);
    const busy = await this.parts.tenants.busyWith(ids);
    const now = new Map((await this.parts.tenants.findMany(ids)).map((tenant) => [tenant.id, tenant]));
    return Promise.all(
      judgements.map((judgement) => {
        if (judgement.how === "SKIPPED" || judgement.findings.length === 0) return judgement;
        const { tenant } = judgement;
        const holder = busy.get(tenant.id);
        const moved = now.get(tenant.id)?.generation !== tenant.generation;
        return (holder !== undefined && holder !== me) || moved ? moving(tenant) : this.#withRotation(judgement);
      }),
    );
  }

  /** Which of two passwords counts, only the change that was left unfinished can find out. */
  async #withRotation(judgement: Judgement & { readonly how: "JUDGED" }): Promise<Judgement> {
    const isMismatch = ({ kind, remedy }: Finding) => kind === "CREDENTIALS_MISMATCH" && remedy !== undefined;
    const mismatch = judgement.findings.find(isMismatch);
    if (!mismatch || !(await this.parts.tenants.rotationOf(judgement.tenant.id))) return judgement;
    const message = "A change of the tenant's password was not finished; it goes on by itself.";
    const stalled: Finding = { kind: "STALLED", severity: "WARNING", object: mismatch.object, message };
    return { ...judgement, findings: [stalled, ...judgement.findings.filter((finding) => !isMismatch(finding))] };
  }
}

/** Why one tenant cannot be judged. @throws what concerns the whole server, and bugs */
function unjudged(error: unknown): JobError {
  if (error instanceof SecretUnreadable) {
    const message = "The stored password cannot be opened with the configured keys.";
    return { code: "CREDENTIAL_UNREADABLE", message, retryable: false };
  }
  if (!(error instanceof DomainError) || error.code === "UNREACHABLE") throw error;
  return { code: error.code, message: error.message, retryable: error.retryable };
}

function moving(tenant: Tenant): Judgement {
  const message = "Another job is changing this tenant.";
  return { how: "SKIPPED", tenant, error: { code: "TENANT_BUSY", message, retryable: true } };
}
