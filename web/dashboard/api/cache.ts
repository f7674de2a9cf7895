import { type Cache, cacheExchange, type UpdateResolver } from "@urql/exchange-graphcache";

/** Whatever was done, these may show it: the next look at them asks the service. */
const staleAfterAnything: ReadonlySet<string> = new Set([
  "apiKeys",
  "auditLog",
  "findings",
  "fleet",
  "jobs",
  "schedules",
  "tenants",
  "testRuns",
]);

/** The mutations of the dashboard's documents; `test/web/cache.test.ts` finds one that is missing. */
export const mutations = [
  "addTenantDomain",
  "cancelJob",
  "createApiKey",
  "createTenant",
  "createTenants",
  "createTestTenants",
  "deleteSchedule",
  "deleteTenant",
  "migrateTenants",
  "removeTenantDomain",
  "repairTenants",
  "resumeTenant",
  "retryJob",
  "retryTenant",
  "revealTenantConnection",
  "revokeApiKey",
  "rotateTenantCredentials",
  "seedTenants",
  "setTestBaseline",
  "setWarmPoolTarget",
  "startConnectionTest",
  "startIsolationTest",
  "startPerformanceTest",
  "suspendTenant",
  "updateTenant",
  "upsertSchedule",
  "validateTenants",
] as const;

/**
 * A normalized cache: each tenant, job or run is kept once, so that every place that shows it changes with it. What has no id
 * lives in what holds it.
 */
export function apiCache() {
  return cacheExchange({
    resolvers: {
      Query: {
        tenant: (_, { id }) => ({ __typename: "Tenant", id: String(id) }),
        job: (_, { id }) => ({ __typename: "Job", id: String(id) }),
        testRun: (_, { id }) => ({ __typename: "TestRun", id: String(id) }),
      },
    },
    updates: { Mutation: Object.fromEntries(mutations.map((name) => [name, forgetLists])) },
    possibleTypes: {
      TestResult: ["ConnectionTestResult", "IsolationTestResult", "PerformanceTestResult"],
      Node: ["ApiKey", "AuditEntry", "DatabaseServer", "Domain", "Job", "Schedule", "Tenant", "TestRun"],
    },
  });
}

const forgetLists: UpdateResolver = (_result, _arguments, cache: Cache) => {
  for (const { fieldName, fieldKey } of cache.inspectFields("Query"))
    if (staleAfterAnything.has(fieldName)) cache.invalidate("Query", fieldKey);
};
