import { createHash } from "node:crypto";
import { decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { Actor, Role } from "../../kit/actor.ts";
import type { Clock } from "../../kit/clock.ts";
import { DomainError } from "../../kit/domain-error.ts";
import type { Logger } from "../../kit/logger.ts";
import { roleIn } from "./token-roles.ts";

/** Which tokens count, and for what. */
export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  /** Names of signatures; never `none`, never one with a shared secret. */
  readonly algorithms: readonly string[];
  /** Name of the claim that holds roles, or a path into it with dots. */
  readonly roleClaim: string;
  /** Role of each value of the claim. */
  readonly roles: ReadonlyMap<string, Role>;
}

/** How far clocks may be apart. A socket of an expired token is closed two seconds later at most: five in all. */
const toleranceS = 2;
/** How long a token that was checked is believed, so that each request does not cost a signature. */
const believeMs = 30_000;
const maxRemembered = 1_000;
/** As large as all headers of a request may be. */
const maxLength = 16 * 1024;

interface Remembered {
  readonly actor: Actor;
  /** By the monotonic clock. */
  readonly checkedAtMs: number;
  /** By the wall clock. */
  readonly expiresAtMs: number;
}

/** Callers who come with a token of an issuer that is trusted (JWT), instead of an API key. Tokens are neither kept nor logged. */
export class TokenCallers {
  /** By the SHA-256 of the token. */
  readonly #remembered = new Map<string, Remembered>();

  constructor(
    private readonly rules: TokenRules,
    private readonly keyOf: JWTVerifyGetKey,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Who the token is of; undefined for one that does not count. @throws TokenKeysUnavailable */
  async authenticate(token: string): Promise<Actor | undefined> {
    if (token.length > maxLength) return undefined;
    const hash = createHash("sha256").update(token, "utf8").digest("hex");
    const known = this.#remembered.get(hash);
    if (known && this.#holds(known)) return known.actor;
    this.#remembered.delete(hash);
    const claims = await this.#check(token);
    const actor = claims && this.#actorOf(claims);
    if (!actor || claims.exp === undefined) return undefined;
    const expiresAtMs = (claims.exp + toleranceS) * 1_000;
    this.#remembered.set(hash, { actor, checkedAtMs: this.clock.monotonicMs(), expiresAtMs });
    const oldest = this.#remembered.size > maxRemembered ? this.#remembered.keys().next().value : undefined;
    if (oldest !== undefined) this.#remembered.delete(oldest);
    return actor;
  }

  #holds({ checkedAtMs, expiresAtMs }: Remembered): boolean {
    return this.clock.monotonicMs() - checkedAtMs < believeMs && this.clock.now().getTime() < expiresAtMs;
  }

  async #check(token: string): Promise<JWTPayload | undefined> {
    const { issuer, audience, algorithms } = this.rules;
    try {
      // Whoever says so themselves needs no key to be believed: an issuer that is gone keeps no expired token's socket open.
      const { exp = Number.POSITIVE_INFINITY } = decodeJwt(token);
      if ((exp + toleranceS) * 1_000 <= this.clock.now().getTime()) return undefined;
      const { payload } = await jwtVerify(token, this.keyOf, {
        issuer,
        audience,
        algorithms: [...algorithms],
        clockTolerance: toleranceS,
        currentDate: this.clock.now(),
        requiredClaims: ["sub", "exp"],
      });
      return payload;
    } catch (error) {
      // Only that the keys cannot be had now is no fault of the token. A key that is none, or too short, jose meets with errors of others.
      if (!(error instanceof Error) || error instanceof DomainError) throw error;
      const claim = "claim" in error ? error.claim : undefined;
      const reason = error instanceof errors.JOSEError ? error.code : error.message;
      this.logger.debug({ reason, claim }, "token refused");
      return undefined;
    }
  }

  #actorOf(claims: JWTPayload): Actor | undefined {
    // The claim is there, but only its signer says of what kind.
    const sub: unknown = claims.sub;
    const isSubject = typeof sub === "string" && sub !== "";
    const role = roleIn(claims, this.rules.roleClaim, this.rules.roles);
    if (role === undefined || !isSubject) {
      this.logger.debug({ reason: isSubject ? "NO_ROLE" : "NO_SUBJECT" }, "token refused");
      return undefined;
    }
    return { id: idOf(this.rules.issuer, sub), name: `${sub} of ${this.rules.issuer}`.slice(0, 255), role };
  }
}

/** Whether a secret is a token, by its shape: three parts of base64url, the first of which says how it is signed. */
export function looksLikeToken(secret: string): boolean {
  const [, header] = /^([\w-]+)\.[\w-]*\.[\w-]*$/.exec(secret) ?? [];
  if (header === undefined) return false;
  try {
    const read: unknown = JSON.parse(Buffer.from(header, "base64url").toString("utf8"));
    return typeof read === "object" && read !== null && "alg" in read;
  } catch {
    return false;
  }
}

/** At most 128 characters. The same subject of another issuer is somebody else. */
function idOf(issuer: string, subject: string): string {
  const place = sha256(issuer).slice(0, 8);
  return /^[!-~]{1,100}$/.test(subject) ? `jwt:${place}:${subject}` : `jwt:${place}#${sha256(subject)}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
