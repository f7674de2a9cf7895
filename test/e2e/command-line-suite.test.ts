import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { buildService } from "../support/service.ts";
import { type Ended, tenantry } from "./support/command-line.ts";
import { Stage } from "./support/stage.ts";
import { allTenants, endOfJob, enterTestTenants } from "./support/steps.ts";

let stage: Stage;

beforeAll(async () => {
  await buildService();
  stage = await Stage.started(inject("serverUrl"), { TENANTRY_TEST_MAX_OPERATIONS: "20" });
  await endOfJob(stage.api, await enterTestTenants(stage.api, 4));
}, 90_000);

afterAll(() => stage?.close());

function run(...args: readonly string[]): Promise<Ended> {
  return tenantry(args, { env: { TENANTRY_URL: stage.service.url, TENANTRY_API_KEY: stage.adminKey } });
}

async function tenantAt(index: number) {
  const tenant = (await allTenants(stage.api)).toSorted((a, b) => (a.slug < b.slug ? -1 : 1))[index];
  if (!tenant) throw new TypeError("There are too few tenants.");
  return tenant;
}

const whole = ["test-0002", "test-0003", "test-0004"];

describe("the tests under the names that people know", () => {
  it.each(["test-connections", "tenancy:test-connections"])("%s rates every tenant and ends with 0", async (name) => {
    const { code, stdout, stderr } = await run(
      name,
      ...whole,
      "--concurrency",
      "4",
      "--retries",
      "1",
      "--timeout",
      "3000",
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^TENANT +VERDICT +RATING +CONNECT +QUERY +ATTEMPTS +MESSAGE\n/);
    for (const slug of whole)
      expect(stdout).toMatch(new RegExp(`^${slug} +PASS +(EXCELLENT|GOOD|FAIR|SLOW|CRITICAL) `, "m"));
    expect(stdout).toMatch(
      /\nSummary\nRun +run_[\s\S]*\nVerdict +PASS\nRating +\w+\nTenants +3 passed, 0 failed, 0 inconclusive\n/,
    );
    expect(stderr).toMatch(/^Started run_/);
  });

  it.each([
    "test-isolation",
    "tenancy:test-isolation",
  ])("%s shows tenants and checks, and all evidence when asked", async (name) => {
    const { code, stdout } = await run(name, "--tenants=3", "--detailed", "--label", "test=true");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^TENANT +VERDICT +[A-Z ]+CROSS READ +CROSS WRITE +[A-Z ]+MESSAGE\n/);
    expect(stdout.match(/^test-\d+ +PASS( +ok){5,}/gm)).toHaveLength(3);
    expect(stdout).toMatch(/\nEvidence\ntest-\d+\n {2}[A-Z_]+ PASS: .*\n {4}[A-Z]+ /);
  });

  it.each([
    "test-performance-enhanced",
    "tenancy:test-performance",
  ])("%s shows throughput and latency", async (name) => {
    const small = ["--max-tenants=2", "--max-users=2", "--operations=5", "--duration=1"];
    const { code, stdout } = await run(name, ...small);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^TENANT +VERDICT +RATING +OPERATIONS +ERRORS +PER SECOND +P50 +P95 +P99 +DEEP TESTS/);
    expect(stdout).toMatch(/Operations +10 of 10 planned, 0 failed/);
    expect(stdout).toMatch(/Latency +p50 .*, p95 .*, p99 /);
  }, 60_000);

  it("gives programs every result, as JSON, lines or comma-separated values", async () => {
    const args = ["test-connections", ...whole];
    const { stdout } = await run(...args, "--json");
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "PASS", kind: "CONNECTION", results: { length: 3 } });
    const lines = (await run(...args, "--format", "ndjson")).stdout.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).verdict)).toEqual(["PASS", "PASS", "PASS"]);
    const table = (await run(...args, "--format", "csv")).stdout.split("\n");
    expect(table[0]).toBe("tenant,verdict,rating,connect_ms,query_ms,attempts,server_version,duration_ms,code,message");
    expect(table).toHaveLength(5);
  });

  it("ends with 4 where a limit made the load smaller than was asked for", async () => {
    const { code, stdout } = await run(
      "test-performance",
      "--max-users=2",
      "--operations=20",
      "--duration=1",
      "--max-tenants=2",
    );
    expect({ code, limit: stdout.match(/Limited by +.*/)?.[0] }).toEqual({
      code: 4,
      limit: expect.stringContaining("MAX_OPERATIONS"),
    });
  }, 60_000);
});

