import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { JobLease } from "../../../src/jobs/job-store.ts";
import type { TenantId } from "../../../src/kit/ids.ts";
import type { TestResult, TestRunFilter } from "../../../src/test-runs/test-run.ts";
import { aConnectionResult, aNewTestRun, anId, anOrigin, aProgress } from "../builders.ts";
import { expectList } from "./pages.ts";
import type { OpenWorld, StoreWorld } from "./store-world.ts";

const end = { status: "SUCCEEDED", message: "Done.", progress: aProgress({ percent: 100 }) } as const;

/** What every TestRunStore keeps to. */
export function testRunStoreContract(name: string, open: OpenWorld): void {
  describe(`TestRunStore: ${name}`, () => {
    let world: StoreWorld;
    beforeAll(async () => {
      world = await open();
    });
    beforeEach(() => world.reset());
    afterAll(() => world.close());

    const start = async (items: readonly TenantId[]): Promise<JobLease> => {
      await world.testRuns.admit(aNewTestRun(items), anOrigin());
      const claimed = await world.jobs.claim("worker", 60_000, ["CONNECTION_TEST"]);
      if (!claimed) throw new Error("No job was due.");
      return claimed.lease;
    };
    const passed = aConnectionResult();
    const refused = aConnectionResult({
      verdict: "FAIL",
      connectMs: undefined,
      queryMs: undefined,
      rating: "CRITICAL",
      errorCode: "WRONG_CREDENTIALS",
      message: "The server refused the tenant's credentials.",
    });
    const unreached = aConnectionResult({ verdict: "INCONCLUSIVE", errorCode: "UNREACHABLE", connectMs: undefined });
    const results: readonly TestResult[] = [refused, passed, unreached];
    const scope = results.map(({ tenantId }) => tenantId).toReversed();
    const idOf = ({ tenantId }: TestResult) => tenantId;

    it("enters the run with its job and an audit row", async () => {
      const wish = aNewTestRun(scope, { options: { retries: 2 } });
      const origin = anOrigin();
      const run = await world.testRuns.admit(wish, origin);
      expect(run).toMatchObject({ id: wish.job.id, kind: "CONNECTION", status: "QUEUED", options: { retries: 2 } });
      expect(run.verdict).toBeUndefined();
      expect(await world.testRuns.find(run.id)).toEqual(run);
      expect(await world.jobs.find(run.id)).toMatchObject({ kind: "CONNECTION_TEST", status: "QUEUED" });
      expect(await world.jobs.pendingItems(run.id, 5)).toEqual(scope);
      expect(await world.auditRows()).toMatchObject([
        { actorId: origin.actor.id, action: "startConnectionTest", subject: `TestRun:${run.id}` },
      ]);
    });

    it("refuses a run that must be alone while another of its kind is under way, and enters nothing", async () => {
      const wish = () => {
        const run = aNewTestRun([], { kind: "PERFORMANCE", alone: true });
        return { ...run, job: { ...run.job, kind: "PERFORMANCE_TEST" as const } };
      };
      const first = await world.testRuns.admit(wish(), anOrigin());
      await expect(world.testRuns.admit(wish(), anOrigin())).rejects.toMatchObject({
        code: "LIMIT_EXCEEDED",
        jobId: first.id,
      });
      await world.testRuns.admit(aNewTestRun(), anOrigin());
      expect(await world.testRuns.count({ kinds: ["PERFORMANCE"] }, 10)).toBe(1);
      const claimed = await world.jobs.claim("worker", 60_000, ["PERFORMANCE_TEST"]);
      if (!claimed) throw new Error("No job was due.");
      await world.jobs.finish(claimed.lease, end);
      expect(await world.testRuns.admit(wish(), anOrigin())).toMatchObject({ status: "QUEUED" });
    });

    it("corrects budget and coverage when the scope is known", async () => {
      const lease = await start([]);
      const { budget } = aNewTestRun();
      const planned = { ...budget, plannedOperations: 3, limitedBy: ["MAX_TENANTS"] } as const;
      const coverage = { tenantsInScope: 9, tenantsTested: 3 };
      await world.testRuns.plan(lease, planned, coverage);
      expect(await world.testRuns.find(lease.jobId)).toMatchObject({ budget: planned, coverage, status: "RUNNING" });
    });

    it("writes each tenant's result once and settles its item", async () => {
      const lease = await start(scope);
      const { jobId } = lease;
      await world.testRuns.addResults(lease, results.slice(0, 2));
      const second = aConnectionResult({ tenantId: refused.tenantId, verdict: "PASS" });
      await world.testRuns.addResults(lease, [second, unreached, { ...unreached, verdict: "PASS" }]);
      const list = (page: Parameters<typeof world.testRuns.results>[2]) =>
        world.testRuns.results(jobId, undefined, page);
      await expectList(list, idOf, results.map(idOf));
      const page = await list({ limit: 10, direction: "FORWARD" });
      expect(page.edges.map(({ node }) => node)).toEqual(results);
      expect(await world.testRuns.verdictCounts(jobId)).toEqual({ passed: 1, failed: 1, inconclusive: 1 });
      expect(await world.jobs.itemCounts(jobId)).toMatchObject({ succeeded: 1, failed: 1, skipped: 1, pending: 0 });
      expect(await world.jobs.unfinishedItems(jobId)).toEqual([unreached.tenantId, refused.tenantId]);
    });

    it("filters and counts results by verdict, and finds those of tenants", async () => {
      const lease = await start(scope);
      const { jobId } = lease;
      await world.testRuns.addResults(lease, results);
      const bad = ["FAIL", "INCONCLUSIVE"] as const;
      await expectList((page) => world.testRuns.results(jobId, bad, page), idOf, [refused, unreached].map(idOf));
      expect(await world.testRuns.countResults(jobId, bad)).toBe(2);
      expect(await world.testRuns.countResults(jobId, undefined)).toBe(3);
      expect(await world.testRuns.resultsOf(jobId, [unreached.tenantId, anId<"Tenant">()])).toEqual([unreached]);
      expect(await world.testRuns.resultsOf(jobId, [])).toEqual([]);
      for (const batch of [1, 2, 3, 50]) {
        const all: TestResult[] = [];
        for await (const part of world.testRuns.allResults(jobId, batch)) all.push(...part);
        expect(all).toEqual(results);
      }
    });

    it("remembers what was seen as the tenants' health", async () => {
      const lease = await start(scope);
      await world.testRuns.addResults(lease, results);
      const health = await world.tenants.healthOf(scope);
      const of = (id: TenantId) => health.find(({ tenantId }) => tenantId === id);
      expect(of(passed.tenantId)).toMatchObject({ reachable: true, latencyMs: 4, rating: "EXCELLENT" });
      expect(of(refused.tenantId)).toMatchObject({ reachable: false, errorCode: "WRONG_CREDENTIALS" });
      expect(of(refused.tenantId)?.latencyMs).toBeUndefined();
      const again = await start([refused.tenantId]);
      await world.testRuns.addResults(again, [aConnectionResult({ tenantId: refused.tenantId, rating: "GOOD" })]);
      const [now] = await world.tenants.healthOf([refused.tenantId]);
      expect(now).toMatchObject({ reachable: true, rating: "GOOD" });
      expect(now?.errorCode).toBeUndefined();
    });

    it("concludes the run and ends the job in one", async () => {
      const lease = await start(scope);
      const conclusion = {
        verdict: "FAIL",
        rating: "GOOD",
        coverage: { tenantsInScope: 3, tenantsTested: 3 },
        summary: { passed: 1, failed: 1, inconclusive: 1, successRate: 1 / 3, operations: 3, errors: 1 },
        recommendations: ["Rotate the credentials of one tenant."],
      } as const;
      const event = await world.testRuns.conclude(lease, conclusion, { ...end, detail: { verdict: "FAIL" } });
      expect(event).toMatchObject({ sequence: 3, status: "SUCCEEDED", detail: { verdict: "FAIL" } });
      expect(await world.testRuns.find(lease.jobId)).toMatchObject({
        ...conclusion,
        status: "SUCCEEDED",
        finishedAt: event.at,
      });
    });

    it("changes nothing for a worker that lost its lease", async () => {
      const lease = await start(scope);
      await world.passTime(lease.jobId, 61_000);
      const { budget, coverage } = aNewTestRun();
      const { summary } = (await world.testRuns.find(lease.jobId)) ?? { summary: undefined };
      if (!summary) throw new Error("The run is not there.");
      const attempts = [
        world.testRuns.addResults(lease, results),
        world.testRuns.plan(lease, { ...budget, maxConcurrency: 99 }, coverage),
        world.testRuns.conclude(lease, { verdict: "PASS", coverage, summary, recommendations: [] }, end),
      ];
      for (const outcome of await Promise.allSettled(attempts)) {
        expect(outcome).toMatchObject({ status: "rejected", reason: { code: "LEASE_LOST" } });
      }
      expect(await world.testRuns.countResults(lease.jobId, undefined)).toBe(0);
      expect(await world.testRuns.find(lease.jobId)).toMatchObject({ status: "RUNNING", budget });
      expect(await world.tenants.healthOf(scope)).toEqual([]);
    });

    it("lists the newest first, by kind and status", async () => {
      const runs = [];
      for (const kind of ["CONNECTION", "ISOLATION", "CONNECTION"] as const) {
        runs.unshift(await world.testRuns.admit(aNewTestRun([], { kind }), anOrigin()));
      }
      const all = runs.map(({ id }) => id);
      await expectList(
        (page) => world.testRuns.list({}, page),
        ({ id }) => id,
        all,
      );
      await world.jobs.claim("worker", 60_000, ["CONNECTION_TEST"]);
      const ids = async (filter: TestRunFilter) => {
        const page = await world.testRuns.list(filter, { limit: 10, direction: "FORWARD" });
        expect(await world.testRuns.count(filter, 10)).toBe(page.edges.length);
        return page.edges.map(({ node }) => node.id);
      };
      expect(await ids({ kinds: ["CONNECTION"] })).toEqual([all[0], all[2]]);
      expect(await ids({ statuses: ["RUNNING"] })).toEqual([all[2]]);
      expect(await ids({ kinds: ["ISOLATION"], statuses: ["QUEUED", "RUNNING"] })).toEqual([all[1]]);
      expect(await ids({ kinds: [] })).toEqual([]);
      expect(await world.testRuns.count({}, 2)).toBe(2);
      expect((await world.testRuns.findMany([...all, anId<"Job">()])).length).toBe(3);
    });
  });
}
