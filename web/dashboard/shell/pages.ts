import { IconLayoutDashboard } from "@tabler/icons-react";
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
    component: lazy(async () => ({ default: (await import("../fleet/fleet-page.tsx")).FleetPage })),
  },
];
