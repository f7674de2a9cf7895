import type { JobItem } from "../../jobs/job.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import type { Ids, JobId, ServerId, TenantId } from "../../kit/ids.ts";
import { type SealedSecret, type SecretBox, SecretUnreadable } from "../../kit/secret-box.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import { matchingTenants } from "../../tenants/tenant-scope.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import type { Party } from "./isolation-ground.ts";
import type { ServerGroup, Subject } from "./isolation-testing.ts";

/** Items read at a time. */
const pageLength = 500;

/** The pending tenants of a run, by what can be done with them. */
export interface Subjects {
  /** In order of the items, which is that of the slugs. */
  readonly groups: readonly ServerGroup[];
  /** Not ACTIVE any more. */
  readonly skipped: readonly JobItem[];
  /** Whose stored credential cannot be read. */
  readonly unreadable: readonly TenantId[];
}

/** Reads who is to be tested, and who else lives on the same servers. */
export class SubjectReader {
  constructor(
    private readonly jobs: Pick<JobStore, "pendingItems">,
    private readonly tenants: Pick<TenantStore, "findMany" | "passwordsOf" | "scan">,
    private readonly secrets: SecretBox,
    private readonly ids: Ids,
  ) {}

  async read(runId: JobId, signal: AbortSignal): Promise<Subjects> {
    const subjects = new Map<ServerId, Subject[]>();
    const skipped: JobItem[] = [];
    const unreadable: TenantId[] = [];
    for await (const { id, tenant, password } of this.#pending(runId, signal)) {
      if (tenant?.status !== "ACTIVE" || password === undefined) {
        skipped.push(noLongerActive(id, tenant?.status ?? "DELETED"));
        continue;
      }
      const subject = this.#subject(tenant, password);
      if (subject) listOf(subjects, tenant.serverId).push(subject);
      else unreadable.push(id);
    }
    const groups: ServerGroup[] = [];
    for (const [serverId, found] of subjects) {
      groups.push({ serverId, subjects: found, fleet: await this.#fleetOf(serverId, signal) });
    }
    return { groups, skipped, unreadable };
  }

  #subject({ id, slug, databaseName, generation }: Tenant, sealed: SealedSecret): Subject | undefined {
    try {
      const password = this.secrets.open(sealed, { ownerId: id, field: "password" });
      return { id, generation, label: slug, databaseName, password, token: this.ids.next<"Canary">() };
    } catch (error) {
      if (error instanceof SecretUnreadable) return undefined;
      throw error;
    }
  }

  async *#pending(runId: JobId, signal: AbortSignal) {
    for (let after: TenantId | undefined; ; ) {
      signal.throwIfAborted();
      const ids = await this.jobs.pendingItems(runId, pageLength, after);
      if (ids.length === 0) return;
      const [tenants, passwords] = await Promise.all([this.tenants.findMany(ids), this.tenants.passwordsOf(ids)]);
      const byId = new Map(tenants.map((tenant) => [tenant.id, tenant]));
      for (const id of ids) yield { id, tenant: byId.get(id), password: passwords.get(id) };
      after = ids.at(-1);
    }
  }

  async #fleetOf(serverId: ServerId, signal: AbortSignal): Promise<readonly Party[]> {
    const fleet: Party[] = [];
    for await (const { slug, databaseName } of matchingTenants(
      this.tenants,
      { serverId, statuses: ["ACTIVE"] },
      signal,
    )) {
      fleet.push({ label: slug, databaseName });
    }
    return fleet;
  }
}

function noLongerActive(tenantId: TenantId, status: string): JobItem {
  // It was ACTIVE when the scope was frozen.
  const message = `The tenant is ${status} by now; only ACTIVE tenants are tested.`;
  return { tenantId, status: "SKIPPED", durationMs: 0, error: { code: "INVALID_STATE", message, retryable: false } };
}

function listOf<Key, Value>(lists: Map<Key, Value[]>, key: Key): Value[] {
  const known = lists.get(key);
  if (known) return known;
  const list: Value[] = [];
  lists.set(key, list);
  return list;
}
