import { DomainError } from "../kit/domain-error.ts";
import type { Failpoints } from "../kit/failpoints.ts";
import type { Logger } from "../kit/logger.ts";
import type { Secret } from "../kit/secret.ts";
import type { TenantMigrator } from "../migrations/tenant-migrator.ts";
import type { Tenant } from "../tenants/tenant.ts";
import { OwnershipMismatch } from "./database-invariant.ts";
import type { Finding, FindingKind } from "./finding.ts";
import type { ExpectedTenant } from "./invariant.ts";
import { invariants, judgeAll } from "./invariants.ts";
import type { TenantServer, TenantServers } from "./tenant-server.ts";

/** What was ensured does not hold all the same. */
export class InvariantBroken extends DomainError {
  readonly code: FindingKind;

  constructor(readonly finding: Finding) {
    super(`${finding.message} (${finding.object})`);
    this.code = finding.kind;
  }
}

/** What {@link TenantProvisioner} works with. */
export interface ProvisionerParts {
  readonly servers: TenantServers;
  readonly migrator: TenantMigrator;
  readonly failpoints: Failpoints;
  readonly logger: Logger;
}

/** Walks one tenant through all that must hold of it. Each step may be repeated, after a crash at any point. */
export class TenantProvisioner {
  constructor(private readonly parts: ProvisionerParts) {}

  /**
   * Afterwards the tenant can be used. A tenant is ensured first and looked at once at the end, which saves a fresh one all looking.
   * @returns tag of the newest migration applied
   * @throws OwnershipMismatch, DatabaseExists, InvariantBroken, ServerTrouble, QueueTimeout, what the migrator throws, the signal's reason
   */
  async provision(tenant: Tenant, password: Secret, signal: AbortSignal): Promise<string | undefined> {
    const { servers, migrator } = this.parts;
    const { id, databaseName, serverId } = tenant;
    const expected: ExpectedTenant = { id, databaseName, password, isNew: tenant.schemaVersion === undefined };
    await servers.work(serverId, signal, (server) => this.#ensureAll(expected, server, signal));
    const target = { tenantId: id, serverId, databaseName };
    const { to } = await migrator.migrate(target, signal);
    await this.#passed("migrated", signal);
    if (tenant.seed) {
      await migrator.seed(target, signal);
      await this.#passed("seeded", signal);
    }
    await servers.work(serverId, signal, (server) => this.#verify(expected, server));
    const marker = await servers.readMarkerAs({ serverId, databaseName }, password, signal);
    if (marker !== id)
      throw new OwnershipMismatch("The database that the account reaches does not belong to the tenant.");
    await this.#passed("verified", signal);
    return to;
  }

  async #ensureAll(expected: ExpectedTenant, server: TenantServer, signal: AbortSignal): Promise<void> {
    for (const invariant of invariants) {
      await invariant.ensure(expected, server);
      await this.#passed(invariant.name, signal);
    }
  }

  /** Looks; mends what is not as it was ensured, e.g. rights that were there before; and looks once more. */
  async #verify(expected: ExpectedTenant, server: TenantServer): Promise<void> {
    const seen = await server.look(expected.databaseName);
    if (judgeAll(expected, seen).length === 0) return;
    for (const invariant of invariants) {
      if (invariant.judge(expected, seen).length > 0) await invariant.ensure(expected, server, seen);
    }
    const [left] = judgeAll(expected, await server.look(expected.databaseName));
    if (left) throw new InvariantBroken(left);
    this.parts.logger.info({ tenantId: expected.id }, "tenant mended while it was provisioned");
  }

  #passed(step: string, signal: AbortSignal): Promise<void> {
    return this.parts.failpoints.hit(`provision:${step}`, signal);
  }
}
