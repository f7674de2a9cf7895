import type { JobError, JobKind } from "../../jobs/job.ts";
import type { JobContext, JobHandler, JobOutcome } from "../../jobs/job-handler.ts";
import { DomainError } from "../../kit/domain-error.ts";
import type { Tenant, TenantStatus } from "../../tenants/tenant.ts";
import { DatabaseExists, OwnershipMismatch } from "../database-invariant.ts";
import type { TenantServer } from "../tenant-server.ts";
import { closeAccount } from "./closing.ts";
import { takeBack } from "./giving-up.ts";
import { openAccount } from "./opening.ts";
import { done, type LifecycleParts, TenantTurn } from "./tenant-turn.ts";

const settled = "The tenant is deleted.";

/** The server shows something of the tenant after it was dropped. */
export class NotGone extends DomainError {
  readonly code = "NOT_GONE";
  override readonly retryable = true;
}

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

/** A database that nobody has marked is the tenant's when the tenant was ever in use: its name is used once. @throws OwnershipMismatch, DatabaseExists */
async function refuseForeign(server: TenantServer, tenant: Tenant): Promise<void> {
  const { databaseName, id, schemaVersion } = tenant;
  const seen = await server.look(databaseName);
  if (!seen.databases.has(databaseName)) return;
  const { marker, objects } = await server.contentsOf(databaseName);
  if (marker === id) return;
  if (marker !== undefined) throw new OwnershipMismatch("The database belongs to another tenant; it is not dropped.");
  if (objects > 0 && schemaVersion === undefined) {
    throw new DatabaseExists("A database of this name exists, and nothing in it says whose it is; it is not dropped.");
  }
}

async function dropDatabase(server: TenantServer, tenant: Tenant): Promise<void> {
  await refuseForeign(server, tenant);
  await server.dropDatabase(tenant.databaseName);
  const seen = await server.look(tenant.databaseName);
  if (seen.databases.has(tenant.databaseName)) throw new NotGone("The database is there after it was dropped.");
}

async function refuseRemains(server: TenantServer, name: string): Promise<void> {
  const seen = await server.look(name);
  if (seen.databases.has(name)) throw new NotGone("The database is there after it was dropped.");
  const rows = (seen.accounts.get(name)?.length ?? 0) + (seen.grants.get(name)?.length ?? 0);
  if (rows > 0) throw new NotGone("The server shows rights of the account after it was dropped.");
}
