import { and, eq, gt, inArray, lt, or, sql } from "drizzle-orm";
import type { Clock } from "../../kit/clock.ts";
import type { ServerId } from "../../kit/ids.ts";
import type { ScratchObject, ScratchStore } from "../../servers/scratch-store.ts";
import type { RegistryDatabase } from "../database.ts";
import { scratchObjects } from "../tables/scratch-objects.ts";

/** What the service made for its own use, in the registry. */
export class DrizzleScratchStore implements ScratchStore {
  constructor(
    private readonly db: RegistryDatabase,
    private readonly clock: Clock,
  ) {}

  remember(name: string, serverId: ServerId, purpose: string): Promise<void> {
    return this.rememberAll([name], serverId, purpose);
  }

  async rememberAll(names: readonly string[], serverId: ServerId, purpose: string): Promise<void> {
    if (names.length === 0) return;
    const createdAt = this.clock.now();
    const rows = names.map((name) => ({ name, serverId, purpose, createdAt }));
    await this.db.transaction((tx) =>
      tx
        .insert(scratchObjects)
        .values(rows)
        .onDuplicateKeyUpdate({ set: { purpose: sql`values(purpose)` } }),
    );
  }

  forget(name: string): Promise<void> {
    return this.forgetAll([name]);
  }

  async forgetAll(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    await this.db.transaction((tx) => tx.delete(scratchObjects).where(inArray(scratchObjects.name, [...names])));
  }

  listOlderThan(before: Date, limit: number, after?: ScratchObject): Promise<readonly ScratchObject[]> {
    const { createdAt, name } = scratchObjects;
    const later =
      after && or(gt(createdAt, after.createdAt), and(eq(createdAt, after.createdAt), gt(name, after.name)));
    return this.db.read((orm) =>
      orm
        .select()
        .from(scratchObjects)
        .where(and(lt(createdAt, before), later))
        .orderBy(createdAt, name)
        .limit(limit),
    );
  }

  listByPurpose(purpose: string): Promise<readonly ScratchObject[]> {
    return this.db.read((orm) =>
      orm.select().from(scratchObjects).where(eq(scratchObjects.purpose, purpose)).orderBy(scratchObjects.name),
    );
  }
}
