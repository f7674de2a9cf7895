import { createHash, randomBytes, randomInt } from "node:crypto";
import { Secret } from "../kit/secret.ts";

/** What is made for a new tenant and known to nobody before. */
export interface Credentials {
  /** Name of the database and of its account: `tnt` and 24 of `[a-z0-9]` (124 bits), never derived from anything. */
  readonly databaseName: string;
  /** 192 bits, 32 characters that need no quoting anywhere. */
  readonly password: Secret;
}

const generatedForm = /^tnt[a-z0-9]{6,27}$/;

/** Whether a database or account may be the service's: nothing else on a server is ever mentioned or touched. */
export function isGeneratedName(name: string): boolean {
  return generatedForm.test(name);
}

const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Makes names and a password from the machine's randomness. */
export function newCredentials(): Credentials {
  return { databaseName: `tnt${randomText(24)}`, password: newPassword() };
}

/** A new password: 192 random bits, base64url. */
export function newPassword(): Secret {
  return new Secret(randomBytes(24).toString("base64url"));
}

/**
 * What a server stores of a password with mysql_native_password: an asterisk and 40 hex digits of SHA-1 of SHA-1. Made here,
 * so that no statement, and with it no log of the server, ever holds a password.
 */
export function nativePasswordHash(password: Secret): string {
  const once = createHash("sha1").update(password.reveal(), "utf8").digest();
  return `*${createHash("sha1").update(once).digest("hex").toUpperCase()}`;
}

function randomText(length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
}
