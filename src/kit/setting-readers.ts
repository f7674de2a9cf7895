import { z } from "zod";
import type { Role } from "./actor.ts";
import { Secret } from "./secret.ts";

// How the text of a setting is read. A complaint continues the sentence that the setting's name begins, and never shows the text.

/** Any text. */
export const anyText = z.string();

/** A whole number within limits. */
export function whole(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,12}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`));
}

/** `mysql://user:password@host:port/database`; a secret, because of the password. */
export function connectionUrl(database: "with a database" | "with or without a database") {
  return z.string().transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const named = url !== undefined && url.pathname.length > 1;
    const enough = named || database === "with or without a database";
    if (url?.protocol === "mysql:" && url.hostname !== "" && url.username !== "" && enough) return new Secret(text);
    context.addIssue(
      `must look like mysql://user:password@host:3306${database === "with a database" ? "/database" : ""}`,
    );
    return z.NEVER;
  });
}

/** Base64 of 32 bytes, or several with commas between them. */
export const encryptionKeys = z.string().transform((text, context): readonly Secret[] => {
  const keys = text.split(",").map((key) => key.trim());
  if (keys.every((key) => /^[A-Za-z0-9+/_-]{43}=?$/.test(key))) return keys.map((key) => new Secret(key));
  context.addIssue(
    "must be base64 of 32 bytes, or several with commas between them (make one: openssl rand -base64 32)",
  );
  return z.NEVER;
});

/** 16 to 200 printable characters without spaces. */
export const apiKey = z
  .string()
  .regex(/^[!-~]{16,200}$/, "must be 16 to 200 printable characters without spaces")
  .transform((text) => new Secret(text));

/** Upper limits of the ratings, in milliseconds; above `slow` is CRITICAL. */
export const ratingBands = z
  .string()
  .regex(/^\d{1,6}(,\d{1,6}){3}$/, "must be four numbers of milliseconds, e.g. 25,50,100,500")
  .transform((text) => {
    const [excellent = 0, good = 0, fair = 0, slow = 0] = text.split(",").map(Number);
    return { excellent, good, fair, slow };
  })
  .refine((bands) => 0 < bands.excellent && bands.excellent < bands.good && bands.good < bands.fair, "must be rising")
  .refine((bands) => bands.fair < bands.slow, "must be rising");

/** Web origins with commas between them. */
export const origins = z.string().transform((text, context): readonly string[] => {
  const list = text.split(",").map((origin) => origin.trim());
  if (list.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin)) return list;
  context.addIssue("must be origins with commas between them, e.g. https://admin.example.com");
  return z.NEVER;
});

/** Paths with commas between them. */
export const filePaths = z.string().transform((text, context): readonly string[] => {
  const list = text.split(",").map((path) => path.trim());
  if (list.every((path) => path !== "")) return list;
  context.addIssue("must be paths with commas between them");
  return z.NEVER;
});

/** `true` or `false`. */
export const truth = oneOf("true", "false").transform((word) => word === "true");

/** An http:// or https:// address. */
export const webAddress = z.string().regex(/^https?:\/\/[^\s/]+/, "must be an http:// or https:// address");

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  return z.enum(words, `must be one of ${words.join(", ")}`);
}

/** An https:// address; http:// on this machine only. */
export const safeAddress = z.string().refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "https:" || (url?.protocol === "http:" && isThisMachine(url.hostname));
}, "must be an https:// address (http:// only on this machine)");

function isThisMachine(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

const signatures: readonly string[] = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];

/** Names of signatures with a public key, with commas between them. */
export const signatureNames = z.string().transform((text, context): readonly string[] => {
  const names = text.split(",").map((name) => name.trim());
  if (names.every((name) => signatures.includes(name))) return names;
  context.addIssue(`must be some of ${signatures.join(", ")}, with commas between them`);
  return z.NEVER;
});

/** `value=ROLE` with commas between them. */
export const rolesByValue = z.string().transform((text, context): ReadonlyMap<string, Role> => {
  const pairs = text.split(",").map((pair) => /^\s*([^=\s]+)=(VIEWER|OPERATOR|ADMIN)\s*$/.exec(pair));
  if (pairs.every((pair) => pair !== null)) {
    return new Map(pairs.flatMap(([, value, role]) => (value && isRole(role) ? [[value, role] as const] : [])));
  }
  context.addIssue("must look like value=ROLE with commas between them; roles are VIEWER, OPERATOR and ADMIN");
  return z.NEVER;
});

function isRole(text: string | undefined): text is Role {
  return text === "VIEWER" || text === "OPERATOR" || text === "ADMIN";
}
