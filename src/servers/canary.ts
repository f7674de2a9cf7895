/** Table of an isolation run's canary row in a tenant's database, for as long as the run needs it. */
export const canaryTable = "tenantry_canary";

/** Comment of a canary table, by which one that an earlier run has left is told from anything else of that name. */
export const canaryComment = "tenantry isolation run";

/** Whatever an attempt managed to make, in whichever database: a table, view, routine, trigger or event. */
export const canaryMade = "tenantry_canary_made";

/** Name that nothing ever has: to be dropped or renamed by those who must not get that far. */
export const canaryNone = "tenantry_canary_none";

/** A view that a run plants in a database of its own. */
export const canaryView = "tenantry_canary_view";

/** The name by which a canary in this database is remembered. */
export function canaryIn(databaseName: string): string {
  return `${databaseName}.${canaryTable}`;
}
