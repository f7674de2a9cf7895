import { InvalidInput } from "../kit/domain-error.ts";

const maxLength = 200;
// Control and format characters that reorder or hide text, line and paragraph separators, and halves of characters.
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/u;

/** A tenant's display name, trimmed, in Unicode's composed form (NFC). @throws InvalidInput */
export function parseTenantName(text: string, field: readonly string[]): string {
  const name = text.trim().normalize("NFC");
  const length = [...name].length;
  if (length < 1 || length > maxLength) {
    throw new InvalidInput(`A name has 1 to ${maxLength} characters.`, { field });
  }
  if (unprintable.test(name)) throw new InvalidInput("A name has no control characters.", { field });
  return name;
}
