import { and, eq, gt, isNull, or, sql } from "drizzle-orm";
import type { ApiKey, ApiKeyStore } from "../../access/api-key.ts";
import type { Role } from "../../kit/actor.ts";
import type { ApiKeyId } from "../../kit/ids.ts";
import type { RegistryDatabase } from "../database.ts";
import { isAscii } from "../paging/keyset.ts";
import { apiKeys } from "../tables/api-keys.ts";

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

  constructor(private readonly db: RegistryDatabase) {
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
    if (!isAscii(secretHash)) return undefined;
    const [row] = await this.db.read(() => this.#byHash.execute({ secretHash }));
    return row && toApiKey(row);
  }

  async find(id: ApiKeyId): Promise<ApiKey | undefined> {
    if (!isAscii(id)) return undefined;
    const [row] = await this.db.read((orm) => orm.select(columns).from(apiKeys).where(eq(apiKeys.id, id)));
    return row && toApiKey(row);
  }

  hasLive(role: Role, now: Date): Promise<boolean> {
    return this.db.read(async (orm) => {
      const unexpired = or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now));
      const rows = await orm
        .select({ id: apiKeys.id })
        .from(apiKeys)
        .where(and(eq(apiKeys.role, role), isNull(apiKeys.revokedAt), unexpired))
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
