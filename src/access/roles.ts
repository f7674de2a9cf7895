import type { Actor, Role } from "../kit/actor.ts";
import { DomainError } from "../kit/domain-error.ts";

/** The caller is known, but its role does not allow what it asked for. */
export class Forbidden extends DomainError {
  readonly code = "FORBIDDEN";
  constructor(
    readonly operation: string,
    readonly needed: Role,
  ) {
    super(`"${operation}" needs the role ${needed}.`);
  }
}

/** A root field of the API, e.g. `Mutation.createTenant`. */
export type Operation = `${"Query" | "Mutation" | "Subscription"}.${string}`;

const rank: Readonly<Record<Role, number>> = { VIEWER: 0, OPERATOR: 1, ADMIN: 2 };

/** The least role that may use each root field. A field that is missing here cannot be served. */
const needed: Readonly<Record<Operation, Role>> = {
  "Query.node": "VIEWER",
  "Query.viewer": "VIEWER",
  "Query.tenant": "VIEWER",
  "Query.tenantBySlug": "VIEWER",
  "Query.tenantByDomain": "VIEWER",
  "Query.tenants": "VIEWER",
  "Query.databaseServers": "VIEWER",
  "Query.fleet": "VIEWER",
  "Query.job": "VIEWER",
  "Query.jobs": "VIEWER",
  "Query.testRun": "VIEWER",
  "Query.testRuns": "VIEWER",
  "Query.metrics": "VIEWER",
  "Mutation.createTenant": "OPERATOR",
  "Mutation.createTenants": "OPERATOR",
  "Mutation.createTestTenants": "OPERATOR",
  "Mutation.updateTenant": "OPERATOR",
  "Mutation.addTenantDomain": "OPERATOR",
  "Mutation.removeTenantDomain": "OPERATOR",
  "Mutation.retryTenant": "OPERATOR",
  "Mutation.suspendTenant": "OPERATOR",
  "Mutation.resumeTenant": "OPERATOR",
  "Mutation.rotateTenantCredentials": "OPERATOR",
  "Mutation.deleteTenant": "ADMIN",
  "Mutation.migrateTenants": "OPERATOR",
  "Mutation.seedTenants": "OPERATOR",
  "Mutation.revealTenantConnection": "ADMIN",
  "Mutation.startConnectionTest": "OPERATOR",
  "Mutation.startIsolationTest": "OPERATOR",
  "Mutation.cancelJob": "OPERATOR",
  "Mutation.retryJob": "OPERATOR",
  "Subscription.jobProgress": "VIEWER",
  "Subscription.testRunProgress": "VIEWER",
  "Subscription.tenantChanged": "VIEWER",
  "Subscription.metrics": "VIEWER",
};

/** The least role for a root field; undefined: nobody may use it, because nobody decided who may. */
export function roleFor(operation: Operation): Role | undefined {
  return needed[operation];
}

/** @throws Forbidden when the actor's role is below the one that is needed */
export function demand(actor: Actor, operation: Operation, role: Role): void {
  if (rank[actor.role] < rank[role]) throw new Forbidden(operation, role);
}
