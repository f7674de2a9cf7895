import { DomainError, type DomainErrorOptions } from "../kit/domain-error.ts";

/**
 * What a server's answer, or its silence, means. Decided by errno in `mysql/`, never by message.
 * UNREACHABLE: network errors, 1040, 1129, 1053, timeouts, a stopped server. It says nothing about any tenant.
 */
export const troubleCodes = [
  "UNREACHABLE",
  "WRONG_CREDENTIALS",
  "ACCOUNT_LOCKED",
  "DATABASE_DENIED",
  "UNKNOWN_DATABASE",
  "TOO_MANY_CONNECTIONS",
  "ACCESS_DENIED",
  "READ_ONLY",
  "DISK_FULL",
  "LOCK_TIMEOUT",
  "DEADLOCK",
  "QUERY_FAILED",
] as const;
export type TroubleCode = (typeof troubleCodes)[number];

const retryableCodes: ReadonlySet<TroubleCode> = new Set([
  "UNREACHABLE",
  "TOO_MANY_CONNECTIONS",
  "READ_ONLY",
  "DISK_FULL",
  "LOCK_TIMEOUT",
  "DEADLOCK",
]);

/** Trouble with a tenant server. The message is public: it names no host and no SQL. */
export class ServerTrouble extends DomainError {
  override readonly retryable: boolean;

  constructor(
    readonly code: TroubleCode,
    message: string,
    /** The server's errno, where it gave one. */
    readonly errno?: number,
    options?: DomainErrorOptions,
  ) {
    super(message, options);
    this.retryable = retryableCodes.has(code);
  }
}
