import type { JobLease } from "../jobs/job-store.ts";
import type { SealedSecret, SecretPlace } from "../kit/secret-box.ts";

/** One secret, as it lies in the registry. */
export interface KeptSecret {
  readonly place: SecretPlace;
  readonly sealed: SealedSecret;
}

/** What is to lie where a secret was found. */
export interface ResealedSecret extends KeptSecret {
  /** The same secret, sealed anew. */
  readonly resealed: SealedSecret;
}

/** The registry, as far as sealed secrets are concerned, wherever they lie. Each method but `countByKey` is one transaction. */
export interface SealedSecretStore {
  /** Where secrets lie, in the order in which they may move: what leaves the first while it is read is found in a later one. */
  readonly vaults: readonly string[];
  /** The next secrets of a vault in the order of their owners' ids, at most `limit`, after the one of `afterOwner`. */
  page(vault: string, afterOwner: string | undefined, limit: number): Promise<readonly KeptSecret[]>;
  /** Puts each in place of what it was sealed as; one that is another by now stays as it is. @returns how many were put @throws LeaseLost */
  replace(lease: JobLease, vault: string, secrets: readonly ResealedSecret[]): Promise<number>;
  /** How many are sealed with which key, by the key's id. Read in steps, so of a moment only when nothing changes meanwhile. */
  countByKey(signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
}
