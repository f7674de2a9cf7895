/** An operation that is due. */
export interface Arrival {
  /** Its number in the whole load, from 0. */
  readonly n: number;
  /** Milliseconds after the load's start. */
  readonly dueMs: number;
}

/**
 * When which operation of a load arrives: evenly over the time, whatever became of the ones before, and dealt out to the tenants by
 * their shares. An operation that nobody is free for waits, and its waiting counts as its latency.
 */
export class Arrivals {
  readonly #queues: readonly number[][];
  readonly #taken: number[];

  /** @param shares how many users each tenant has, in the tenants' order */
  constructor(
    readonly planned: number,
    private readonly durationMs: number,
    shares: readonly number[],
  ) {
    const users = dealt(shares);
    this.#queues = shares.map(() => []);
    this.#taken = shares.map(() => 0);
    for (let n = 0; n < planned; n += 1) this.#queues[users[n % users.length] ?? 0]?.push(n);
  }

  /** How many operations a tenant gets. */
  plannedFor(tenant: number): number {
    return this.#queues[tenant]?.length ?? 0;
  }

  /** The tenant's next one, due or not; undefined after its last. */
  take(tenant: number): Arrival | undefined {
    const at = this.#taken[tenant] ?? 0;
    const n = this.#queues[tenant]?.[at];
    if (n === undefined) return undefined;
    this.#taken[tenant] = at + 1;
    return { n, dueMs: (n * this.durationMs) / this.planned };
  }
}

/** The tenant of each user, so that neighbours in time belong to different tenants. */
function dealt(shares: readonly number[]): readonly number[] {
  const users: number[] = [];
  for (let round = 0; round < Math.max(0, ...shares); round += 1) {
    for (const [tenant, share] of shares.entries()) if (round < share) users.push(tenant);
  }
  return users;
}
