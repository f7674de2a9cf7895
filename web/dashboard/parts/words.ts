/**
 * What is said where a list is empty. The words of the API's descriptions, so that page, command line and documentation say
 * the same thing.
 */
export const emptyWords = {
  tenants: ["No tenants.", "A tenant is a customer and the one database that holds its data."],
  tenantsFound: ["No tenants match.", "DELETED ones are shown only when asked for by their status."],
  servers: ["No servers.", "The service has none that holds tenant databases."],
  schemaVersions: ["No schema versions.", "No tenant is ACTIVE or SUSPENDED."],
  openFindings: ["No open findings.", "Nothing differs between what must be and what was seen."],
  findings: ["No findings.", "Nothing differs between what must be and what was seen."],
  jobs: ["No jobs.", "A job is durable slow work on one tenant or on many."],
  testRuns: ["No test runs.", "Start one to see how tenants' databases answer."],
  domains: ["No domains.", "No host name leads to this tenant."],
  labels: ["No labels.", "Labels are keys and values that tenants can be found by."],
  auditLog: ["No entries.", "Nobody has done anything that matches."],
  apiKeys: ["No keys.", "A key opens the API; of its secret only a hash is kept."],
  schedules: ["No schedules.", "A schedule starts a test or a validation again and again."],
  items: ["No tenants.", "The job has none with this status, or is not about tenants."],
  results: ["No results.", "The run has tested no tenant yet."],
  checks: ["Not checked yet.", "A connection test logs in as the tenant and says how quickly."],
} as const satisfies Readonly<Record<string, readonly [title: string, explanation: string]>>;

export type EmptyList = keyof typeof emptyWords;
