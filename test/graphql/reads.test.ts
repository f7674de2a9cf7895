import { tracingChannel } from "node:diagnostics_channel";
import { expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../src/kit/clock.ts";
import { uuidv7Ids } from "../../src/kit/ids.ts";
import { InvalidCursor } from "../../src/kit/page.ts";
import type { Severity } from "../../src/provisioning/finding.ts";
import type { RecordedFinding } from "../../src/provisioning/findings/finding-store.ts";
import { DrizzleFindingStore } from "../../src/registry/findings/drizzle-finding-store.ts";
import { DrizzleServerStore } from "../../src/registry/servers/drizzle-server-store.ts";
import { findings as findingRows } from "../../src/registry/tables/findings.ts";
import { DrizzleTenantStore } from "../../src/registry/tenants/drizzle-tenant-store.ts";
import {
  aConnectionResult,
  aJob,
  aNewTenant,
  anAdmission,
  anId,
  aServer,
  aTenant,
  aTestRun,
} from "../support/builders.ts";
import { freshRegistry } from "../support/registry.ts";
import { ask } from "./support/ask.ts";

const noPage = { edges: [], hasNextPage: false, hasPreviousPage: false };

it("answers null for ids that are unknown, malformed or of another kind", async () => {
  const given = {
    tenants: { findMany: async () => [], findBySlug: async () => undefined, findByDomain: async () => undefined },
    jobs: { findMany: async () => [] },
    testRuns: { findMany: async () => [] },
    servers: { findMany: async () => [] },
  };
  const id = anId();
  const { data, errors } = await ask(
    given,
    `{
      a: tenant(id: "tenant_${id}") { id }
      b: tenant(id: "job_${id}") { id }
      c: tenantBySlug(slug: "") { id }
      d: tenantByDomain(hostname: "..") { id }
      e: job(id: "run_${id}") { id }
      f: testRun(id: "job_${id}") { id }
      g: node(id: "tenant_${id}") { id }
      h: node(id: "constructor_${id}") { id }
      i: node(id: "") { id }
      j: node(id: "server_${id}") { id }
    }`,
  );
  expect(errors).toBeUndefined();
  expect(new Set(Object.values(data ?? {}))).toEqual(new Set([null]));
});

it("finds each kind of thing as a node, with its own fields", async () => {
  const [tenant, server, job, run] = [aTenant(), aServer({ warmPoolTarget: 4 }), aJob(), aTestRun()];
  const given = {
    tenants: { findMany: async () => [tenant] },
    servers: { findMany: async () => [server] },
    warmPool: { readyCounts: async () => new Map([[server.id, 3]]) },
    jobs: { findMany: async () => [job] },
    testRuns: { findMany: async () => [run] },
    findings: { ofJob: async () => noPage, countOfJob: async () => 0 },
  };
  const { data, errors } = await ask(
    given,
    `{
      a: node(id: "tenant_${tenant.id}") { __typename id ... on Tenant { slug } }
      b: node(id: "server_${server.id}") { __typename ... on DatabaseServer { name warmPool { target ready } } }
      c: node(id: "job_${job.id}") { __typename ... on Job { kind findings { totalCount nodes { message } } } }
      d: node(id: "run_${run.id}") { __typename ... on TestRun { kind } }
    }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    a: { __typename: "Tenant", id: `tenant_${tenant.id}`, slug: tenant.slug },
    b: { __typename: "DatabaseServer", name: server.name, warmPool: { target: 4, ready: 3 } },
    c: { __typename: "Job", kind: job.kind, findings: { totalCount: 0, nodes: [] } },
    d: { __typename: "TestRun", kind: "CONNECTION" },
  });
});

it("writes instants in UTC with milliseconds", async () => {
  const tenant = aTenant({ createdAt: new Date(1_700_000_000_007) });
  const { data } = await ask(
    { tenants: { findMany: async () => [tenant] } },
    `{ tenant(id: "tenant_${tenant.id}") { createdAt deletedAt } }`,
  );
  expect(data).toEqual({ tenant: { createdAt: "2023-11-14T22:13:20.007Z", deletedAt: null } });
});

it("counts a list only when asked to", async () => {
  const counts: unknown[] = [];
  const given = {
    tenants: {
      list: async () => noPage,
      count: async (_filter: unknown, cap: number) => {
        counts.push(cap);
        return 7;
      },
    },
  };
  await ask(given, "{ tenants { nodes { id } } }");
  expect(counts).toEqual([]);
  expect((await ask(given, "{ tenants { totalCount } }")).data).toEqual({ tenants: { totalCount: 7 } });
  expect(counts).toEqual([10_001]);
});

it("lists the newest tenants first unless told otherwise", async () => {
  const calls: unknown[] = [];
  const given = {
    tenants: {
      list: async (...call: unknown[]) => {
        calls.push(call);
        return noPage;
      },
    },
  };
  await ask(given, "{ tenants { nodes { id } } }");
  await ask(
    given,
    "{ tenants(orderBy: { field: NAME, direction: ASC }, last: 3, filter: { statuses: [DELETED] }) { nodes { id } } }",
  );
  expect(calls).toEqual([
    [{}, { field: "CREATED_AT", direction: "DESC" }, { direction: "FORWARD", limit: 25 }],
    [{ statuses: ["DELETED"] }, { field: "NAME", direction: "ASC" }, { direction: "BACKWARD", limit: 3 }],
  ]);
});

it.each([
  ["first: 0", "first"],
  ["first: 101", "first"],
  ["first: 1, last: 1", "first"],
  ['after: "nonsense"', "after"],
  ['before: "nonsense"', "before"],
])("refuses a page of %s and names the argument", async (args, argument) => {
  const given = { tenants: { list: () => Promise.reject(new InvalidCursor("No cursor.")) } };
  const { errors } = await ask(given, `{ tenants(${args}) { nodes { id } } }`);
  expect(errors).toEqual([
    expect.objectContaining({
      message: expect.stringContaining(`"${argument}"`),
      originalError: expect.objectContaining({ code: "BAD_USER_INPUT", field: [argument] }),
    }),
  ]);
});

it("shows a run's results with their tenants, and what their kind adds", async () => {
  const [run, tenant] = [aTestRun(), aTenant()];
  const result = aConnectionResult({ tenantId: tenant.id, attempts: 3, message: "After 2 retries." });
  const asked: unknown[] = [];
  const given = {
    tenants: { findMany: async () => [tenant] },
    testRuns: {
      findMany: async () => [run],
      results: async (...call: unknown[]) => {
        asked.push(call);
        return { ...noPage, edges: [{ node: result, cursor: "c" }] };
      },
    },
  };
  const { data, errors } = await ask(
    given,
    `{ testRun(id: "run_${run.id}") { results(verdicts: [PASS]) { edges { cursor node {
      __typename verdict message tenant { slug } ... on ConnectionTestResult { attempts connectMs } } } } } }`,
  );
  expect(errors).toBeUndefined();
  const node = {
    __typename: "ConnectionTestResult",
    verdict: "PASS",
    message: "After 2 retries.",
    tenant: { slug: tenant.slug },
    attempts: 3,
    connectMs: 3,
  };
  expect(data).toEqual({ testRun: { results: { edges: [{ cursor: "c", node }] } } });
  expect(asked).toEqual([[run.id, ["PASS"], { direction: "FORWARD", limit: 25 }]]);
});

it("shows what a run says of one tenant, and null where it has not tested it", async () => {
  const [run, tenant, other] = [aTestRun(), aTenant(), aTenant()];
  const given = {
    testRuns: {
      findMany: async () => [run],
      resultsOf: async (_run: unknown, ids: readonly string[]) =>
        ids[0] === tenant.id ? [aConnectionResult({ tenantId: tenant.id })] : [],
    },
  };
  const { data, errors } = await ask(
    given,
    `{ testRun(id: "run_${run.id}") {
      tested: resultOf(tenantId: "tenant_${tenant.id}") { verdict }
      untested: resultOf(tenantId: "tenant_${other.id}") { verdict }
      nobody: resultOf(tenantId: "job_${tenant.id}") { verdict }
    } }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({ testRun: { tested: { verdict: "PASS" }, untested: null, nobody: null } });
});

it("says how many tenants have each status, also those that none has", async () => {
  const given = {
    fleet: {
      statusCounts: async () => new Map([["ACTIVE" as const, 3]]),
      schemaVersionCounts: async () => [{ tenants: 1 }, { version: "0001_x", tenants: 2 }],
      latestVersion: () => undefined,
    },
    jobs: { count: async () => 2 },
    findings: { countOpen: async () => 5 },
  };
  const { data } = await ask(
    given,
    "{ fleet { tenants { status count } schemaVersions { version tenants } latestSchemaVersion openFindings runningJobs } }",
  );
  expect(data).toEqual({
    fleet: {
      tenants: ["PROVISIONING", "ACTIVE", "SUSPENDED", "FAILED", "DELETING", "DELETED"].map((status) => ({
        status,
        count: status === "ACTIVE" ? 3 : 0,
      })),
      schemaVersions: [
        { version: null, tenants: 1 },
        { version: "0001_x", tenants: 2 },
      ],
      latestSchemaVersion: null,
      openFindings: 5,
      runningJobs: 2,
    },
  });
});

it("says of an ACTIVE tenant that answers well how bad the worst is that was found of it, asked once for all", async () => {
  const [ill, well] = [aTenant({ status: "ACTIVE" }), aTenant({ status: "ACTIVE" })];
  const finding = (severity: Severity) => ({ tenantId: ill.id, kind: "MISSING_TABLE", severity }) as RecordedFinding;
  let questions = 0;
  const given = {
    tenants: { findMany: async () => [ill, well] },
    findings: {
      openOf: async () => {
        questions += 1;
        return [finding("WARNING"), finding("CRITICAL"), finding("INFO")];
      },
    },
  };
  const one = (id: string) => `tenant(id: "tenant_${id}") { status worstFinding }`;
  const { data, errors } = await ask(given, `{ ill: ${one(ill.id)} well: ${one(well.id)} }`);
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    ill: { status: "ACTIVE", worstFinding: "CRITICAL" },
    well: { status: "ACTIVE", worstFinding: null },
  });
  expect(questions).toBe(1);
});

