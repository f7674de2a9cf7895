import type { Actor, Role } from "../kit/actor.ts";
import { DomainError } from "../kit/domain-error.ts";

/** The caller is known, but its role does not allow what it asked for. */
export class Forbidden extends DomainError {
  readonly code = "FORBIDDEN";
  constructor(
    /** A root field like `Mutation.createTenant`, or a type. */
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
  "Query.findings": "VIEWER",
  "Query.testRun": "VIEWER",
  "Query.testRuns": "VIEWER",
  "Query.compareTestRuns": "VIEWER",
  "Query.metrics": "VIEWER",
  "Query.schedule": "VIEWER",
  "Query.schedules": "VIEWER",
  "Query.apiKeys": "ADMIN",
  "Query.auditLog": "ADMIN",
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
  "Mutation.deleteTenant": "OPERATOR",
  "Mutation.migrateTenants": "OPERATOR",
  "Mutation.seedTenants": "OPERATOR",
  "Mutation.revealTenantConnection": "ADMIN",
  "Mutation.validateTenants": "OPERATOR",
  "Mutation.repairTenants": "OPERATOR",
  "Mutation.startConnectionTest": "OPERATOR",
  "Mutation.startIsolationTest": "OPERATOR",
  "Mutation.startPerformanceTest": "OPERATOR",
  "Mutation.setTestBaseline": "OPERATOR",
  "Mutation.upsertSchedule": "OPERATOR",
  "Mutation.deleteSchedule": "OPERATOR",
  "Mutation.setWarmPoolTarget": "ADMIN",
  "Mutation.cancelJob": "OPERATOR",
  "Mutation.retryJob": "OPERATOR",
  "Mutation.createApiKey": "ADMIN",
  "Mutation.revokeApiKey": "ADMIN",
  "Mutation.reencryptSecrets": "ADMIN",
  "Subscription.jobProgress": "VIEWER",
  "Subscription.testRunProgress": "VIEWER",
  "Subscription.tenantChanged": "VIEWER",
  "Subscription.metrics": "VIEWER",
};

/** Types that not everybody may see, by whatever way they are reached, `node` included. All others: VIEWER. */
const neededForType: Readonly<Record<string, Role>> = {
  ApiKey: "ADMIN",
  ApiKeyPayload: "ADMIN",
  AuditEntry: "ADMIN",
  AuditEntryConnection: "ADMIN",
  AuditEntryEdge: "ADMIN",
  ConnectionConfig: "ADMIN",
  ConnectionConfigPayload: "ADMIN",
};

/** The least role for a root field; undefined: nobody may use it, because nobody decided who may. */
export function roleFor(operation: Operation): Role | undefined {
  return needed[operation];
}

/** Mutations that write a row or two. All others may start work on servers. */
const lightMutations: ReadonlySet<string> = new Set<Operation>([
  "Mutation.updateTenant",
  "Mutation.addTenantDomain",
  "Mutation.removeTenantDomain",
  "Mutation.revealTenantConnection",
  "Mutation.cancelJob",
  "Mutation.setTestBaseline",
  "Mutation.upsertSchedule",
  "Mutation.deleteSchedule",
  "Mutation.createApiKey",
  "Mutation.revokeApiKey",
]);

/** What a reader of the documentation learns of the roles. */
export interface RoleInfo {
  /** A root field like `Mutation.createTenant`, or the name of a type. */
  readonly name: string;
  readonly role: Role;
  /** Points of the rate limit, for a mutation. */
  readonly points?: number;
}

/** Every root field, then every type that not everybody may see, each with the least role that may use it. */
export function describeRoles(): readonly RoleInfo[] {
  const isMutation = (operation: string): operation is `Mutation.${string}` => operation.startsWith("Mutation.");
  return [...Object.entries(needed), ...Object.entries(neededForType)].map(([name, role]) => ({
    name,
    role,
    ...(isMutation(name) && { points: weightOf(name) }),
  }));
}

/** What a mutation costs in points of the rate limit. */
export function weightOf(operation: Operation): number {
  return lightMutations.has(operation) ? 1 : 5;
}

/** The least role that may see any field of a type. */
export function roleForType(type: string): Role {
  return (Object.hasOwn(neededForType, type) ? neededForType[type] : undefined) ?? "VIEWER";
}

/** @throws Forbidden when the actor's role is below the one that is needed */
export function demand(actor: Actor, operation: string, role: Role): void {
  if (rank[actor.role] < rank[role]) throw new Forbidden(operation, role);
}
