import { type IdKind, kindOf } from "./global-id.ts";

const names: ReadonlyMap<string | undefined, string> = new Map<IdKind, string>([
  ["tenant", "Tenant"],
  ["server", "DatabaseServer"],
  ["job", "Job"],
  ["run", "TestRun"],
  ["domain", "Domain"],
  ["key", "ApiKey"],
  ["audit", "AuditEntry"],
  ["schedule", "Schedule"],
]);

/** The name of the type of what an id of the API belongs to; undefined for what is no such id. */
export function nodeTypeName(id: string): string | undefined {
  return names.get(kindOf(id));
}
