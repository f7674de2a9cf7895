import {
  IconAlertTriangle,
  IconCalendarTime,
  IconDatabase,
  IconFlask,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconListCheck,
} from "@tabler/icons-react";
import { type ComponentType, lazy } from "react";
import type { Role } from "../gql/graphql.ts";

export interface Page {
  /** A pattern of wouter. */
  readonly path: string;
  /** What the navigation calls it; a page without one is reached from another. */
  readonly label?: string;
  readonly icon?: ComponentType<{ readonly size?: number }>;
  /** Who may see it. */
  readonly role: Role;
  readonly component: ComponentType;
  /** Fetches what the component needs before it is looked at. */
  preload(): Promise<unknown>;
}

/**
 * Every page, in the order of the navigation. Each is loaded when it is first looked at. The service answers with the dashboard
 * where a path begins with one of `dashboardPages` in `src/http/http-server.ts`.
 */
export const pages: readonly Page[] = [
  {
    path: "/",
    label: "Fleet",
    icon: IconLayoutDashboard,
    role: "VIEWER",
    ...loaded(async () => ({ default: (await import("../fleet/fleet-page.tsx")).FleetPage })),
  },
  {
    path: "/tenants",
    label: "Tenants",
    icon: IconDatabase,
    role: "VIEWER",
    ...loaded(async () => ({ default: (await import("../tenants/tenants-page.tsx")).TenantsPage })),
  },
  {
    path: "/tenants/:slug",
    role: "VIEWER",
    ...loaded(async () => ({ default: (await import("../tenant/tenant-page.tsx")).TenantPage })),
  },
  {
    path: "/test-runs",
    label: "Test runs",
    icon: IconFlask,
    role: "VIEWER",
    ...loaded(async () => ({ default: (await import("../test-runs/test-runs-page.tsx")).TestRunsPage })),
  },
  {
    path: "/test-runs/:id",
    role: "VIEWER",
    ...loaded(async () => ({ default: (await import("../test-runs/run-page.tsx")).RunPage })),
  },
  {
    path: "/test-runs/:id/compare/:base",
    role: "VIEWER",
    ...loaded(async () => ({ default: (await import("../test-runs/compare-page.tsx")).ComparePage })),
  },
  {
    path: "/jobs",
    label: "Jobs",
    icon: IconListCheck,
    role: "VIEWER",
    ...loaded(async () => ({ default: (await import("../jobs/jobs-page.tsx")).JobsPage })),
  },
  {
    path: "/jobs/:id",
    role: "VIEWER",
    ...loaded(async () => ({ default: (await import("../jobs/job-page.tsx")).JobPage })),
  },
  {
    path: "/findings",
    label: "Findings",
    icon: IconAlertTriangle,
    role: "VIEWER",
    ...loaded(async () => ({ default: (await import("../findings/findings-page.tsx")).FindingsPage })),
  },
  {
    path: "/schedules",
    label: "Schedules",
    icon: IconCalendarTime,
    role: "VIEWER",
    ...loaded(async () => ({ default: (await import("../schedules/schedules-page.tsx")).SchedulesPage })),
  },
  {
    path: "/audit",
    label: "Audit",
    icon: IconHistory,
    role: "ADMIN",
    ...loaded(async () => ({ default: (await import("../access/audit-page.tsx")).AuditPage })),
  },
  {
    path: "/keys",
    label: "Keys",
    icon: IconKey,
    role: "ADMIN",
    ...loaded(async () => ({ default: (await import("../access/keys-page.tsx")).KeysPage })),
  },
];

/** Fetches the page of an address while it is still being found out who asks for it. */
export function preloadPage(pathname: string): void {
  const wanted = pathname.split("/");
  const fits = ({ path }: Page) =>
    path.split("/").length === wanted.length &&
    path.split("/").every((part, at) => part.startsWith(":") || part === wanted[at]);
  // Where it cannot be fetched, showing it says so.
  pages
    .find(fits)
    ?.preload()
    .catch(() => undefined);
}

function loaded(load: () => Promise<{ default: ComponentType }>): Pick<Page, "component" | "preload"> {
  return { component: lazy(load), preload: load };
}
