import type { Tenant } from "../../tenants/tenant.ts";
import type { Finding } from "../finding.ts";
import type { ExpectedTenant } from "../invariant.ts";
import { judgeAll } from "../invariants.ts";
import { codeFindings } from "./code-findings.ts";
import { schemaFindings } from "./schema-findings.ts";
import type { SchemaSight } from "./schema-inspector.ts";
import type { ServerSurvey } from "./server-survey.ts";

/** All that is known of one tenant and was seen of it. */
export interface TenantSight {
  readonly tenant: Pick<Tenant, "slug" | "databaseName" | "status" | "schemaVersion">;
  readonly expected: ExpectedTenant;
  readonly survey: ServerSurvey;
  /** Absent where there is no database, or it is not the tenant's. */
  readonly schema?: SchemaSight | undefined;
  /** Tag of the newest migration of the folder. */
  readonly latest?: string | undefined;
}

/** A tenant whose work stopped; nothing is said of what is there of it. Undefined: it can be judged. */
export function stalledWork(tenant: Tenant): Finding | undefined {
  const { status, slug: object, statusReason } = tenant;
  const base = { kind: "STALLED", severity: "WARNING", object } as const;
  const idle = `The tenant is ${status}, and no job is at it.`;
  if (status === "DELETING") return { ...base, message: idle };
  if (!wasNeverReady(tenant)) return undefined;
  if (status === "PROVISIONING") return { ...base, message: idle, remedy: "RESUME" };
  const message = "The tenant's provisioning failed, and nobody has taken it up again.";
  return { ...base, message, actual: statusReason, remedy: "RESUME" };
}

/** Whether the tenant never came to the end of its provisioning: then nothing of it can have been lost. */
export function wasNeverReady({ status, schemaVersion }: Tenant): boolean {
  return status === "PROVISIONING" || (status === "FAILED" && schemaVersion === undefined);
}

/** Pure: everything that differs between what must be of a tenant and what was seen. */
export function judgeTenant(sight: TenantSight): readonly Finding[] {
  const { tenant, expected, survey, schema, latest } = sight;
  const onServer = judgeAll(expected, survey.snapshot);
  const inside = schema ? schemaFindings(tenant.databaseName, schema, latest) : [];
  const contents = schema && survey.contents.get(tenant.databaseName);
  const found = [...onServer, ...inside, ...(contents ? codeFindings(contents) : [])];
  return [...found, ...statusFindings(sight, found)];
}

/** What the registry says of the tenant, and is not so. */
function statusFindings({ tenant, schema }: TenantSight, found: readonly Finding[]): readonly Finding[] {
  const base = { kind: "STATUS_INCONSISTENT", severity: "WARNING", object: tenant.slug } as const;
  const findings: Finding[] = [];
  if (tenant.status === "FAILED" && found.every(({ remedy }) => remedy !== undefined)) {
    const message = "The tenant is FAILED, but nothing is wrong with it that could not be put right.";
    findings.push({ ...base, message, expected: "ACTIVE", actual: "FAILED", remedy: "STATUS" });
  }
  const reading = schema?.reading;
  const untold = !reading || reading.pending.length > 0 || reading.tampered.length > 0 || reading.ahead.length > 0;
  if (!untold && reading.version !== tenant.schemaVersion) {
    const message = "The registry has another schema version than the database.";
    const versions = { expected: reading.version ?? "none", actual: tenant.schemaVersion ?? "none" };
    findings.push({ ...base, message, ...versions, remedy: "VERSION" });
  }
  return findings;
}
