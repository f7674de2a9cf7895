/** The first tenants are the canaries: what fails twice among them would fail everywhere. */
export const canaries = 5;
const canaryFailures = 2;

/** How far a job over the fleet has come. */
export interface FleetProgress {
  /** Tenants that were worked on, in this job. */
  readonly finished: number;
  readonly failed: number;
}

/**
 * Whether a job over the fleet must not take another tenant: at the second failure among the first five, or when the given
 * share of finished tenants has failed; a share is judged from the fifth on, that of 0 at once. Pure.
 */
export function mustHalt({ finished, failed }: FleetProgress, haltOnFailureRate: number | undefined): boolean {
  if (finished <= canaries && failed >= canaryFailures) return true;
  if (haltOnFailureRate === undefined || failed === 0) return false;
  if (haltOnFailureRate === 0) return true;
  return finished >= canaries && failed / finished >= haltOnFailureRate;
}
