import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import type { Clock } from "../../kit/clock.ts";
import { DomainError } from "../../kit/domain-error.ts";
import type { Logger } from "../../kit/logger.ts";

/** The keys by which tokens are checked cannot be had now; who comes with an API key is not concerned. */
export class TokenKeysUnavailable extends DomainError {
  readonly code = "SERVICE_UNAVAILABLE";
  override readonly retryable = true;
}

/** What was fetched is no set of keys. */
class NoKeySet extends Error {
  override readonly name = "NoKeySet";
}

/** Times in milliseconds. */
const fetchWithinMs = 3_000;
/** Fetched again after this. */
const freshMs = 600_000;
/** Believed this long while nothing newer can be had: an issuer that restarts locks nobody out. */
const staleMs = 3_600_000;
/** A token with a key that is not known fetches again, but no more often than this: anybody can make such tokens. */
const coolDownMs = 15_000;
/** Pause after a fetch that failed. */
const retryMs = 2_000;
const maxBytes = 256 * 1024;

interface KeySet {
  readonly find: JWTVerifyGetKey;
  readonly fetchedAtMs: number;
}

/** The issuer's public keys (JWKS), fetched when they are needed, at most one fetch at a time. */
export class RemoteKeys {
  #set: KeySet | undefined;
  #fetching: Promise<KeySet> | undefined;
  #failedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly url: string,
    private readonly clock: Pick<Clock, "monotonicMs">,
    private readonly logger: Logger,
  ) {}

  /** The key of a token. @throws TokenKeysUnavailable, or jose's error when the issuer has no such key */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const set = await this.#current();
    try {
      return await set.find(header, token);
    } catch (error) {
      const isTooSoon = this.clock.monotonicMs() - set.fetchedAtMs < coolDownMs;
      if (!(error instanceof errors.JWKSNoMatchingKey) || isTooSoon) throw error;
      return (await this.#fetch()).find(header, token);
    }
  };

  async #current(): Promise<KeySet> {
    const set = this.#set;
    const ageMs = set ? this.clock.monotonicMs() - set.fetchedAtMs : Number.POSITIVE_INFINITY;
    if (set && ageMs < freshMs) return set;
    try {
      return await this.#fetch();
    } catch (error) {
      if (set && ageMs < staleMs && error instanceof TokenKeysUnavailable) return set;
      throw error;
    }
  }

  #fetch(): Promise<KeySet> {
    if (this.clock.monotonicMs() - this.#failedAtMs < retryMs) return Promise.reject(unavailable());
    this.#fetching ??= this.#load().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #load(): Promise<KeySet> {
    try {
      const find = createLocalJWKSet(await fetched(this.url));
      this.#set = { find, fetchedAtMs: this.clock.monotonicMs() };
      return this.#set;
    } catch (error) {
      this.#failedAtMs = this.clock.monotonicMs();
      this.logger.warn({ err: error }, "keys of tokens cannot be fetched");
      throw unavailable(error);
    }
  }
}

function unavailable(cause?: unknown): TokenKeysUnavailable {
  return new TokenKeysUnavailable("The keys by which tokens are checked cannot be had now: try again.", { cause });
}

async function fetched(url: string): Promise<JSONWebKeySet> {
  const signal = AbortSignal.timeout(fetchWithinMs);
  const response = await fetch(url, { signal, redirect: "error", headers: { accept: "application/json" } });
  if (!response.ok || !response.body) throw new NoKeySet(`The answer was ${response.status}.`);
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maxBytes) throw new NoKeySet(`The answer is longer than ${maxBytes} bytes.`);
  }
  return parsed(text);
}

/** @throws NoKeySet; what is wrong inside of a key, jose says when it is needed */
function parsed(text: string): JSONWebKeySet {
  const value: unknown = JSON.parse(text);
  if (isKeySet(value)) return value;
  throw new NoKeySet("The answer has no keys.");
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return typeof value === "object" && value !== null && "keys" in value && Array.isArray(value.keys);
}
