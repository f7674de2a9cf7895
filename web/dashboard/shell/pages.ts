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
import { FleetPage } from "../fleet/fleet-page.tsx";
import type { Role } from "../gql/graphql.ts";
import { pageLoads } from "./page-loads.ts";

export interface Page {
  /** A pattern of wouter. */
  readonly path: string;
  /** What the navigation calls it; a page without one is reached from another. */
  readonly label?: string;
  readonly icon?: ComponentType<{ readonly size?: number }>;
  /** Who may see it. */
  readonly role: Role;
  readonly component: ComponentType;
}

/**
 * Every page, in the order of the navigation. The first is loaded with the dashboard: it is what most visits begin with, and
 * its parts are those of the others. Each other is loaded when it is first looked at (`page-loads.ts`). The service answers
 * with the dashboard where a path begins with one of `dashboardPages` in `src/http/http-server.ts`.
 */
export const pages: readonly Page[] = [
  {
    path: "/",
    label: "Fleet",
    icon: IconLayoutDashboard,
    role: "VIEWER",
    component: FleetPage,
  },
  {
    path: "/tenants",
    label: "Tenants",
    icon: IconDatabase,
    role: "VIEWER",
    component: loaded("/tenants"),
  },
  {
    path: "/tenants/:slug",
    role: "VIEWER",
    component: loaded("/tenants/:slug"),
  },
  {
    path: "/test-runs",
    label: "Test runs",
    icon: IconFlask,
    role: "VIEWER",
    component: loaded("/test-runs"),
  },
  {
    path: "/test-runs/:id",
    role: "VIEWER",
    component: loaded("/test-runs/:id"),
  },
  {
    path: "/test-runs/:id/compare/:base",
    role: "VIEWER",
    component: loaded("/test-runs/:id/compare/:base"),
  },
  {
    path: "/jobs",
    label: "Jobs",
    icon: IconListCheck,
    role: "VIEWER",
    component: loaded("/jobs"),
  },
  {
    path: "/jobs/:id",
    role: "VIEWER",
    component: loaded("/jobs/:id"),
  },
  {
    path: "/findings",
    label: "Findings",
    icon: IconAlertTriangle,
    role: "VIEWER",
    component: loaded("/findings"),
  },
  {
    path: "/schedules",
    label: "Schedules",
    icon: IconCalendarTime,
    role: "VIEWER",
    component: loaded("/schedules"),
  },
  {
    path: "/audit",
    label: "Audit",
    icon: IconHistory,
    role: "ADMIN",
    component: loaded("/audit"),
  },
  {
    path: "/keys",
    label: "Keys",
    icon: IconKey,
    role: "ADMIN",
    component: loaded("/keys"),
  },
];

function loaded(path: keyof typeof pageLoads): ComponentType {
  return lazy(async () => ({ default: await pageLoads[path]() }));
}
