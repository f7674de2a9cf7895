import type { JobOutcome } from "../jobs/job-handler.ts";
import type { SecretBox } from "../kit/secret-box.ts";

/** With which keys secrets are sealed. */
export class KeyUse {
  /** Secrets in all. */
  readonly total: number;
  /** Those that the first key seals. */
  readonly current: number;

  constructor(
    private readonly secretBox: SecretBox,
    private readonly counts: ReadonlyMap<string, number>,
  ) {
    this.total = sum(counts.values());
    this.current = counts.get(secretBox.currentKeyId) ?? 0;
  }

  /** Those that another key seals. */
  get elsewhere(): number {
    return this.total - this.current;
  }

  /** Those of another key that is configured, so that they can be sealed anew. */
  get resealable(): number {
    return sum(this.#others().flatMap(([id, count]) => (this.secretBox.knows(id) ? [count] : [])));
  }

  /** Ids of keys that are not configured, each with how many secrets need it. */
  get missingKeys(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#others().filter(([id]) => !this.secretBox.knows(id)));
  }

  /** How a job ends after which secrets are sealed like this. */
  outcome(): JobOutcome {
    const key = this.secretBox.currentKeyId;
    if (this.elsewhere === 0) {
      const message = `All ${this.total} secrets are sealed with the key ${key}; no other key is needed any more.`;
      return { status: "SUCCEEDED", message };
    }
    const left = this.#others().map(([id, count]) => `${count} with the key ${id}, ${this.#why(id)}`);
    const message = `${this.current} of ${this.total} secrets are sealed with the key ${key}, ${left.join("; ")}.`;
    return { status: "FAILED", message, error: { code: "SECRETS_UNREADABLE", message, retryable: false } };
  }

  #why(keyId: string): string {
    return this.secretBox.knows(keyId) ? "which does not open them" : "which is not configured";
  }

  #others(): readonly (readonly [keyId: string, count: number])[] {
    return [...this.counts].filter(([id]) => id !== this.secretBox.currentKeyId).toSorted();
  }
}

function sum(counts: Iterable<number>): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
