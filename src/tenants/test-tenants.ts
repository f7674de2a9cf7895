import { Semaphore } from "../kit/concurrency.ts";
import { InvalidInput } from "../kit/domain-error.ts";
import type { DescribedTenant } from "./admission.ts";
import { numberedSlug, parseSlugPrefix } from "./slug.ts";
import type { CreateTestTenants } from "./tenant-input.ts";
import { SlugTaken, type TenantStore } from "./tenant-store.ts";

const maxCount = 1_000;
const highestNumber = 999_999;
/** How often numbers are chosen anew. */
const maxTries = 5;
/** Below the five seconds within which a caller must hear something. */
const patienceMs = 4_000;

/** How many throw-away tenants are wanted, and what their slugs begin with. */
export interface TestTenantsPlan {
  readonly count: number;
  readonly prefix: string;
  readonly seed: boolean;
}

/** @throws InvalidInput */
export function parseTestTenants(input: CreateTestTenants): TestTenantsPlan {
  if (!Number.isInteger(input.count) || input.count < 1 || input.count > maxCount) {
    throw new InvalidInput(`The count is 1 to ${maxCount}.`, { field: ["input", "count"] });
  }
  const prefix = parseSlugPrefix(input.slugPrefix ?? "test", ["input", "slugPrefix"]);
  return { count: input.count, prefix, seed: input.seed ?? false };
}

/** Finds the lowest numbers that no tenant has now. */
export class TestTenantNumbers {
  /** Who looks at the same time finds the same numbers: one after the other. */
  readonly #turn = new Semaphore(1, "the numbers of throw-away tenants");

  constructor(private readonly store: Pick<TenantStore, "scan">) {}

  /**
   * Has them entered under the lowest free numbers; under others when one was taken meanwhile by its full slug.
   * @throws InvalidInput when the prefix has none left, QueueTimeout, and what `admit` throws
   */
  use<T>(plan: TestTenantsPlan, admit: (described: readonly DescribedTenant[]) => Promise<T>): Promise<T> {
    return this.#turn.use(() => this.#admit(plan, admit), { timeoutMs: patienceMs });
  }

  async #admit<T>(plan: TestTenantsPlan, admit: (described: readonly DescribedTenant[]) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await admit(await describe(plan, this.store));
      } catch (error) {
        if (!(error instanceof SlugTaken) || tries >= maxTries) throw error;
      }
    }
  }
}

async function describe(plan: TestTenantsPlan, store: Pick<TenantStore, "scan">): Promise<readonly DescribedTenant[]> {
  const numbers = await freeNumbers(plan, store);
  return numbers.map((n) => ({
    slug: numberedSlug(plan.prefix, n),
    name: `Test ${n}`,
    hostnames: [],
    labels: [{ key: "test", value: "true" }],
    seed: plan.seed,
    field: ["input"],
  }));
}

async function freeNumbers(plan: TestTenantsPlan, store: Pick<TenantStore, "scan">): Promise<readonly number[]> {
  const free: number[] = [];
  for (let first = 1; free.length < plan.count; first += maxCount) {
    if (first > highestNumber) {
      throw new InvalidInput("Too few numbers are left under this prefix.", { field: ["input", "slugPrefix"] });
    }
    const numbers = Array.from({ length: maxCount }, (_, index) => first + index);
    const slugs = numbers.map((n) => numberedSlug(plan.prefix, n));
    const taken = new Set((await store.scan({ slugs }, maxCount)).map(({ slug }) => slug));
    free.push(...numbers.filter((n) => !taken.has(numberedSlug(plan.prefix, n))));
  }
  return free.slice(0, plan.count);
}