/** Counts the statements that this process sends to any database until the test ends, but those that a new connection begins with. */
function countStatements(): { readonly count: number } {
  const seen = { count: 0 };
  const subscriber = {
    start: (message: unknown) => {
      if (!/"query":"SET SESSION /.test(JSON.stringify(message, ["query"]))) seen.count += 1;
    },
    end: () => undefined,
    asyncStart: () => undefined,
    asyncEnd: () => undefined,
    error: () => undefined,
  };
  for (const name of ["mysql2:query", "mysql2:execute"]) {
    const channel = tracingChannel(name);
    channel.subscribe(subscriber);
    onTestFinished(() => channel.unsubscribe(subscriber));
  }
  return seen;
}

it("reads a page of 50 tenants, with all that belongs to them, in as many statements as a page of 2", async () => {
  await using registry = await freshRegistry();
  const store = new DrizzleTenantStore(registry.db, { publish: () => undefined }, systemClock, uuidv7Ids);
  const servers = new DrizzleServerStore(registry.db);
  const server = await servers.ensure(aServer());
  const fleet = Array.from({ length: 50 }, (_, index) =>
    aNewTenant({
      serverId: server.id,
      hostnames: [`a${index}.example.com`, `b${index}.example.com`],
      labels: [{ key: "n", value: String(index) }],
    }),
  );
  await store.admit(anAdmission(fleet));
  const query = `query($first: Int) { tenants(first: $first) { nodes {
    slug domains { hostname tenant { slug } } primaryDomain { hostname } labels { key value }
    server { name tenantCount } health { reachable } findings { message } worstFinding } totalCount } }`;
  const tenants = {
    list: store.list.bind(store),
    count: store.count.bind(store),
    findMany: store.findMany.bind(store),
    domainsOf: store.domainsOf.bind(store),
    labelsOf: store.labelsOf.bind(store),
    healthOf: store.healthOf.bind(store),
  };
  const findingStore = new DrizzleFindingStore(registry.db, { publish: () => undefined }, systemClock, uuidv7Ids);
  const findings = { openOf: findingStore.openOf.bind(findingStore) };
  const statementsFor = async (first: number) => {
    const statements = countStatements();
    const { data, errors } = await ask({ tenants, servers, findings }, query, { first });
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ tenants: { totalCount: 50, nodes: { length: first } } });
    expect(JSON.stringify(data)).toContain(`"tenantCount":50`);
    return statements.count;
  };
  await statementsFor(1); // What is prepared once is prepared now.
  const few = await statementsFor(2);
  expect(await statementsFor(50)).toBe(few);
  expect(few).toBeLessThanOrEqual(9);
});

