import type { Client } from "@urql/core";
import type { ComponentType } from "react";
import { FleetDocument, RunningJobsDocument } from "../gql/graphql.ts";

type Load = () => Promise<ComponentType>;

/**
 * Fetches the component of each page that is not loaded with the dashboard, by its pattern. Nothing here needs React: a page
 * is fetched while React is.
 */
export const pageLoads = {
  "/tenants": async () => (await import("../tenants/tenants-page.tsx")).TenantsPage,
  "/tenants/:slug": async () => (await import("../tenant/tenant-page.tsx")).TenantPage,
  "/test-runs": async () => (await import("../test-runs/test-runs-page.tsx")).TestRunsPage,
  "/test-runs/:id": async () => (await import("../test-runs/run-page.tsx")).RunPage,
  "/test-runs/:id/compare/:base": async () => (await import("../test-runs/compare-page.tsx")).ComparePage,
  "/jobs": async () => (await import("../jobs/jobs-page.tsx")).JobsPage,
  "/jobs/:id": async () => (await import("../jobs/job-page.tsx")).JobPage,
  "/findings": async () => (await import("../findings/findings-page.tsx")).FindingsPage,
  "/schedules": async () => (await import("../schedules/schedules-page.tsx")).SchedulesPage,
  "/audit": async () => (await import("../access/audit-page.tsx")).AuditPage,
  "/keys": async () => (await import("../access/keys-page.tsx")).KeysPage,
} as const satisfies Readonly<Record<string, Load>>;

/** Fetches the page of an address while it is still being found out who asks for it. */
export function preloadPage(pathname: string): void {
  const wanted = pathname.split("/");
  const fits = (pattern: string) => {
    const parts = pattern.split("/");
    return parts.length === wanted.length && parts.every((part, at) => part.startsWith(":") || part === wanted[at]);
  };
  const found = Object.entries<Load>(pageLoads).find(([pattern]) => fits(pattern));
  // Where it cannot be fetched, showing it says so.
  found?.[1]().catch(() => undefined);
}

/** Asks what the first page shows before anything can be drawn: its queries then find the answers, or wait for the same ones. */
export function askForPage(pathname: string, client: Client): void {
  if (pathname !== "/") return;
  for (const query of [FleetDocument, RunningJobsDocument]) void client.query(query, {}).toPromise();
}
