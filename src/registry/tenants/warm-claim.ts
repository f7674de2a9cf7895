import type { TenantId } from "../../kit/ids.ts";
import { keyIdOf } from "../../kit/secret-box.ts";
import type { AppliedSchema } from "../../tenants/tenant-lifecycle-store.ts";
import type { NewTenant } from "../../tenants/tenant-store.ts";
import type { Statement } from "../statements.ts";

/** A tenant that is about to be entered. */
export interface EnteringTenant extends NewTenant {
  /** Of the ready-made database that it has taken; absent: its database is still to be made. */
  readonly taken?: AppliedSchema | undefined;
}

/** A ready-made database, as the claim reads it. */
interface ReadyRow {
  readonly id: TenantId;
  readonly databaseName: string;
  readonly password: string;
  readonly version: string | null;
  readonly checksum: string | null;
}

/**
 * By its index and in its order, or more rows would be locked than are taken. Who asks at the same time passes over what is being
 * taken, and waits for nobody. What was sealed with another key than seals now may be nobody's to open: it is passed over until it
 * is sealed anew.
 */
const lockReady = `select tenant_id as id, database_name as databaseName, password, schema_version as version,
    schema_checksum as checksum
  from warm_databases force index (warm_databases_claim)
  where server_id = ? and state = 'READY' and schema_checksum = ? and substring_index(substring_index(password, '.', 2), '.', -1) = ?
  order by created_at, tenant_id limit ?
  for update skip locked`;

/** A claim of ready-made databases for those of some tenants that may have one: the oldest first, as far as they go. */
export class WarmClaim {
  /** Those that may take from the same. */
  readonly #groups: readonly (readonly NewTenant[])[];

  constructor(private readonly fresh: readonly NewTenant[]) {
    this.#groups = groupsOf(fresh);
  }

  /** What is to be read, in the admitting transaction. */
  statements(): readonly Statement[] {
    return this.#groups.flatMap((group) => {
      const [first] = group;
      return first
        ? [
            {
              sql: lockReady,
              values: [first.serverId, first.warmSchema?.checksum, keyIdOf(first.password), group.length],
            },
          ]
        : [];
    });
  }

  /** @param read the results of the statements @returns all of the tenants, in order */
  taken(read: readonly (readonly object[])[]): readonly EnteringTenant[] {
    const taken = new Map<TenantId, EnteringTenant>();
    for (const [place, group] of this.#groups.entries()) {
      const rows = (read[place] ?? []) as readonly ReadyRow[];
      for (const [at, { id, databaseName, password, version, checksum }] of rows.entries()) {
        const tenant = group[at];
        const schema = { version: version ?? undefined, checksum: checksum ?? undefined };
        if (tenant) taken.set(tenant.id, { ...tenant, id, databaseName, password, taken: schema });
      }
    }
    return this.fresh.map((tenant) => taken.get(tenant.id) ?? tenant);
  }
}

/** Takes the rows away of what was claimed. */
export function claimedStatements(tenants: readonly EnteringTenant[]): readonly Statement[] {
  const ids = tenants.filter(({ taken }) => taken !== undefined).map(({ id }) => id);
  return ids.length === 0 ? [] : [{ sql: "delete from warm_databases where tenant_id in (?)", values: [ids] }];
}

function groupsOf(fresh: readonly NewTenant[]): readonly (readonly NewTenant[])[] {
  const byKind = new Map<string, NewTenant[]>();
  for (const tenant of fresh) {
    if (tenant.warmSchema?.checksum === undefined) continue;
    const key = `${tenant.serverId} ${tenant.warmSchema.checksum}`;
    const group = byKind.get(key);
    if (group) group.push(tenant);
    else byKind.set(key, [tenant]);
  }
  return [...byKind.values()];
}
