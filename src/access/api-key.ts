import type { Origin, Role } from "../kit/actor.ts";
import type { ApiKeyId } from "../kit/ids.ts";

/** A key that opens the API. The secret itself is never stored. */
export interface ApiKey {
  readonly id: ApiKeyId;
  readonly name: string;
  readonly role: Role;
  /** First characters of the secret, to recognise it by. */
  readonly prefix: string;
  readonly createdAt: Date;
  readonly expiresAt?: Date | undefined;
  readonly lastUsedAt?: Date | undefined;
  readonly revokedAt?: Date | undefined;
}

/** What it takes to know whose a secret is. */
export type ApiKeyLookups = Pick<ApiKeyStore, "ensure" | "findByHash" | "hasLive" | "touch">;

/** The registry, as far as API keys are concerned. Each method is one transaction. */
export interface ApiKeyStore {
  /** Adds the key unless one with this hash exists. @param secretHash SHA-256 of the secret, hex */
  ensure(key: ApiKey, secretHash: string): Promise<ApiKey>;
  findByHash(secretHash: string): Promise<ApiKey | undefined>;
  find(id: ApiKeyId): Promise<ApiKey | undefined>;
  /** Whether any key exists that is neither revoked nor expired and has this role. */
  hasLive(role: Role, now: Date): Promise<boolean>;
  touch(id: ApiKeyId, usedAt: Date): Promise<void>;
  findMany(ids: readonly ApiKeyId[]): Promise<readonly ApiKey[]>;
  /** The newest first, revoked and expired ones included. */
  list(limit: number): Promise<readonly ApiKey[]>;
  /** Adds a key, audited as `createApiKey`. @throws LimitExceeded when `maxLive` keys are live */
  add(key: ApiKey, secretHash: string, maxLive: number, origin: Origin): Promise<ApiKey>;
  /**
   * Ends a key for good, audited as `revokeApiKey`; a key that was revoked before stays as it is.
   * @throws NotFound, InvalidState for the last live ADMIN key
   */
  revoke(id: ApiKeyId, at: Date, origin: Origin): Promise<ApiKey>;
}
