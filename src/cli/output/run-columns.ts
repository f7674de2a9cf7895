import type { RunResultFragment, RunRowFragment } from "../gql/graphql.ts";
import type { Column } from "./columns.ts";
import { duration, instant, percent, rate } from "./figures.ts";
import type { Tone } from "./paint.ts";

type ResultOf<Name extends RunResultFragment["__typename"]> = Extract<RunResultFragment, { __typename: Name }>;
export type ConnectionResult = ResultOf<"ConnectionTestResult">;
export type IsolationResult = ResultOf<"IsolationTestResult">;
export type PerformanceResult = ResultOf<"PerformanceTestResult">;

/** A list of test runs. */
export const runColumns: readonly Column<RunRowFragment>[] = [
  { name: "id", value: ({ id }) => id },
  { name: "kind", value: ({ kind }) => kind },
  { name: "status", value: ({ status }) => status },
  { name: "verdict", value: ({ verdict }) => verdict },
  { name: "rating", spare: true, value: ({ rating }) => rating },
  { name: "tenants", spare: true, value: ({ coverage }) => coverage.tenantsTested, align: "right" },
  { name: "failed", spare: true, value: ({ summary }) => summary.failed, align: "right" },
  {
    name: "success",
    spare: true,
    value: ({ summary }) => summary.successRate,
    text: ({ summary }) => percent(summary.successRate),
    align: "right",
  },
  milliseconds("p95_ms", ({ summary }) => summary.latency?.p95),
  { name: "created", spare: true, value: ({ createdAt }) => createdAt, text: ({ createdAt }) => instant(createdAt) },
];

/** Results of a connection test. */
export const connectionColumns: readonly Column<ConnectionResult>[] = [
  ...headColumns<ConnectionResult>(),
  { name: "rating", value: ({ rating }) => rating },
  milliseconds("connect_ms", ({ connectMs }) => connectMs),
  milliseconds("query_ms", ({ queryMs }) => queryMs),
  { name: "attempts", value: ({ attempts }) => attempts, align: "right" },
  { name: "server_version", value: ({ serverVersion }) => serverVersion, plainOnly: true },
  ...tailColumns<ConnectionResult>(),
];

/** Results of a performance test. */
export const performanceColumns: readonly Column<PerformanceResult>[] = [
  ...headColumns<PerformanceResult>(),
  { name: "rating", value: ({ rating }) => rating },
  { name: "operations", value: ({ operations }) => operations, align: "right" },
  {
    name: "errors",
    value: ({ errors }) => errors,
    align: "right",
    tone: ({ errors }) => (errors > 0 ? "BAD" : "PLAIN"),
  },
  {
    name: "per_second",
    value: ({ operationsPerSecond }) => operationsPerSecond,
    text: ({ operationsPerSecond }) => rate(operationsPerSecond),
    align: "right",
  },
  milliseconds("p50_ms", ({ latency }) => latency.p50),
  milliseconds("p95_ms", ({ latency }) => latency.p95),
  milliseconds("p99_ms", ({ latency }) => latency.p99),
  { name: "deep_tests", value: deepTests, tone: (result) => (deepTests(result)?.includes("not") ? "BAD" : "PLAIN") },
  ...tailColumns<PerformanceResult>(),
];

/** Results of an isolation test: tenants down, checks across. @param results tell which checks there are */
export function isolationColumns(results: readonly IsolationResult[]): readonly Column<IsolationResult>[] {
  const kinds = [...new Set(results.flatMap(({ checks }) => checks.map(({ kind }) => kind)))];
  const column = (kind: (typeof kinds)[number]): Column<IsolationResult> => {
    const verdict = ({ checks }: IsolationResult) => checks.find((check) => check.kind === kind)?.verdict;
    return {
      name: kind.toLowerCase(),
      value: verdict,
      text: (result) => marks[verdict(result) ?? "NONE"],
      tone: (result) => tones[verdict(result) ?? "NONE"],
    };
  };
  return [...headColumns<IsolationResult>(), ...kinds.map(column), ...tailColumns<IsolationResult>()];
}

const marks = { PASS: "ok", FAIL: "FAIL", INCONCLUSIVE: "?", NONE: "-" } as const;
const tones: Readonly<Record<keyof typeof marks, Tone>> = {
  PASS: "GOOD",
  FAIL: "BAD",
  INCONCLUSIVE: "FAIR",
  NONE: "PLAIN",
};

function headColumns<Result extends RunResultFragment>(): readonly Column<Result>[] {
  return [
    { name: "tenant", value: ({ tenant }) => tenant.slug },
    { name: "verdict", value: ({ verdict }) => verdict },
  ];
}

function tailColumns<Result extends RunResultFragment>(): readonly Column<Result>[] {
  return [
    { name: "duration_ms", value: ({ durationMs }) => durationMs, plainOnly: true },
    { name: "code", value: ({ errorCode }) => errorCode, plainOnly: true },
    {
      name: "message",
      value: ({ message }) => message,
      text: ({ message, errorCode }) => [message, errorCode && `(${errorCode})`].filter(Boolean).join(" "),
    },
  ];
}

function milliseconds<Item>(name: string, value: (item: Item) => number | null | undefined): Column<Item> {
  return { name, value, text: (item) => duration(value(item)), align: "right" };
}

function deepTests({ deepTests }: PerformanceResult): string | undefined {
  if (deepTests.length === 0) return undefined;
  const missed = deepTests.filter(({ passed }) => !passed).map(({ kind }) => kind);
  return missed.length > 0 ? `not ${missed.join(", ")}` : `${deepTests.length} passed`;
}
