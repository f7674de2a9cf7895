import type { Origin, Role } from "../kit/actor.ts";
import type { Clock } from "../kit/clock.ts";
import { InvalidInput } from "../kit/domain-error.ts";
import type { ApiKeyId, Ids } from "../kit/ids.ts";
import type { Secret } from "../kit/secret.ts";
import type { ApiKey, ApiKeyStore } from "./api-key.ts";
import { hashOf, newSecret, prefixOf } from "./api-key-service.ts";

/** Bounds the list of keys, which is answered whole. */
const maxLiveKeys = 500;
const maxListed = 1_000;
const maxNameLength = 100;

/** What a new key shall be. */
export interface CreateApiKey {
  readonly name: string;
  readonly role: Role;
  readonly expiresAt?: Date | undefined;
}

/** Gives API keys out and takes them back. */
export class ApiKeyIssuer {
  constructor(
    private readonly store: ApiKeyStore,
    private readonly clock: Clock,
    private readonly ids: Ids,
    /** Told that a key has ended, e.g. to forget what is remembered of it. */
    private readonly ended: () => void,
  ) {}

  /** The newest first, ended ones included. */
  list(): Promise<readonly ApiKey[]> {
    return this.store.list(maxListed);
  }

  findMany(ids: readonly ApiKeyId[]): Promise<readonly ApiKey[]> {
    return this.store.findMany(ids);
  }

  /** @returns the key with its secret, which is kept nowhere @throws InvalidInput, LimitExceeded */
  async create(wish: CreateApiKey, origin: Origin): Promise<{ readonly key: ApiKey; readonly secret: Secret }> {
    const createdAt = this.clock.now();
    if (wish.expiresAt && wish.expiresAt <= createdAt)
      throw new InvalidInput("The key must expire in the future.", { field: ["input", "expiresAt"] });
    const secret = newSecret();
    const key: ApiKey = {
      id: this.ids.next<"ApiKey">(),
      name: parseName(wish.name),
      role: wish.role,
      prefix: prefixOf(secret.reveal()),
      createdAt,
      expiresAt: wish.expiresAt,
    };
    return { key: await this.store.add(key, hashOf(secret.reveal()), maxLiveKeys, origin), secret };
  }

  /** Ends a key for good; its sockets are closed shortly after. @throws NotFound, InvalidState for the last live ADMIN key */
  async revoke(id: ApiKeyId, origin: Origin): Promise<ApiKey> {
    const key = await this.store.revoke(id, this.clock.now(), origin);
    this.ended();
    return key;
  }
}

function parseName(text: string): string {
  const name = text.trim();
  const printable = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+$/u.test(name);
  if (printable && [...name].length <= maxNameLength) return name;
  throw new InvalidInput(`A key's name has 1 to ${maxNameLength} characters and no control characters.`, {
    field: ["input", "name"],
  });
}
