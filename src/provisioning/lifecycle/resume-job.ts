import type { JobError, JobKind } from "../../jobs/job.ts";
import type { JobContext, JobHandler, JobOutcome } from "../../jobs/job-handler.ts";
import { closeAccount } from "./closing.ts";
import { takeBack } from "./giving-up.ts";
import { openAccount, verifyOpen } from "./opening.ts";
import { done, type LifecycleParts, TenantTurn } from "./tenant-turn.ts";

const settled = "The tenant is active again.";

/** SUSPENDED → ACTIVE: unlocks the account with the credential it had, and verifies by logging in. Given up, it is locked again. */
export class ResumeJob implements JobHandler {
  readonly kind: JobKind = "RESUME_TENANT";

  constructor(private readonly parts: LifecycleParts) {}

  async run(context: JobContext): Promise<JobOutcome> {
    const turn = await TenantTurn.begin(this.parts, context, "resume");
    if (!turn) return done(context, settled);
    const password = await turn.password();
    turn.says("unlocking", "Unlocking the account.");
    await openAccount(turn, password);
    await turn.passed("unlocked");
    await verifyOpen(turn, password);
    await turn.passed("verified");
    const step = { from: "SUSPENDED", to: "ACTIVE" } as const;
    await this.parts.lifecycle.move(context.lease, turn.tenant.id, step, turn.tookMs);
    await turn.passed("written");
    return done(context, settled);
  }

  async abandon(context: JobContext, error: JobError): Promise<void> {
    const turn = await TenantTurn.begin(this.parts, context, "resume-undo");
    if (!turn) return;
    await takeBack(turn, error, async () => {
      await closeAccount(turn);
    });
    await this.parts.lifecycle.noteFailure(context.lease, turn.tenant.id, error, turn.tookMs);
  }
}
