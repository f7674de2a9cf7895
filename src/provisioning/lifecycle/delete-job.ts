import type { JobError, JobKind } from "../../jobs/job.ts";
import type { JobContext, JobHandler, JobOutcome } from "../../jobs/job-handler.ts";
import type { TenantStatus } from "../../tenants/tenant.ts";
import { closeAccount } from "./closing.ts";
import { dropDatabase, refuseForeign, refuseRemains } from "./dropping.ts";
import { takeBack } from "./giving-up.ts";
import { openAccount } from "./opening.ts";
import { done, type LifecycleParts, TenantTurn } from "./tenant-turn.ts";

const settled = "The tenant is deleted.";

/**
 * DELETING → DELETED: locks the account, ends its sessions, drops database and account, verifies that nothing is left, and
 * leaves a tombstone. Cancelled before its database was dropped, the tenant is what it was; refused by what it found, it is FAILED.
 */
export class DeleteJob implements JobHandler {
  readonly kind: JobKind = "DELETE_TENANT";

  constructor(private readonly parts: LifecycleParts) {}

  async run(context: JobContext): Promise<JobOutcome> {
    const turn = await TenantTurn.begin(this.parts, context, "delete");
    if (!turn) return done(context, settled);
    // Before anything is touched: somebody else's database is left alone, with its account and its sessions.
    await turn.work((server) => refuseForeign(server, turn.tenant));
    await closeAccount(turn);
    turn.says("dropping", "Dropping the database.");
    // A worker that was paused past its lease finds out here, and drops nothing: somebody else may have given the tenant back.
    await context.flush();
    await turn.work((server) => dropDatabase(server, turn.tenant));
    await turn.passed("dropped");
    await turn.work((server) => server.dropAccounts(turn.name));
    await turn.passed("account-dropped");
    await turn.work((server) => refuseRemains(server, turn.name));
    await turn.passed("verified");
    await this.parts.lifecycle.bury(context.lease, turn.tenant.id, turn.tookMs);
    await turn.passed("written");
    return done(context, settled);
  }

  async abandon(context: JobContext, error: JobError): Promise<void> {
    const turn = await TenantTurn.begin(this.parts, context, "delete-undo");
    if (!turn) return;
    const { lifecycle } = this.parts;
    const { id } = turn.tenant;
    const to = await this.#wayBack(turn, error);
    if (to === undefined) {
      await lifecycle.noteFailure(context.lease, id, error, turn.tookMs);
      return;
    }
    await lifecycle.move(context.lease, id, { from: "DELETING", to, reason: error }, turn.tookMs);
  }

  /** What the tenant becomes; undefined: it stays DELETING, and the sweep takes it up again. */
  async #wayBack(turn: TenantTurn, error: JobError): Promise<TenantStatus | undefined> {
    if (error.code !== "CANCELLED") return error.retryable ? undefined : "FAILED";
    const seen = await turn.work((server) => server.look(turn.name));
    const before = turn.context.job.input.statusBefore;
    // A deletion that was taken up again does not know what the tenant was; without a schema it was never in use.
    const wasNeverReady = before === "DELETING" && turn.tenant.schemaVersion === undefined;
    if (before === "PROVISIONING" || before === "FAILED" || wasNeverReady) return "FAILED";
    if (!seen.databases.has(turn.name)) return undefined;
    if (before === "ACTIVE") {
      const isOpen = await takeBack(turn, error, async () => openAccount(turn, await turn.password()));
      if (isOpen) return "ACTIVE";
    }
    await closeAccount(turn);
    return "SUSPENDED";
  }
}