it("finds a finding once, also where a filter names the same thing twice", async () => {
  await using registry = await freshRegistry();
  const store = new DrizzleFindingStore(registry.db, { publish: () => undefined }, systemClock, uuidv7Ids);
  const jobId = uuidv7Ids.next<"Job">();
  await registry.db.orm.insert(findingRows).values({
    id: uuidv7Ids.next<"Finding">(),
    jobId,
    ordinal: 1,
    serverId: uuidv7Ids.next<"DatabaseServer">(),
    kind: "ORPHAN_DATABASE",
    severity: "WARNING",
    outcome: "REPORTED",
    object: "t_lost",
    message: "Nobody's.",
    isOpen: true,
    observedAt: systemClock.now(),
  });
  const page = { limit: 10, direction: "FORWARD" } as const;
  const found = await Promise.all([
    store.open({ kinds: ["ORPHAN_DATABASE", "ORPHAN_DATABASE"] }, page),
    store.open({ severities: ["WARNING", "WARNING"] }, page),
    store.ofJob(jobId, { kinds: ["ORPHAN_DATABASE", "ORPHAN_DATABASE"] }, page),
    store.ofJob(jobId, { outcomes: ["REPORTED", "REPORTED"] }, page),
  ]);
  expect(found.map(({ edges }) => edges.length)).toEqual([1, 1, 1, 1]);
});
