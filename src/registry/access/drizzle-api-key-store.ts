import { and, desc, eq, gt, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import type { ApiKey, ApiKeyStore } from "../../access/api-key.ts";
import type { Origin, Role } from "../../kit/actor.ts";
import { InvalidState, LimitExceeded, NotFound } from "../../kit/domain-error.ts";
import type { ApiKeyId, Ids } from "../../kit/ids.ts";
import type { Orm, RegistryDatabase } from "../database.ts";
import { isAsciiKey } from "../paging/keyset.ts";
import { apiKeys } from "../tables/api-keys.ts";
import { writeAudit } from "./audit-rows.ts";

const columns = {
  id: apiKeys.id,
  name: apiKeys.name,
  role: apiKeys.role,
  prefix: apiKeys.prefix,
  createdAt: apiKeys.createdAt,
  expiresAt: apiKeys.expiresAt,
  lastUsedAt: apiKeys.lastUsedAt,
  revokedAt: apiKeys.revokedAt,
};

type ApiKeyRow = Pick<typeof apiKeys.$inferSelect, keyof typeof columns>;

/** API keys in the registry. */
export class DrizzleApiKeyStore implements ApiKeyStore {
  readonly #byHash: ReturnType<typeof prepareByHash>;

  constructor(
    private readonly db: RegistryDatabase,
    private readonly ids: Ids,
  ) {
    this.#byHash = prepareByHash(db);
  }

  async ensure(key: ApiKey, secretHash: string): Promise<ApiKey> {
    const row = await this.db.transaction(async (tx) => {
      // Nothing is updated: what is there stays as it is, also when two processes come at once.
      await tx
        .insert(apiKeys)
        .values({ ...key, secretHash })
        .onDuplicateKeyUpdate({ set: { id: sql`${apiKeys.id}` } });
      const [present] = await tx.select(columns).from(apiKeys).where(eq(apiKeys.secretHash, secretHash));
      return present;
    });
    return row ? toApiKey(row) : key;
  }

  async findByHash(secretHash: string): Promise<ApiKey | undefined> {
    if (!isAsciiKey(secretHash)) return undefined;
    const [row] = await this.db.read(() => this.#byHash.execute({ secretHash }));
    return row && toApiKey(row);
  }

  async find(id: ApiKeyId): Promise<ApiKey | undefined> {
    if (!isAsciiKey(id)) return undefined;
    const [row] = await this.db.read((orm) => orm.select(columns).from(apiKeys).where(eq(apiKeys.id, id)));
    return row && toApiKey(row);
  }

  hasLive(role: Role, now: Date): Promise<boolean> {
    return this.db.read(async (orm) => {
      const rows = await orm
        .select({ id: apiKeys.id })
        .from(apiKeys)
        .where(and(eq(apiKeys.role, role), live(now)))
        .limit(1);
      return rows.length > 0;
    });
  }

  async touch(id: ApiKeyId, usedAt: Date): Promise<void> {
    const used = sql.param(usedAt, apiKeys.lastUsedAt);
    await this.db.transaction((tx) =>
      tx
        .update(apiKeys)
        .set({ lastUsedAt: sql`greatest(coalesce(${apiKeys.lastUsedAt}, ${used}), ${used})` })
        .where(eq(apiKeys.id, id)),
    );
  }

  async findMany(ids: readonly ApiKeyId[]): Promise<readonly ApiKey[]> {
    const possible = ids.filter(isAsciiKey);
    if (possible.length === 0) return [];
    const rows = await this.db.read((orm) => orm.select(columns).from(apiKeys).where(inArray(apiKeys.id, possible)));
    return rows.map(toApiKey);
  }

  async list(limit: number): Promise<readonly ApiKey[]> {
    const order = [desc(apiKeys.createdAt), desc(apiKeys.id)];
    const rows = await this.db.read((orm) =>
      orm
        .select(columns)
        .from(apiKeys)
        .orderBy(...order)
        .limit(limit),
    );
    return rows.map(toApiKey);
  }

  add(key: ApiKey, secretHash: string, maxLive: number, origin: Origin): Promise<ApiKey> {
    return this.db.transaction(async (tx) => {
      const present = await tx.select({ id: apiKeys.id }).from(apiKeys).where(live(key.createdAt)).limit(maxLive);
      if (present.length >= maxLive) throw new LimitExceeded(`There are ${maxLive} live keys: revoke one first.`);
      await tx.insert(apiKeys).values({ ...key, secretHash });
      await this.#audit(tx, key.createdAt, "createApiKey", key.id, origin);
      return key;
    });
  }

  revoke(id: ApiKeyId, at: Date, origin: Origin): Promise<ApiKey> {
    return this.db.transaction(async (tx) => {
      // All live ADMIN keys are locked, so that two that revoke each other cannot both succeed.
      const admins = await tx
        .select({ id: apiKeys.id })
        .from(apiKeys)
        .where(and(eq(apiKeys.role, "ADMIN"), live(at)))
        .for("update");
      const [row] = isAsciiKey(id)
        ? await tx.select(columns).from(apiKeys).where(eq(apiKeys.id, id)).for("update")
        : [];
      if (!row) throw new NotFound("There is no such API key.", { field: ["input", "id"] });
      if (row.revokedAt) return toApiKey(row);
      if (admins.length === 1 && admins[0]?.id === id)
        throw new InvalidState("The last live ADMIN key cannot be revoked: create another one first.", {
          field: ["input", "id"],
        });
      await tx.update(apiKeys).set({ revokedAt: at }).where(eq(apiKeys.id, id));
      await this.#audit(tx, at, "revokeApiKey", id, origin);
      return toApiKey({ ...row, revokedAt: at });
    });
  }

  #audit(tx: Orm, at: Date, action: string, id: ApiKeyId, origin: Origin): Promise<void> {
    return writeAudit(tx, this.ids, at, [{ origin, action, subject: `ApiKey:${id}`, result: "OK" }]);
  }
}

function live(now: Date): SQL | undefined {
  return and(isNull(apiKeys.revokedAt), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)));
}

function prepareByHash({ orm }: RegistryDatabase) {
  return orm
    .select(columns)
    .from(apiKeys)
    .where(eq(apiKeys.secretHash, sql.placeholder("secretHash")))
    .prepare();
}

function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    ...row,
    expiresAt: row.expiresAt ?? undefined,
    lastUsedAt: row.lastUsedAt ?? undefined,
    revokedAt: row.revokedAt ?? undefined,
  };
}
