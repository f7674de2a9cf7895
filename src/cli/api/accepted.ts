import { type ExitCode, exitCodes } from "../exit-code.ts";
import { Failure } from "../failure.ts";
import type { RefusalFragment, UserErrorCode } from "../gql/graphql.ts";

/** What somebody who types can mend by typing something else; the rest is for another moment, or another state. */
const wrongInput: ReadonlySet<UserErrorCode> = new Set<UserErrorCode>([
  "CONFIRMATION_REQUIRED",
  "DOMAIN_TAKEN",
  "IDEMPOTENCY_KEY_REUSED",
  "INVALID",
  "NOT_FOUND",
  "RESERVED_NAME",
  "SLUG_TAKEN",
]);

/** The service understood a wish and refused it; nothing was changed. */
export class WishRefused extends Failure {
  readonly exitCode: ExitCode;

  constructor(readonly errors: readonly RefusalFragment[]) {
    super(errors.map(sentence).join("\n"));
    this.exitCode = errors.every(({ code }) => wrongInput.has(code)) ? exitCodes.usage : exitCodes.refused;
  }
}

/** The answer of a mutation, if it was done. @throws WishRefused */
export function accepted<Payload extends { readonly userErrors: readonly RefusalFragment[] }>(
  answer: Payload,
): Payload {
  if (answer.userErrors.length > 0) throw new WishRefused(answer.userErrors);
  return answer;
}

function sentence({ code, message, field, jobId }: RefusalFragment): string {
  const place = (field ?? []).filter((part, at) => at > 0 || part !== "input").join(".");
  const job = jobId ? ` The job in the way: ${jobId}` : "";
  return `${place && `${place}: `}${message} (${code})${job}`;
}
