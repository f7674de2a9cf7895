import type { TestWish } from "./test-wish.ts";

/** What the service does when nobody says otherwise, by its documentation. */
const usual = { maxUsers: 10, operationsPerUser: 25, durationSeconds: 10, maxOperations: 1_500 } as const;
const usersAtOnce = 64;
const usersOfOneTenant = 10;
const fewTenants = 5;

/** What a performance test would come to, before anybody has asked the service. */
export interface BudgetPreview {
  readonly requestedOperations: number;
  readonly plannedOperations: number;
  readonly maxOperations: number;
  readonly tenants: number;
  readonly usersAtOnce: number;
  readonly operationsPerSecond: number;
  readonly limitedBy: readonly string[];
}

/** How many tenants there are to choose from. */
export interface Scope {
  /** ACTIVE ones that match. */
  readonly matching: number;
  /** Nobody said which, and none carries the label `test=true`. */
  readonly open: boolean;
}

/**
 * The service's own reckoning, done before it is asked. How many connections a server has to spare is known to the service
 * alone, so the plan may come out smaller.
 * @param knownMaxOperations the limit of the last run, which the service told
 */
export function budgetPreview(wish: TestWish, scope: Scope, knownMaxOperations?: number): BudgetPreview {
  const { maxUsers = usual.maxUsers, operationsPerUser = usual.operationsPerUser } = wish;
  const maxOperations = knownMaxOperations ?? usual.maxOperations;
  const requestedOperations = maxUsers * operationsPerUser;
  const plannedOperations = Math.min(requestedOperations, maxOperations);
  const users = Math.min(maxUsers, usersAtOnce, plannedOperations);
  const wanted = Math.min(users, wish.maxTenants ?? (scope.open ? fewTenants : users));
  const tenants = Math.min(scope.matching, wanted);
  const limitedBy = [
    ...(plannedOperations < requestedOperations ? ["MAX_OPERATIONS"] : []),
    ...(maxUsers > usersAtOnce ? ["MAX_USERS"] : []),
    ...(tenants < scope.matching ? ["MAX_TENANTS"] : []),
  ];
  return {
    requestedOperations,
    plannedOperations,
    maxOperations,
    tenants,
    usersAtOnce: Math.min(users, tenants * usersOfOneTenant),
    operationsPerSecond: plannedOperations / (wish.durationSeconds ?? usual.durationSeconds),
    limitedBy,
  };
}
