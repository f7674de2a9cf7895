import type { JobError, JobKind } from "../../jobs/job.ts";
import type { JobContext, JobHandler, JobOutcome } from "../../jobs/job-handler.ts";
import type { Secret } from "../../kit/secret.ts";
import { passwordPlace, pendingPasswordPlace } from "../../tenants/admission.ts";
import { newPassword } from "../../tenants/credentials.ts";
import { takeBack } from "./giving-up.ts";
import { openAccountInTime, verifyOpen } from "./opening.ts";
import { done, type LifecycleParts, TenantTurn } from "./tenant-turn.ts";

const settled = "The tenant has a new password.";

/**
 * Gives an ACTIVE tenant a new password: keeps it, sets it, ends the sessions that came in by the old one, logs in, and only
 * then makes it the tenant's. Whatever happens, the registry has every password that may count; a next start goes on with
 * the one that was kept. Given up, the old one counts again. A process that was paused too long sets none.
 */
export class RotateJob implements JobHandler {
  readonly kind: JobKind = "ROTATE_CREDENTIALS";

  constructor(private readonly parts: LifecycleParts) {}

  async run(context: JobContext): Promise<JobOutcome> {
    const turn = await TenantTurn.begin(this.parts, context, "rotate");
    if (!turn) return done(context, settled);
    const { id } = turn.tenant;
    turn.says("setting", "Setting a new password.");
    const password = await openAccountInTime(turn, async () => {
      const kept = await this.#keep(turn);
      await turn.passed("stored");
      return kept;
    });
    await turn.passed("set");
    turn.says("ending sessions", "Ending the sessions that came in by the old one.");
    await turn.work((server) => server.endSessions(turn.name));
    await turn.passed("ended");
    await verifyOpen(turn, password);
    await turn.passed("verified");
    const sealed = this.parts.secretBox.seal(password, passwordPlace(id));
    await this.parts.lifecycle.promotePending(context.lease, id, sealed, turn.tookMs);
    await turn.passed("promoted");
    return done(context, settled);
  }

  /** Nobody was told the new password: to set the old one again takes nothing from anyone. */
  async abandon(context: JobContext, error: JobError): Promise<void> {
    const { lifecycle } = this.parts;
    const turn = await TenantTurn.begin(this.parts, context, "rotate");
    if (!turn) return;
    const { id } = turn.tenant;
    if ((await lifecycle.findPending(id)) !== undefined) {
      await takeBack(turn, error, async () => {
        const password = await openAccountInTime(turn, async () => {
          await this.#keep(turn);
          return turn.password();
        });
        await verifyOpen(turn, password);
        await lifecycle.dropPending(context.lease, id);
      });
    }
    await lifecycle.noteFailure(context.lease, id, error, turn.tookMs);
  }

  /** The password that is being set: the one that an earlier start kept, or a new one. */
  async #keep({ tenant: { id }, context }: TenantTurn): Promise<Secret> {
    const { lifecycle, secretBox } = this.parts;
    const place = pendingPasswordPlace(id);
    const kept = await lifecycle.keepPending(context.lease, id, secretBox.seal(newPassword(), place));
    return secretBox.open(kept, place);
  }
}
