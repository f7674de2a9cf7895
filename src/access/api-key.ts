import type { Role } from "../kit/actor.ts";
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

/** The registry, as far as API keys are concerned. Each method is one transaction. */
export interface ApiKeyStore {
  /** Adds the key unless one with this hash exists. @param secretHash SHA-256 of the secret, hex */
  ensure(key: ApiKey, secretHash: string): Promise<ApiKey>;
  findByHash(secretHash: string): Promise<ApiKey | undefined>;
  find(id: ApiKeyId): Promise<ApiKey | undefined>;
  /** Whether any key exists that is neither revoked nor expired and has this role. */
  hasLive(role: Role, now: Date): Promise<boolean>;
  touch(id: ApiKeyId, usedAt: Date): Promise<void>;
}
