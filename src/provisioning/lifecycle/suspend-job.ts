import type { JobError, JobKind } from "../../jobs/job.ts";
import type { JobContext, JobHandler, JobOutcome } from "../../jobs/job-handler.ts";
import { closeAccount, verifyClosed } from "./closing.ts";
import { takeBack } from "./giving-up.ts";
import { openAccount } from "./opening.ts";
import { done, type LifecycleParts, TenantTurn } from "./tenant-turn.ts";

const settled = "The tenant is suspended.";

/** ACTIVE → SUSPENDED: locks the account, ends its sessions, and verifies both. Given up, the tenant can log in as before. */
export class SuspendJob implements JobHandler {
  readonly kind: JobKind = "SUSPEND_TENANT";

  constructor(private readonly parts: LifecycleParts) {}

  async run(context: JobContext): Promise<JobOutcome> {
    const turn = await TenantTurn.begin(this.parts, context, "suspend");
    if (!turn) return done(context, settled);
    await closeAccount(turn);
    await verifyClosed(turn);
    const step = { from: "ACTIVE", to: "SUSPENDED" } as const;
    await this.parts.lifecycle.move(context.lease, turn.tenant.id, step, turn.tookMs);
    await turn.passed("written");
    return done(context, settled);
  }

  async abandon(context: JobContext, error: JobError): Promise<void> {
    const turn = await TenantTurn.begin(this.parts, context, "suspend");
    if (!turn) return;
    await takeBack(turn, error, async () => openAccount(turn, await turn.password()));
    await this.parts.lifecycle.noteFailure(context.lease, turn.tenant.id, error, turn.tookMs);
  }
}
