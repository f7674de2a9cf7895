import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Severity } from "../gql/graphql.ts";
import { sayCount } from "../parts/say.ts";
import { StatusBadge } from "../parts/status-badge.tsx";
import { severities } from "./finding-words.ts";

interface OpenFindingsProps {
  readonly tenant: { readonly id: string; readonly findings: readonly { readonly severity: Severity }[] };
  /** Says only how many, with the mark of the worst: for a column. */
  readonly short?: boolean;
  /** What stands where nothing is found wrong. */
  readonly none?: ReactNode;
}

/**
 * How many findings of a tenant are open and how bad the worst of them is; leads to them. Stands beside its status and rating,
 * which say nothing of it: who answers quickly may still lack a right or a table.
 */
export function OpenFindings({ tenant, short = false, none = "–" }: OpenFindingsProps) {
  const worst = severities.find((each) => tenant.findings.some(({ severity }) => severity === each));
  if (!worst) return none;
  const label = `${sayCount(tenant.findings.length, "open finding")}, the worst ${worst}`;
  return (
    <Link className="link" href={`/findings?tenant=${encodeURIComponent(tenant.id)}`} aria-label={label} title={label}>
      <StatusBadge status={worst} count={tenant.findings.length} short={short} />
    </Link>
  );
}
