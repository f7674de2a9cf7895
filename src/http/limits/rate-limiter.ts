import type { Clock } from "../../kit/clock.ts";
import { DomainError } from "../../kit/domain-error.ts";

/** Somebody has asked for more than their share. */
export class RateLimited extends DomainError {
  readonly code = "RATE_LIMITED";
  override readonly retryable = true;
  constructor(
    /** Whole seconds, 1 at least. */
    readonly retryAfterS: number,
  ) {
    super(`Too many requests: try again in ${retryAfterS} s.`);
  }
}

interface Bucket {
  points: number;
  filledAtMs: number;
}

/** Seconds of its rate that a bucket holds. */
const heldSeconds = 5;
/** Bounds the memory that callers from many addresses take; the longest unused goes first, and was full by then. */
const maxBuckets = 20_000;

/** A token bucket for each caller. */
export class RateLimiter {
  readonly #buckets = new Map<string, Bucket>();
  readonly #capacity: number;

  /** @param pointsPerSecond 0: no limit */
  constructor(
    private readonly pointsPerSecond: number,
    private readonly clock: Pick<Clock, "monotonicMs">,
  ) {
    this.#capacity = Math.max(1, pointsPerSecond * heldSeconds);
  }

  /** Takes the points, also more than a bucket holds when it is full: the debt is paid by waiting. @throws RateLimited */
  take(caller: string, points: number): void {
    if (this.pointsPerSecond === 0) return;
    const bucket = this.#bucketOf(caller);
    // The first point of a request was taken before it was known what else it costs: a bucket that was full is enough.
    const needed = points <= 1 ? points : Math.min(points, Math.max(1, this.#capacity - 1));
    if (bucket.points < needed) {
      throw new RateLimited(Math.max(1, Math.ceil((needed - bucket.points) / this.pointsPerSecond)));
    }
    bucket.points -= points;
  }

  #bucketOf(caller: string): Bucket {
    const nowMs = this.clock.monotonicMs();
    const known = this.#buckets.get(caller);
    const bucket = known ?? { points: this.#capacity, filledAtMs: nowMs };
    const earned = ((nowMs - bucket.filledAtMs) / 1_000) * this.pointsPerSecond;
    bucket.points = Math.min(this.#capacity, bucket.points + earned);
    bucket.filledAtMs = nowMs;
    // Deleted and set again, so that the first one of the map is always the one unused for longest.
    this.#buckets.delete(caller);
    this.#buckets.set(caller, bucket);
    const oldest = this.#buckets.size > maxBuckets ? this.#buckets.keys().next().value : undefined;
    if (oldest !== undefined) this.#buckets.delete(oldest);
    return bucket;
  }
}

/** What callers may take, with a key and without. */
export class RateLimits {
  readonly #byKey: RateLimiter;
  readonly #byAddress: RateLimiter;

  /** @param pointsPerSecond of each key; an address without a key has a tenth; 0: no limit */
  constructor(pointsPerSecond: number, clock: Pick<Clock, "monotonicMs">) {
    this.#byKey = new RateLimiter(pointsPerSecond, clock);
    this.#byAddress = new RateLimiter(pointsPerSecond / 10, clock);
  }

  /** @throws RateLimited */
  takeForKey(actorId: string, points: number): void {
    this.#byKey.take(actorId, points);
  }

  /** For what comes without a valid key. @throws RateLimited */
  takeForAddress(address: string | undefined): void {
    this.#byAddress.take(address ?? "unknown", 1);
  }
}
