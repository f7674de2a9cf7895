import { createHash } from "node:crypto";
import { InvalidInput } from "../kit/domain-error.ts";
import type { Idempotency } from "./tenant-store.ts";

const maxLength = 200;
const printable = /^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+$/u;

/** What a repeated request is known by. @param input of the mutation, with its key @throws InvalidInput */
export function idempotencyOf<Input extends { readonly idempotencyKey?: string | undefined }>(
  operation: string,
  input: Input,
): Idempotency | undefined {
  const { idempotencyKey: key, ...rest } = input;
  if (key === undefined) return undefined;
  if ([...key].length > maxLength || !printable.test(key)) {
    throw new InvalidInput(`An idempotency key has 1 to ${maxLength} printable characters.`, {
      field: ["input", "idempotencyKey"],
    });
  }
  const inputHash = createHash("sha256").update(canonicalJson(rest)).digest("hex");
  return { key, operation, inputHash };
}

/** JSON with the keys of objects in order and absent fields left out, so that equal inputs read the same. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
