import type {
  ConnectionTestInput,
  IsolationTestInput,
  PerformanceTestInput,
  TenantFilter,
  TestKind,
} from "../gql/graphql.ts";

/** What the start dialog is filled with; a number that is left out is the service's default. */
export interface TestWish {
  readonly kind: TestKind;
  readonly search: string;
  /** `key=value` */
  readonly labels: readonly string[];
  readonly maxTenants?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly retries?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly detailed: boolean;
  readonly maxUsers?: number | undefined;
  readonly operationsPerUser?: number | undefined;
  readonly durationSeconds?: number | undefined;
  readonly skipDeepTests: boolean;
}

export const firstWish: TestWish = {
  kind: "CONNECTION",
  search: "",
  labels: [],
  detailed: false,
  skipDeepTests: false,
};

/** Which tenants are meant; undefined: the service's own choice. */
export function filterOf({ search, labels }: Pick<TestWish, "search" | "labels">): TenantFilter | undefined {
  const filter: TenantFilter = {
    ...(search.trim() !== "" && { search: search.trim() }),
    ...(labels.length > 0 && { labels: labels.map(labelOf) }),
  };
  return Object.keys(filter).length === 0 ? undefined : filter;
}

function labelOf(text: string): { key: string; value: string } {
  const at = text.indexOf("=");
  return at < 0 ? { key: text, value: "" } : { key: text.slice(0, at), value: text.slice(at + 1) };
}

export function connectionInput(wish: TestWish): ConnectionTestInput {
  const { maxTenants, timeoutMs, retries, concurrency } = wish;
  return given({ filter: filterOf(wish), maxTenants, timeoutMs, retries, concurrency });
}

export function isolationInput(wish: TestWish): IsolationTestInput {
  const { maxTenants, detailed } = wish;
  return given({ filter: filterOf(wish), maxTenants, detailed });
}

export function performanceInput(wish: TestWish): PerformanceTestInput {
  const { maxTenants, maxUsers, operationsPerUser, durationSeconds, skipDeepTests } = wish;
  return given({ filter: filterOf(wish), maxTenants, maxUsers, operationsPerUser, durationSeconds, skipDeepTests });
}

type Given<Values> = { [Name in keyof Values]: Exclude<Values[Name], undefined> };

function given<Values extends object>(values: Values): Partial<Given<Values>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<
    Given<Values>
  >;
}
