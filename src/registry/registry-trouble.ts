import { DeadlineExceeded } from "../kit/deadline.ts";
import { DomainError, type DomainErrorOptions } from "../kit/domain-error.ts";

/** The registry does not answer, or could not carry out the request now. */
export class RegistryUnavailable extends DomainError {
  readonly code = "SERVICE_UNAVAILABLE";
  override readonly retryable = true;
  /** Whether nothing gets through to it, so that everybody else meets the same. */
  readonly unreachable: boolean;

  constructor(message: string, { unreachable = false, ...options }: DomainErrorOptions & Reach = {}) {
    super(message, options);
    this.unreachable = unreachable;
  }
}

interface Reach {
  readonly unreachable?: boolean;
}

/** Whether something was met because the registry is away. */
export function isAway(error: unknown): boolean {
  return error instanceof RegistryUnavailable && error.unreachable;
}

/** Another process serves this registry, or has taken it over. */
export class RegistryInUse extends DomainError {
  readonly code = "REGISTRY_IN_USE";
}

/** The registry has migrations that this version of the service does not know. */
export class RegistryAhead extends DomainError {
  readonly code = "REGISTRY_AHEAD";
}

const duplicateEntry = 1062;
const lockWaitTimeout = 1205;
const deadlock = 1213;

/** Trouble of the moment. The numbers are the same on MariaDB and MySQL unless said otherwise. */
const passing: ReadonlySet<number> = new Set([
  1021, // disk full
  1040, // too many connections
  1053, // shutdown in progress
  1114, // table is full
  1129, // too many failed connections from here
  1180, // error during commit
  1203, // too many connections of this user
  1205, // lock wait timeout
  1213, // deadlock
  1226, // a limit of this user is used up
  1290, // started with --read-only
  1317, // query interrupted
  1836, // read-only mode, MySQL
  1927, // connection was killed, MariaDB
  1969, // statement timeout, MariaDB
  3024, // statement timeout, MySQL
]);

/** Of these, what the server says who lets nobody in. Silence, and what the network says, have no number. */
const closed: ReadonlySet<number> = new Set([1040, 1053, 1129, 1203, 1226]);

/** The server's error number; undefined for everything that the server did not say itself. Follows causes. */
export function errnoOf(error: unknown): number | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    // Node gives errors of the network negative numbers.
    if ("errno" in at && typeof at.errno === "number" && at.errno > 0) return at.errno;
  }
  return undefined;
}

/** Whether the transaction was the victim of another one and may simply be run again. */
export function isLockConflict(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === deadlock || errno === lockWaitTimeout;
}

export function isDuplicateEntry(error: unknown): boolean {
  return errnoOf(error) === duplicateEntry;
}

/** What a failed statement or log-in means: trouble of the moment is a {@link RegistryUnavailable}, anything else a bug that stays what it is. */
export function translateTrouble(error: unknown): unknown {
  if (error instanceof DomainError && !(error instanceof DeadlineExceeded)) return error;
  const errno = errnoOf(error);
  if (errno !== undefined && !passing.has(errno)) return error;
  const unreachable = errno === undefined || closed.has(errno);
  const message = "The registry does not answer now. Try again in a moment.";
  return new RegistryUnavailable(message, { cause: error, unreachable });
}
