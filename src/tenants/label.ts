import { InvalidInput } from "../kit/domain-error.ts";
import type { Label } from "./tenant.ts";

const maxLabels = 32;
const keyForm = /^[a-z0-9]([a-z0-9._/-]{0,61}[a-z0-9])?$/;
const maxValueLength = 255;
const printable = /^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]*$/u;

/**
 * Checks labels: at most 32, each key once. A key has 1 to 63 of `[a-z0-9._/-]` and begins and ends with a letter or digit;
 * a value has at most 255 printable characters and may be empty. @throws InvalidInput
 */
export function parseLabels(labels: readonly Label[], field: readonly string[]): readonly Label[] {
  if (labels.length > maxLabels) throw new InvalidInput(`A tenant has at most ${maxLabels} labels.`, { field });
  const seen = new Set<string>();
  return labels.map(({ key, value }, index) => {
    const at = (name: string) => [...field, String(index), name];
    if (!keyForm.test(key)) {
      throw new InvalidInput(
        "A label's key has 1 to 63 characters of a-z, 0-9, dot, underscore, slash and hyphen, and begins and ends with a letter or digit.",
        { field: at("key") },
      );
    }
    if (seen.has(key)) throw new InvalidInput(`The label "${key}" stands there twice.`, { field: at("key") });
    seen.add(key);
    if ([...value].length > maxValueLength || !printable.test(value)) {
      throw new InvalidInput(`A label's value has at most ${maxValueLength} printable characters.`, {
        field: at("value"),
      });
    }
    return { key, value };
  });
}

/** Whether both are the same labels, in whichever order. Each has every key once. */
export function sameLabels(some: readonly Label[], others: readonly Label[]): boolean {
  const values = new Map(others.map(({ key, value }) => [key, value]));
  return some.length === others.length && some.every(({ key, value }) => values.get(key) === value);
}
