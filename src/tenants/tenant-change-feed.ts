import { DomainError } from "../kit/domain-error.ts";
import type { Tenant } from "./tenant.ts";
import type { TenantChanges } from "./tenant-changes.ts";
import { matches, needsFacets, parseTenantFilter, rowMatches, type TenantFacets } from "./tenant-filter.ts";
import type { TenantChange, TenantFilter, TenantStore } from "./tenant-store.ts";

/** The subscriber took changes more slowly than they came. It starts anew, from a list. */
export class SubscriptionOverflow extends DomainError {
  readonly code = "SUBSCRIPTION_OVERFLOW";
  override readonly retryable = true;
}

/** What the feed asks the registry, and only for filters by label or host name. */
export type FacetSource = Pick<TenantStore, "labelsOf" | "domainsOf">;

const defaultQueueLength = 1_000;

/** Hands changes of tenants to those who watch, each with a bounded queue of its own. */
export class TenantChangeFeed implements TenantChanges {
  readonly #subscribers = new Set<Subscriber>();

  constructor(
    private readonly facets: FacetSource,
    private readonly queueLength: number = defaultQueueLength,
  ) {}

  /** Subscriptions under way. */
  get subscribers(): number {
    return this.#subscribers.size;
  }

  publish(change: TenantChange): void {
    for (const subscriber of this.#subscribers) subscriber.offer(change);
  }

  /**
   * Each tenant that the filter means before or after a change, as it is after it. Watches from the call on, until the signal
   * aborts or the iterator returns. Labels and host names that the change did not touch are read when it is delivered.
   * @throws InvalidInput at once, SubscriptionOverflow from `next`
   */
  subscribe(filter: TenantFilter, signal: AbortSignal): AsyncIterableIterator<Tenant> {
    const subscriber: Subscriber = new Subscriber(
      parseTenantFilter(filter, ["filter"]),
      this.facets,
      this.queueLength,
      () => {
        this.#subscribers.delete(subscriber);
        signal.removeEventListener("abort", onAbort);
      },
    );
    const onAbort = () => subscriber.end();
    this.#subscribers.add(subscriber);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) subscriber.end();
    return subscriber;
  }
}

class Subscriber implements AsyncIterableIterator<Tenant> {
  readonly #queue: TenantChange[] = [];
  readonly #asksFacets: boolean;
  #failure: DomainError | undefined;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(
    private readonly filter: TenantFilter,
    private readonly facets: FacetSource,
    private readonly queueLength: number,
    private readonly onEnd: () => void,
  ) {
    this.#asksFacets = needsFacets(filter);
  }

  offer(change: TenantChange): void {
    const { before, after } = change;
    if (!rowMatches(this.filter, after) && !(before && rowMatches(this.filter, before))) return;
    if (this.#queue.length >= this.queueLength) {
      this.#failure = new SubscriptionOverflow("Changes came more quickly than they were taken. Subscribe anew.");
      this.end();
      return;
    }
    this.#queue.push(change);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#queue.length = 0;
    this.onEnd();
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<Tenant, undefined>> {
    for (;;) {
      const change = this.#queue.shift();
      if (change) {
        if (!this.#asksFacets || (await this.#means(change))) return { done: false, value: change.after };
      } else if (this.#ended) {
        return this.#last();
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  async return(): Promise<IteratorResult<Tenant, undefined>> {
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #last(): IteratorResult<Tenant, undefined> {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure;
    return { done: true, value: undefined };
  }

  async #means({ before, after, labelsBefore, hostnamesBefore }: TenantChange): Promise<boolean> {
    const now = await this.#facetsOf(after);
    if (matches(this.filter, after, now)) return true;
    const then = { labels: labelsBefore ?? now.labels, hostnames: hostnamesBefore ?? now.hostnames };
    return before !== undefined && matches(this.filter, before, then);
  }

  async #facetsOf({ id }: Tenant): Promise<TenantFacets> {
    const [labels, domains] = await Promise.all([this.facets.labelsOf([id]), this.facets.domainsOf([id])]);
    return { labels: labels.get(id) ?? [], hostnames: domains.map(({ hostname }) => hostname) };
  }
}
