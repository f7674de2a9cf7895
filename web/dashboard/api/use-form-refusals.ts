import { useState } from "react";
import { toFormErrors } from "./field-errors.ts";
import type { UserErrorShown } from "./use-act.ts";

/** A form that shows messages at its fields, as Mantine's does. */
interface FormWithErrors {
  setErrors(errors: Readonly<Record<string, string>>): void;
}

/**
 * Puts the service's refusals to the fields of a form that they are about.
 * @param fields paths that the form has @returns those that belong to none of them
 */
export function useFormRefusals(form: FormWithErrors, fields: readonly string[]) {
  const [rest, setRest] = useState<readonly UserErrorShown[]>([]);
  const refuse = (refused: readonly UserErrorShown[]) => {
    const errors = toFormErrors(refused, fields);
    form.setErrors(errors.fields);
    setRest(errors.rest);
  };
  return { rest, refuse };
}
