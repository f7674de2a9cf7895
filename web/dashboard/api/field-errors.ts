import type { UserErrorShown } from "./use-act.ts";

/** Refusals sorted into a form: by the path of the field as Mantine writes it, and what belongs to no field that it has. */
export interface FormErrors {
  readonly fields: Readonly<Record<string, string>>;
  readonly rest: readonly UserErrorShown[];
}

/**
 * Puts the service's own messages to the fields that they are about. A path deeper than a field of the form goes to the
 * field that holds it: `["input", "domains", "1"]` to `domains`, where there is no `domains.1`.
 * @param fields paths that the form has, e.g. `slug`
 */
export function toFormErrors(refused: readonly UserErrorShown[], fields: readonly string[]): FormErrors {
  const found: Record<string, string> = {};
  const rest: UserErrorShown[] = [];
  for (const error of refused) {
    const field = fieldOf(error.field ?? [], fields);
    if (field === undefined) rest.push(error);
    else found[field] = field in found ? `${found[field]} ${error.message}` : error.message;
  }
  return { fields: found, rest };
}

function fieldOf(path: readonly string[], fields: readonly string[]): string | undefined {
  const inside = path[0] === "input" ? path.slice(1) : path;
  for (let length = inside.length; length > 0; length -= 1) {
    const name = inside.slice(0, length).join(".");
    if (fields.includes(name)) return name;
  }
  return undefined;
}
