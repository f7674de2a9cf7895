/** Where the API is, over HTTP and WebSocket. */
export const graphqlPath = "/graphql";

/** What the dashboard's paths begin with: it finds its way from there by itself. */
export const dashboardPages = ["tenants", "test-runs", "jobs", "findings", "audit", "keys", "schedules"] as const;

const reads = ["GET", "HEAD"] as const;

const exact: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  [graphqlPath, ["GET", "POST", "OPTIONS"]],
  ["/", reads],
  ["/livez", reads],
  ["/readyz", reads],
  ["/metrics", reads],
]);

const page = new RegExp(`^/(?:${dashboardPages.join("|")})(?:/|$)`);
const asset = new RegExp(`^(?:${graphqlPath})?/assets/[^/]*$`);

/**
 * What a path may be asked with; empty: it is not there. The router is not asked, because it takes a path for a pattern: what
 * anybody sends would be read as one, and some of it cannot be.
 */
export function methodsOf(path: string): readonly string[] {
  return exact.get(path) ?? (page.test(path) || asset.test(path) ? reads : []);
}
