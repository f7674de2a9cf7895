/** Options of every {@link DomainError}. */
export interface DomainErrorOptions {
  /** What caused it, for the log; never shown to a client. */
  readonly cause?: unknown;
  /** Path below the mutation's arguments, e.g. `["input", "slug"]`. */
  readonly field?: readonly string[];
}

/**
 * Something a caller is told about: a refusal, or trouble outside. Its message is safe to show:
 * no SQL, no host, no secret. Anything that is not a DomainError is a bug.
 */
export abstract class DomainError extends Error {
  /** Machine-readable and public, in SCREAMING_SNAKE_CASE. */
  abstract readonly code: string;
  /** Whether the same request may succeed later without being changed. */
  readonly retryable: boolean = false;
  readonly field: readonly string[] | undefined;

  constructor(message: string, options: DomainErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.field = options.field;
  }
}

/** An input that breaks a rule; `field` names it. */
export class InvalidInput extends DomainError {
  readonly code = "INVALID";
}

/** No such thing, or it was deleted. */
export class NotFound extends DomainError {
  readonly code = "NOT_FOUND";
}

/** The thing exists, but its state forbids what was asked. */
export class InvalidState extends DomainError {
  readonly code = "INVALID_STATE";
}

/** More was asked for than a limit allows. `jobId` names the work that is in the way, if any. */
export class LimitExceeded extends DomainError {
  readonly code = "LIMIT_EXCEEDED";
  constructor(
    message: string,
    readonly jobId?: string,
    options?: DomainErrorOptions,
  ) {
    super(message, options);
  }
}
