import type { TenantFilter, TenantStatus } from "../gql/graphql.ts";

export type BulkActionName = "MIGRATE" | "VALIDATE" | "REPAIR" | "TEST_CONNECTIONS" | "SEED";

/** Something that is done to many tenants by one job. */
export interface BulkAction {
  readonly name: BulkActionName;
  readonly label: string;
  /** What it does, as a sentence of the API. */
  readonly explanation: string;
  /** Whom it takes; left out: all that are not DELETED. */
  readonly statuses?: readonly TenantStatus[];
}

export const bulkActions: readonly BulkAction[] = [
  {
    name: "MIGRATE",
    label: "Migrate",
    explanation:
      "Brings ACTIVE and SUSPENDED tenants to the newest migration. Those that are there already are skipped without a connection.",
    statuses: ["ACTIVE", "SUSPENDED"],
  },
  {
    name: "VALIDATE",
    label: "Validate",
    explanation: "Looks at registry and servers, changes nothing. What differs becomes a finding.",
  },
  { name: "REPAIR", label: "Repair", explanation: "Makes true what validation found false." },
  {
    name: "TEST_CONNECTIONS",
    label: "Test connections",
    explanation: "Logs in to every tenant's database as the tenant, and says who could and how quickly.",
    statuses: ["ACTIVE"],
  },
  {
    name: "SEED",
    label: "Seed",
    explanation: "Runs the seed for ACTIVE and SUSPENDED tenants, once for each.",
    statuses: ["ACTIVE", "SUSPENDED"],
  },
];

/**
 * The filter that an action is sent with, and its preview asks with: the tenants that are meant, as far as the action takes
 * them. Undefined: it would touch nobody.
 */
export function scopeOf(action: BulkAction, meant: TenantFilter): TenantFilter | undefined {
  if (!action.statuses) return meant;
  const { statuses } = meant;
  const taken = statuses ? action.statuses.filter((status) => statuses.includes(status)) : action.statuses;
  return taken.length === 0 ? undefined : { ...meant, statuses: [...taken] };
}
