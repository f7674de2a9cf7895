import { hash, randomBytes } from "node:crypto";
import type { Actor } from "../kit/actor.ts";
import type { Clock } from "../kit/clock.ts";
import { DomainError } from "../kit/domain-error.ts";
import type { Ids } from "../kit/ids.ts";
import { Secret } from "../kit/secret.ts";
import type { ApiKey, ApiKeyLookups } from "./api-key.ts";

/** An admin key that was configured breaks the rule for keys, or belongs to a key that cannot be used. */
export class AdminKeyInvalid extends DomainError {
  readonly code = "ADMIN_KEY_INVALID";
}

/** How long `lastUsedAt` may lag behind. */
const touchEveryMs = 60_000;
/** How long an answer of the registry is believed; a key that was revoked elsewhere works no longer than this. */
const believeMs = 1_000;
/** Bounds the memory that callers with made-up keys could take. */
const maxRemembered = 1_000;

interface Remembered {
  readonly key: ApiKey;
  readonly actor: Actor;
  readonly readAtMs: number;
}

/** What the edges may ask about API keys. Secrets are never kept, only their SHA-256. */
export class ApiKeyService {
  readonly #remembered = new Map<string, Remembered>();
  readonly #touchedAtMs = new Map<string, number>();

  constructor(
    private readonly store: ApiKeyLookups,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Who the secret belongs to; undefined for a secret that is unknown, expired or revoked. */
  async authenticate(secret: string): Promise<Actor | undefined> {
    if (!mayBeSecret(secret)) return undefined;
    const found = await this.#find(hashOf(secret));
    if (!found || !isLive(found.key, this.clock.now())) return undefined;
    await this.#touch(found.key);
    return found.actor;
  }

  /**
   * Sees to it that somebody can get in: adds the configured admin key, or makes one when no ADMIN key is live.
   * @param keep puts a secret that was made where its owner finds it, before it counts: a crash in between locks nobody out
   * @returns the secret when one was made; it cannot be shown again
   * @throws AdminKeyInvalid
   */
  async ensureAdminKey(
    configured?: Secret,
    keep: (made: Secret) => Promise<void> = () => Promise.resolve(),
  ): Promise<Secret | undefined> {
    if (configured) {
      if (!mayBeSecret(configured.reveal()))
        throw new AdminKeyInvalid(
          "The admin key must have 16 to 200 printable ASCII characters and no space at its ends.",
        );
      const key = await this.#ensure(configured);
      if (!isLive(key, this.clock.now()) || key.role !== "ADMIN")
        throw new AdminKeyInvalid("The configured admin key was revoked, has expired or is no ADMIN key.");
      return undefined;
    }
    if (await this.store.hasLive("ADMIN", this.clock.now())) return undefined;
    const secret = newSecret();
    await keep(secret);
    await this.#ensure(secret);
    return secret;
  }

  /** Forgets what was read, so that a change of a key in this process takes effect at once. */
  forget(): void {
    this.#remembered.clear();
  }

  #ensure(secret: Secret): Promise<ApiKey> {
    const key: ApiKey = {
      id: this.ids.next<"ApiKey">(),
      name: "admin",
      role: "ADMIN",
      prefix: prefixOf(secret.reveal()),
      createdAt: this.clock.now(),
    };
    return this.store.ensure(key, hashOf(secret.reveal()));
  }

  async #find(hash: string): Promise<Remembered | undefined> {
    const nowMs = this.clock.monotonicMs();
    const remembered = this.#remembered.get(hash);
    if (remembered && nowMs - remembered.readAtMs < believeMs) return remembered;
    const key = await this.store.findByHash(hash);
    this.#remembered.delete(hash);
    if (!key) return undefined;
    const found = { key, actor: { id: key.id, name: key.name, role: key.role }, readAtMs: nowMs };
    this.#remembered.set(hash, found);
    const oldest = this.#remembered.size > maxRemembered ? this.#remembered.keys().next().value : undefined;
    if (oldest !== undefined) this.#remembered.delete(oldest);
    return found;
  }

  async #touch(key: ApiKey): Promise<void> {
    const nowMs = this.clock.monotonicMs();
    const last = this.#touchedAtMs.get(key.id);
    if (last !== undefined && nowMs - last < touchEveryMs) return;
    // Set before the write, so that requests that come meanwhile do not write too.
    this.#touchedAtMs.set(key.id, nowMs);
    await this.store.touch(key.id, this.clock.now());
  }
}

/** A new key's secret: `tnk_` and 32 random bytes as base64url. */
export function newSecret(): Secret {
  return new Secret(`tnk_${randomBytes(32).toString("base64url")}`);
}

/** SHA-256 in hex: enough for secrets with 256 random bits, and a look-up by it tells nothing through its timing. */
export function hashOf(secret: string): string {
  return hash("sha256", secret, "hex");
}

/** The characters of a secret that may be shown: too few to help a guess. */
export function prefixOf(secret: string): string {
  return secret.slice(0, secret.startsWith("tnk_") ? 8 : 4);
}

function mayBeSecret(text: string): boolean {
  return /^[\x21-\x7e][\x20-\x7e]{14,198}[\x21-\x7e]$/.test(text);
}

function isLive(key: ApiKey, now: Date): boolean {
  return key.revokedAt === undefined && (key.expiresAt === undefined || key.expiresAt > now);
}
