import { and, asc, eq, gt, ne, or, type SQL, sql } from "drizzle-orm";
import type { JobLease } from "../../jobs/job-store.ts";
import type { KeptSecret, ResealedSecret, SealedSecretStore } from "../../secrets/sealed-secret-store.ts";
import type { RegistryDatabase } from "../database.ts";
import { lockForHolder } from "../jobs/job-writes.ts";
import { type Vault, vaults } from "./vaults.ts";

/** Rows that are counted in one statement: some 20 ms at a million of them. */
const countedAtATime = 20_000;

/** Sealed secrets in the registry. */
export class DrizzleSealedSecretStore implements SealedSecretStore {
  readonly vaults = vaults.map(({ name }) => name);

  /** @param countStep rows that are counted in one statement */
  constructor(
    private readonly db: RegistryDatabase,
    private readonly countStep = countedAtATime,
  ) {}

  async page(vault: string, afterOwner: string | undefined, limit: number): Promise<readonly KeptSecret[]> {
    const { table, owner, sealed, field } = vaultOf(vault);
    const columns = { owner: sql<string>`${owner}`, sealed: sql<string>`${sealed}` };
    const rows = await this.db.read((orm) =>
      orm.select(columns).from(table).where(beyond(vault, afterOwner)).orderBy(asc(owner)).limit(limit),
    );
    return rows.map((row) => ({ place: { ownerId: row.owner, field }, sealed: row.sealed }));
  }

  replace(lease: JobLease, vault: string, secrets: readonly ResealedSecret[]): Promise<number> {
    const { table, owner, sealed } = vaultOf(vault);
    return this.db.transaction(async (tx) => {
      await lockForHolder(tx, lease);
      if (secrets.length === 0) return 0;
      // One statement for all: each of its own would take as long as the whole page.
      const cases = secrets.map(({ place, resealed }) => sql`WHEN ${place.ownerId} THEN ${resealed}`);
      const unchanged = secrets.map((secret) => and(eq(owner, secret.place.ownerId), eq(sealed, secret.sealed)));
      const column = sql.identifier(sealed.name);
      const [result] = await tx.execute(
        sql`UPDATE ${table} SET ${column} = CASE ${owner} ${sql.join(cases, sql` `)} ELSE ${sealed} END
             WHERE ${or(...unchanged)}`,
      );
      return result.affectedRows;
    });
  }

  async countByKey(signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const vault of this.vaults) {
      for (let after: string | undefined; ; ) {
        signal.throwIfAborted();
        const step = await this.#countStep(vault, after);
        for (const { keyId, count } of step.counts) counts.set(keyId, (counts.get(keyId) ?? 0) + count);
        if (step.last === undefined) break;
        after = step.last;
      }
    }
    return counts;
  }

  async #countStep(vault: string, after: string | undefined) {
    const { table, owner, sealed } = vaultOf(vault);
    return this.db.read(async (orm) => {
      const some = orm
        .select({ owner: sql<string>`${owner}`.as("owner"), keyId: keyIdOf(sealed).as("key_id") })
        .from(table)
        .where(beyond(vault, after))
        .orderBy(asc(owner))
        .limit(this.countStep)
        .as("some");
      const rows = await orm
        .select({ keyId: some.keyId, count: sql<number>`count(*)`, last: sql<string>`max(${some.owner})` })
        .from(some)
        .groupBy(some.keyId);
      const counts = rows.map(({ keyId, count }) => ({ keyId, count: Number(count) }));
      const read = counts.reduce((sum, { count }) => sum + count, 0);
      const last = rows
        .map((row) => row.last)
        .toSorted()
        .at(-1);
      return { counts, last: read < this.countStep ? undefined : last };
    });
  }
}

function vaultOf(name: string): Vault {
  const vault = vaults.find((each) => each.name === name);
  if (!vault) throw new RangeError(`There is no vault "${name}".`);
  return vault;
}

function beyond(vault: string, after: string | undefined): SQL | undefined {
  const { owner, sealed } = vaultOf(vault);
  return and(ne(sealed, ""), after === undefined ? undefined : gt(owner, after));
}

/** The part between the first two dots: see SealedSecret. */
function keyIdOf(sealed: Vault["sealed"]): SQL<string> {
  return sql<string>`substring_index(substring_index(${sealed}, '.', 2), '.', -1)`;
}
