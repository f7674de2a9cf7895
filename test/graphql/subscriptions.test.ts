import { type ExecutionResult, parse, subscribe } from "graphql";
import { expect, it } from "vitest";
import { createContext } from "../../src/graphql/graphql-context.ts";
import { buildApiSchema } from "../../src/graphql/schema.ts";
import type { JobEvent } from "../../src/jobs/job.ts";
import type { Tenant } from "../../src/tenants/tenant.ts";
import { aConnectionResult, anId, anOrigin, aProgress, aTenant, aTestRun } from "../support/builders.ts";
import { type GivenServices, stubServices } from "../support/stub-services.ts";

const schema = buildApiSchema();

async function begin(given: GivenServices, source: string) {
  const request = { origin: anOrigin(), live: true, client: { signal: new AbortController().signal } };
  return subscribe({ schema, document: parse(source), contextValue: createContext(stubServices(given), request) });
}

async function results(given: GivenServices, source: string): Promise<unknown[]> {
  const begun = await begin(given, source);
  if (!(Symbol.asyncIterator in begun)) throw new Error(`Refused: ${JSON.stringify(begun.errors)}`);
  const seen: unknown[] = [];
  for await (const { data, errors } of begun as AsyncIterable<ExecutionResult>)
    seen.push(errors ?? JSON.parse(JSON.stringify(data)));
  return seen;
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

it("shows a run's events with the live figures and the newest results", async () => {
  const [run, tenant] = [aTestRun(), aTenant()];
  const event = (sequence: number, detail?: unknown): JobEvent => {
    const progress = aProgress({ total: 1, done: sequence - 1 });
    return { jobId: run.id, sequence, at: new Date(0), status: "RUNNING", progress, message: "…", detail };
  };
  const latency = { count: 1, min: 4, avg: 4, p50: 4, p90: 4, p95: 4, p99: 4, max: 4 };
  const detail = { operations: 1, operationsPerSecond: 9.5, errors: 0, latency, latest: [tenant.id], verdict: "PASS" };
  const follows: unknown[] = [];
  const given = {
    testRuns: {
      find: async () => run,
      resultsOf: async (_id: unknown, ids: readonly unknown[]) =>
        ids.map(() => aConnectionResult({ tenantId: tenant.id })),
    },
    tenants: { findMany: async () => [tenant] },
    jobEvents: {
      follow: (id: unknown, after: number) => {
        follows.push([id, after]);
        return each([event(1), event(2, detail)]);
      },
    },
  };
  const seen = await results(
    given,
    `subscription { testRunProgress(id: "run_${run.id}", after: 0) {
      runId sequence operations operationsPerSecond errors verdict latency { p95 } progress { done } latest { tenant { slug } verdict } } }`,
  );
  const runId = `run_${run.id}`;
  expect(seen).toEqual([
    {
      testRunProgress: {
        runId,
        sequence: 1,
        operations: 0,
        operationsPerSecond: null,
        errors: 0,
        verdict: null,
        latency: null,
        progress: { done: 0 },
        latest: [],
      },
    },
    {
      testRunProgress: {
        runId,
        sequence: 2,
        operations: 1,
        operationsPerSecond: 9.5,
        errors: 0,
        verdict: "PASS",
        latency: { p95: 4 },
        progress: { done: 1 },
        latest: [{ tenant: { slug: tenant.slug }, verdict: "PASS" }],
      },
    },
  ]);
  expect(follows).toEqual([[run.id, 0]]);
});

it.each([`run_${anId()}`, `job_${anId()}`, "nonsense"])("refuses to follow %s, which is no test run", async (id) => {
  const begun = await begin(
    { testRuns: { find: async () => undefined } },
    `subscription { testRunProgress(id: "${id}") { sequence } }`,
  );
  if (!(Symbol.asyncIterator in begun)) throw new Error("It begins, and is refused with the first event.");
  await expect(begun.next()).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(begun.return?.()).resolves.toMatchObject({ done: true });
});

it("reads what belongs to a changed tenant anew at each change", async () => {
  const tenant = aTenant();
  const labels = [[], [{ key: "tier", value: "gold" }]];
  const filters: unknown[] = [];
  const given = {
    tenantChanges: {
      subscribe: (filter: unknown) => {
        filters.push(filter);
        return each<Tenant>([tenant, { ...tenant, generation: 3 }]);
      },
    },
    tenants: { labelsOf: async () => new Map([[tenant.id, labels.shift() ?? []]]) },
  };
  const query =
    'subscription { tenantChanged(filter: { slugs: ["acme"] }) { generation labels { value } again: labels { value } } }';
  expect(await results(given, query)).toEqual([
    { tenantChanged: { generation: 2, labels: [], again: [] } },
    { tenantChanged: { generation: 3, labels: [{ value: "gold" }], again: [{ value: "gold" }] } },
  ]);
  expect(filters).toEqual([{ slugs: ["acme"] }]);
});
