import { eq, lt, sql } from "drizzle-orm";
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

  async remember(name: string, serverId: ServerId, purpose: string): Promise<void> {
    const row = { name, serverId, purpose, createdAt: this.clock.now() };
    await this.db.transaction((tx) =>
      tx
        .insert(scratchObjects)
        .values(row)
        .onDuplicateKeyUpdate({ set: { name: sql`values(name)` } }),
    );
  }

  async forget(name: string): Promise<void> {
    await this.db.transaction((tx) => tx.delete(scratchObjects).where(eq(scratchObjects.name, name)));
  }

  listOlderThan(before: Date, limit: number): Promise<readonly ScratchObject[]> {
    return this.db.read((orm) =>
      orm
        .select()
        .from(scratchObjects)
        .where(lt(scratchObjects.createdAt, before))
        .orderBy(scratchObjects.createdAt, scratchObjects.name)
        .limit(limit),
    );
  }
}
