import { DeadlineExceeded } from "../kit/deadline.ts";
import { DomainError } from "../kit/domain-error.ts";

/** The code of {@link RegistryUnavailable}. */
export const registryAway = "SERVICE_UNAVAILABLE";

/** The registry does not answer, or could not carry out the request now. */
export class RegistryUnavailable extends DomainError {
  readonly code = registryAway;
  override readonly retryable = true;
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
  return new RegistryUnavailable("The registry does not answer now. Try again in a moment.", { cause: error });
}
