import type { JobLease } from "../../jobs/job-store.ts";
import type { Clock } from "../../kit/clock.ts";
import type { JobId, TenantId } from "../../kit/ids.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";

/** Nobody shall find a tenant busy for much longer than the work on it takes. */
const heldAheadMs = 250;
const mostAhead = 32;

/** A tenant whose turn it is. */
export interface NextTenant {
  readonly id: TenantId;
  /** As it is now that nobody else changes it; absent: another job has it, or it is gone. */
  readonly tenant?: Tenant | undefined;
  readonly holder?: JobId | undefined;
}

/**
 * Occupies the tenants of a list for a job shortly before their turn: as many with one write as are done in a moment at the
 * pace so far, and at least one for each place.
 */
export class TenantsAhead {
  readonly #waiting: TenantId[];
  readonly #ready: NextTenant[] = [];
  /** Those that the job has and that were given to nobody, ready or not. */
  readonly #occupied = new Set<TenantId>();
  readonly #startedAtMs: number;
  #given = 0;
  /** Never rejects: who waits for it throws what it met. */
  #filling: Promise<void> | undefined;
  #failure: { readonly of: unknown } | undefined;

  /** @param prepare what shall be done together for those that were occupied together */
  constructor(
    private readonly tenants: Pick<TenantStore, "occupyMany" | "letGo">,
    private readonly lease: JobLease,
    private readonly clock: Clock,
    ids: readonly TenantId[],
    private readonly places: number,
    private readonly prepare: (tenants: readonly Tenant[]) => Promise<void> = () => Promise.resolve(),
  ) {
    this.#waiting = [...ids];
    this.#startedAtMs = clock.monotonicMs();
  }

  /** Whether none is left behind those that were given. */
  get exhausted(): boolean {
    return this.#ready.length === 0 && this.#waiting.length === 0;
  }

  /** @returns undefined when there is none left @throws LeaseLost */
  async next(): Promise<NextTenant | undefined> {
    while (!this.#failure && this.#ready.length === 0 && (this.#waiting.length > 0 || this.#filling))
      await this.#filled();
    // Also where nobody waited for it: those whom it did not reach are not at their end.
    if (this.#failure) throw this.#failure.of;
    const next = this.#ready.shift();
    if (next) {
      this.#given += 1;
      this.#occupied.delete(next.id);
    }
    // The next ones are made ready while these are worked on.
    if (this.#given >= this.places && this.#ready.length < this.places && this.#waiting.length > 0) void this.#filled();
    return next;
  }

  /** Lets go of those that nobody was given; none are given any more. @throws LeaseLost */
  async letGo(): Promise<void> {
    this.#waiting.length = 0;
    await this.#filling;
    this.#ready.length = 0;
    const left = [...this.#occupied];
    this.#occupied.clear();
    if (left.length > 0) await this.tenants.letGo(this.lease, left);
  }

  #filled(): Promise<void> {
    this.#filling ??= this.#fill()
      .catch((error: unknown) => {
        this.#failure = { of: error };
      })
      .finally(() => {
        this.#filling = undefined;
      });
    return this.#filling;
  }

  async #fill(): Promise<void> {
    const ids = this.#waiting.splice(0, this.#share());
    const { taken, busy } = await this.tenants.occupyMany(this.lease, ids);
    for (const { id } of taken) this.#occupied.add(id);
    await this.prepare(taken);
    const known = new Map(taken.map((tenant) => [tenant.id, tenant]));
    this.#ready.push(...ids.map((id) => ({ id, tenant: known.get(id), holder: busy.get(id) })));
  }

  #share(): number {
    // Those given last are still at work: before any of them is done, nobody knows the pace.
    const done = this.#given - this.places;
    if (done <= 0) return this.places;
    const msEach = Math.max(0.1, (this.clock.monotonicMs() - this.#startedAtMs) / done);
    return Math.max(this.places, Math.min(mostAhead, Math.floor(heldAheadMs / msEach)));
  }
}
