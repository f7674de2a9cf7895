import type { JobContext, JobOutcome } from "../../jobs/job-handler.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import { DomainError, NotFound } from "../../kit/domain-error.ts";
import type { Failpoints } from "../../kit/failpoints.ts";
import type { Secret } from "../../kit/secret.ts";
import { type SecretBox, SecretUnreadable } from "../../kit/secret-box.ts";
import { passwordPlace } from "../../tenants/admission.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { TenantLifecycleStore } from "../../tenants/tenant-lifecycle-store.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import type { TenantServer, TenantServers } from "../tenant-server.ts";

/** The stored password cannot be opened with the configured keys. */
export class CredentialUnreadable extends DomainError {
  readonly code = "CREDENTIAL_UNREADABLE";
}

/** What every job on one tenant works with. */
export interface LifecycleParts {
  readonly jobs: Pick<JobStore, "pendingItems">;
  readonly tenants: Pick<TenantStore, "find" | "passwordsOf">;
  readonly lifecycle: TenantLifecycleStore;
  readonly servers: TenantServers;
  readonly secretBox: SecretBox;
  readonly failpoints: Failpoints;
}

/** One start of a job on one tenant. */
export class TenantTurn {
  readonly #startedAtMs: number;

  private constructor(
    private readonly parts: LifecycleParts,
    readonly context: JobContext,
    readonly tenant: Tenant,
    private readonly word: string,
  ) {
    this.#startedAtMs = context.clock.monotonicMs();
  }

  /**
   * @param word what the job's failpoints begin with
   * @returns undefined when an earlier start has settled the tenant, so that nothing is left to do @throws NotFound
   */
  static async begin(parts: LifecycleParts, context: JobContext, word: string): Promise<TenantTurn | undefined> {
    const [open] = await parts.jobs.pendingItems(context.job.id, 1);
    if (open === undefined) return undefined;
    const tenant = await parts.tenants.find(open);
    if (!tenant) throw new NotFound("There is no such tenant any more.");
    return new TenantTurn(parts, context, tenant, word);
  }

  get name(): string {
    return this.tenant.databaseName;
  }

  /** Milliseconds since this start. */
  get tookMs(): number {
    return this.context.clock.monotonicMs() - this.#startedAtMs;
  }

  says(phase: string, message: string): void {
    this.context.report({ phase, total: 1, done: 0, failed: 0, skipped: 0, message });
  }

  /** Works on the tenant's server with one session. @throws ServerTrouble, QueueTimeout, the signal's reason */
  work<T>(work: (server: TenantServer) => Promise<T>): Promise<T> {
    return this.parts.servers.work(this.tenant.serverId, this.context.signal, work);
  }

  /** Logs in as the tenant. @returns the owner that the marker of its database names @throws as `work` */
  logIn(password: Secret): Promise<string | undefined> {
    const { serverId, databaseName } = this.tenant;
    return this.parts.servers.readMarkerAs({ serverId, databaseName }, password, this.context.signal);
  }

  /** The tenant's password. @throws CredentialUnreadable */
  async password(): Promise<Secret> {
    const { tenants, secretBox } = this.parts;
    const sealed = (await tenants.passwordsOf([this.tenant.id])).get(this.tenant.id);
    try {
      if (sealed === undefined) throw new SecretUnreadable("No password is stored.");
      return secretBox.open(sealed, passwordPlace(this.tenant.id));
    } catch (cause) {
      if (!(cause instanceof SecretUnreadable)) throw cause;
      throw new CredentialUnreadable("The stored password cannot be opened with the configured keys.", { cause });
    }
  }

  /** A step was done. */
  passed(step: string): Promise<void> {
    return this.parts.failpoints.hit(`${this.word}:${step}`, this.context.signal);
  }
}

/** The end of a job whose tenant is settled. */
export function done(context: JobContext, message: string): JobOutcome {
  context.report({ phase: "done", total: 1, done: 1, failed: 0, skipped: 0, message });
  return { status: "SUCCEEDED", message };
}
