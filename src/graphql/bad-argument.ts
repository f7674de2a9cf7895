import { DomainError } from "../kit/domain-error.ts";

/** An argument of a field breaks a rule; the message names it. */
export class BadArgument extends DomainError {
  readonly code = "BAD_USER_INPUT";
  constructor(
    readonly argument: string,
    rule: string,
  ) {
    super(`The argument "${argument}" ${rule}.`, { field: [argument] });
  }
}
