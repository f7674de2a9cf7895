import { DomainError } from "../kit/domain-error.ts";
import type { JobId } from "../kit/ids.ts";
import { globalId } from "./global-id.ts";
import { type UserErrorCode, UserErrorCodeEnum, type UserErrorType } from "./user-error.type.ts";

/** What a mutation answers beside its result. */
interface WithUserErrors {
  readonly userErrors: readonly UserErrorType[];
}

/**
 * Runs a mutation. A refusal becomes `userErrors` beside `refused`, what the payload holds when nothing was done.
 * @throws all that is no refusal: trouble and bugs
 */
export async function payload<Result extends object, Refused extends Partial<Result>>(
  work: () => Promise<Result>,
  refused: Refused,
): Promise<(Result | Refused) & WithUserErrors> {
  try {
    return { ...(await work()), userErrors: [] };
  } catch (error) {
    if (!(error instanceof DomainError) || !isUserErrorCode(error.code)) throw error;
    return { ...refused, userErrors: [toUserError(error, error.code)] };
  }
}

function toUserError(error: DomainError, code: UserErrorCode): UserErrorType {
  const jobId = "jobId" in error && typeof error.jobId === "string" ? error.jobId : undefined;
  return {
    code,
    message: error.message,
    field: error.field,
    jobId: jobId === undefined ? undefined : globalId("job", jobId as JobId),
  };
}

function isUserErrorCode(code: string): code is UserErrorCode {
  return Object.hasOwn(UserErrorCodeEnum, code);
}