describe("a tenant that is broken", () => {
  it("fails its test, is found, planned, asked about, mended, and well again", async () => {
    const { slug, databaseName } = await tenantAt(0);
    await stage.sql(`ALTER USER '${databaseName}'@'%' ACCOUNT LOCK`);
    const failed = await run("test-connections", slug, "--retries", "0");
    expect(failed).toMatchObject({ code: 1, stdout: expect.stringMatching(new RegExp(`^${slug} +FAIL `, "m")) });
    expect(failed.stdout).toContain("\nRecommendations\n- ");

    const found = await run("tenancy:validate", slug);
    expect(found).toMatchObject({ code: 1, stdout: expect.stringMatching(/^CRITICAL +ACCOUNT_LOCKED +test-0001 /m) });
    expect(found.stdout).toContain(
      "\nRecommendations\n- See what a repair would do: `tenantry fix-databases --dry-run`.\n",
    );
    expect(await run("findings", "--tenant", slug, "--format", "csv")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("CRITICAL,ACCOUNT_LOCKED,test-0001,"),
    });
    const planned = await run("tenancy:fix-databases", slug, "--dry-run");
    expect(planned).toMatchObject({ code: 1, stdout: expect.stringMatching(/ PLANNED /) });
    expect(planned.stdout).toContain("This was a dry run: nothing was changed.");
    expect(await run("fix-databases", slug)).toMatchObject({ code: 0, stdout: expect.stringMatching(/ REPAIRED /) });
    expect(await run("validate", slug)).toMatchObject({ code: 0, stderr: expect.stringContaining("No findings") });
    expect(await run("test-connections", slug)).toMatchObject({ code: 0 });

    await stage.sql(`DROP DATABASE ${databaseName}`);
    expect(await run("fix-databases", slug)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("NEEDS_CONFIRMATION"),
    });
    const unasked = await run("fix-databases", slug, "--confirm-data-loss");
    expect(unasked).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("--yes") });
    expect(await stage.sql("SHOW DATABASES LIKE ?", [databaseName])).toEqual([]);
    expect(await run("fix-databases", slug, "--confirm-data-loss", "--yes")).toMatchObject({ code: 0 });
    expect(await run("test-connections", slug)).toMatchObject({ code: 0 });
  }, 90_000);
});

describe("runs", () => {
  it("are listed, shown again, compared and accepted as a baseline", async () => {
    const first = JSON.parse((await run("test-connections", ...whole, "--json")).stdout);
    const second = JSON.parse((await run("test-connections", ...whole, "--json")).stdout);
    expect(await run("runs", "baseline", first.id)).toMatchObject({ code: 0 });
    const listed = JSON.parse((await run("runs", "list", "--kind", "connection", "--json")).stdout);
    expect(listed.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining([first.id, second.id]));
    const compared = await run("runs", "compare", first.id, second.id);
    expect([0, 1]).toContain(compared.code);
    expect(compared.stdout).toMatch(/^METRIC +BASE +HEAD +CHANGE +RELATIVE +OUTCOME\n/);
    expect(await run("runs", "show", first.id)).toMatchObject({ code: 0, stdout: expect.stringContaining(first.id) });
    expect(await run("jobs", "watch", first.id)).toMatchObject({ code: 0, stdout: expect.stringContaining(first.id) });
    expect(await run("runs", "compare", first.id, "run_nonsense")).toMatchObject({ code: 2 });
  });
});

describe("work on the fleet", () => {
  it("migrates and seeds those that are meant, and tells which tenants of a job failed", async () => {
    const migrated = await run("migrate", ...whole, "--max-parallel", "2", "--halt-on-failure-rate", "0.5", "--json");
    expect(migrated.code).toBe(0);
    const job = JSON.parse(migrated.stdout);
    expect(job).toMatchObject({ kind: "MIGRATE_TENANTS", status: "SUCCEEDED", progress: { skipped: 3 } });
    const items = await run("jobs", "items", job.id, "--format", "csv");
    expect(items.stdout.split("\n")[0]).toBe("tenant,status,took,from,to,code,message");
    expect(items.stdout.match(/,SKIPPED,/g)).toHaveLength(3);
    expect(await run("seed", ...whole)).toMatchObject({ code: 0 });
  });
});
