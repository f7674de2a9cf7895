import type { ServerId } from "../../kit/ids.ts";
import type { BudgetLimit, TestBudget } from "../test-run.ts";
import type { PerformanceTestOptions } from "./performance-test-options.ts";

/** Users at work at once that any run may have: what a service that has other things to do can drive without measuring itself. */
export const mostUsers = 64;

/** Sessions of one tenant at once: a fifth of what its account may hold, because its application goes on. */
export const mostSessionsPerTenant = 10;

/** Tenants that a run takes of a fleet without test tenants when nobody says how many. */
export const fewTenants = 5;

/**
 * What of the wish fits into the budget, before any tenant is known.
 * @param maxOperations the hard limit of one run
 */
export function budgetOf(options: PerformanceTestOptions, maxOperations: number): TestBudget {
  const requestedOperations = options.maxUsers * options.operationsPerUser;
  const plannedOperations = Math.min(requestedOperations, maxOperations);
  const limitedBy: BudgetLimit[] = [];
  if (plannedOperations < requestedOperations) limitedBy.push("MAX_OPERATIONS");
  if (options.maxUsers > mostUsers) limitedBy.push("MAX_USERS");
  return {
    requestedOperations,
    maxOperations,
    plannedOperations,
    maxConcurrency: Math.min(options.maxUsers, mostUsers, plannedOperations),
    limitedBy,
  };
}

/** How many tenants a run takes of those in scope. @param open nobody said which tenants, and none of them is for testing */
export function tenantsWanted(options: PerformanceTestOptions, users: number, open: boolean): number {
  return Math.min(users, options.maxTenants ?? (open ? fewTenants : users));
}

/** Sessions for each tenant, in the tenants' order; 0: there is no place left on its server. */
export interface SessionShares {
  readonly sessions: readonly number[];
  /** Whether connections made it fewer than there are users. */
  readonly cut: boolean;
}

/**
 * Deals users out to tenants, one each in turn, as long as the tenant's server has places.
 * @param placesOn connections that a run may hold on a server at once
 */
export function shareSessions(
  users: number,
  tenants: readonly { readonly serverId: ServerId }[],
  placesOn: (serverId: ServerId) => number,
): SessionShares {
  const sessions = tenants.map(() => 0);
  const places = new Map(tenants.map(({ serverId }) => [serverId, placesOn(serverId)]));
  let dealt = 0;
  for (let round = 0; round < mostSessionsPerTenant; round += 1) {
    for (const [at, { serverId }] of tenants.entries()) {
      const left = places.get(serverId) ?? 0;
      if (dealt === users || left === 0) continue;
      places.set(serverId, left - 1);
      sessions[at] = round + 1;
      dealt += 1;
    }
  }
  return { sessions, cut: dealt < users };
}

/** Adds a limit once, in the order in which limits met. */
export function limited(budget: TestBudget, ...by: readonly BudgetLimit[]): TestBudget {
  return { ...budget, limitedBy: [...new Set([...budget.limitedBy, ...by])] };
}
