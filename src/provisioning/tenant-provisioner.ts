import { DomainError } from "../kit/domain-error.ts";
import type { Failpoints } from "../kit/failpoints.ts";
import type { Logger } from "../kit/logger.ts";
import type { Secret } from "../kit/secret.ts";
import type { TenantMigrator } from "../migrations/tenant-migrator.ts";
import type { Tenant } from "../tenants/tenant.ts";
import { DatabaseLost, OwnershipMismatch } from "./database-invariant.ts";
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

/** A tenant as far as its making must know it: one in the registry, or one to come. Without a schema version it was never in use. */
export type TenantInTheMaking = Pick<Tenant, "id" | "serverId" | "databaseName" | "schemaVersion" | "seed">;

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
   * @throws as `make` and `prove`
   */
  async provision(tenant: TenantInTheMaking, password: Secret, signal: AbortSignal): Promise<string | undefined> {
    const version = await this.make(tenant, password, signal);
    await this.prove(tenant, password, signal);
    return version;
  }

  /**
   * The first half, nearly all of it DDL: ensures, migrates and seeds, and believes that it held.
   * @returns tag of the newest migration applied
   * @throws OwnershipMismatch, DatabaseExists, DatabaseLost, ServerTrouble, QueueTimeout, what the migrator throws, the signal's reason
   */
  async make(tenant: TenantInTheMaking, password: Secret, signal: AbortSignal): Promise<string | undefined> {
    const { servers, migrator } = this.parts;
    const { id, databaseName, serverId } = tenant;
    await servers.work(serverId, signal, async (server) => {
      const expected = expectedOf(tenant, password);
      if (!expected.isNew) await refuseLost(databaseName, server);
      await this.#ensureAll(expected, server, signal);
    });
    const target = { tenantId: id, serverId, databaseName };
    const { to } = await migrator.migrate(target, signal);
    await this.#passed("migrated", signal);
    if (tenant.seed) {
      await migrator.seed(target, signal);
      await this.#passed("seeded", signal);
    }
    return to;
  }

  /**
   * The second half: looks, mends what was there before and is too much, and logs in as the tenant.
   * @throws OwnershipMismatch, InvariantBroken, ServerTrouble, QueueTimeout, the signal's reason
   */
  async prove(tenant: TenantInTheMaking, password: Secret, signal: AbortSignal): Promise<void> {
    const { servers } = this.parts;
    const { id, databaseName, serverId } = tenant;
    await servers.work(serverId, signal, (server) => this.#verify(expectedOf(tenant, password), server));
    const marker = await servers.readMarkerAs({ serverId, databaseName }, password, signal);
    if (marker !== id)
      throw new OwnershipMismatch("The database that the account reaches does not belong to the tenant.");
    await this.#passed("verified", signal);
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

/** What a tenant in use has lost is not made anew, empty, behind anybody's back: that takes a repair that was told so. */
async function refuseLost(databaseName: string, server: TenantServer): Promise<void> {
  const seen = await server.look(databaseName);
  if (seen.databases.has(databaseName)) return;
  throw new DatabaseLost("MISSING_DATABASE", "The database of a tenant that was in use is gone: its data is lost.");
}

function expectedOf({ id, databaseName, schemaVersion }: TenantInTheMaking, password: Secret): ExpectedTenant {
  return { id, databaseName, password, isNew: schemaVersion === undefined };
}
