import { InvalidInput } from "../kit/domain-error.ts";
import type { DescribedTenant } from "./admission.ts";
import { numberedSlug, parseSlugPrefix } from "./slug.ts";
import type { CreateTestTenants } from "./tenant-input.ts";
import type { TenantStore } from "./tenant-store.ts";

const maxCount = 1_000;
const highestNumber = 999_999;

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

/** Describes them under the lowest numbers that no tenant has now. @throws InvalidInput when the prefix has none left */
export async function describeTestTenants(
  plan: TestTenantsPlan,
  store: Pick<TenantStore, "scan">,
): Promise<readonly DescribedTenant[]> {
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
