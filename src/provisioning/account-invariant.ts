import { tenantAccountHost, tenantMaxUserConnections } from "../servers/account-recipe.ts";
import { nativePasswordHash } from "../tenants/credentials.ts";
import type { Finding } from "./finding.ts";
import type { ExpectedTenant, Invariant } from "./invariant.ts";
import type { AccountSeen } from "./server-snapshot.ts";

const remedy = "ACCOUNT";

/** There is one account of the tenant's name, that of any host; it takes the stored password, is limited, and not locked. */
export const accountInvariant: Invariant = {
  name: "account",
  kinds: [
    "MISSING_USER",
    "MISSING_GRANTS",
    "CREDENTIALS_MISMATCH",
    "ACCOUNT_LOCKED",
    "STATUS_INCONSISTENT",
    "EXCESS_GRANTS",
    "ORPHAN_USER",
  ],

  judge(tenant, seen) {
    const rows = seen.accounts.get(tenant.databaseName) ?? [];
    const own = rows.find(({ host }) => host === tenantAccountHost);
    const others = rows.filter((row) => row !== own);
    return [...(own ? judgeOwn(tenant, own) : [missing(tenant)]), ...others.map((row) => shadow(tenant, row))];
  },

  async ensure({ databaseName, password, locked }, server) {
    await server.setAccount(databaseName, password, locked);
  },
};

function judgeOwn(
  { databaseName: object, password, locked = false }: ExpectedTenant,
  own: AccountSeen,
): readonly Finding[] {
  const findings: Finding[] = [];
  if (own.passwordHash !== nativePasswordHash(password)) {
    const message =
      "The account does not take the stored password, or it has expired, or there is another way to log in.";
    findings.push({ kind: "CREDENTIALS_MISMATCH", severity: "CRITICAL", object, message, remedy });
  }
  if (own.locked && !locked) {
    findings.push({ kind: "ACCOUNT_LOCKED", severity: "CRITICAL", object, message: "The account is locked.", remedy });
  }
  if (!own.locked && locked) {
    const message = "The tenant is SUSPENDED, but its account is not locked.";
    findings.push({ kind: "STATUS_INCONSISTENT", severity: "CRITICAL", object, message, remedy });
  }
  if (own.maxUserConnections !== tenantMaxUserConnections) {
    findings.push({
      kind: "EXCESS_GRANTS",
      severity: "WARNING",
      object,
      message: "The account has another limit of connections.",
      expected: String(tenantMaxUserConnections),
      actual: own.maxUserConnections === 0 ? "unlimited" : String(own.maxUserConnections),
      remedy,
    });
  }
  return [...findings, ...judgeConditions(object, own)];
}

/** What else keeps an application out. TLS somebody has asked for on purpose: that is told, and not taken away. */
function judgeConditions(object: string, { otherLimits, tls }: AccountSeen): readonly Finding[] {
  const findings: Finding[] = [];
  if (otherLimits !== undefined) {
    const message = "The account has limits that a tenant's account does not have.";
    const base = { kind: "MISSING_GRANTS", severity: "WARNING" } as const;
    findings.push({ ...base, object, message, expected: "none", actual: otherLimits, remedy });
  }
  if (tls !== undefined) {
    const message = "The account takes the stored password by TLS alone.";
    const base = { kind: "CREDENTIALS_MISMATCH", severity: "WARNING" } as const;
    findings.push({ ...base, object, message, expected: "REQUIRE NONE", actual: tls });
  }
  return findings;
}

function missing({ databaseName: object }: ExpectedTenant): Finding {
  return { kind: "MISSING_USER", severity: "CRITICAL", object, message: "The account does not exist.", remedy };
}

/** A row with a more exact host wins at log-in, with a password and rights of its own. */
function shadow({ databaseName }: ExpectedTenant, { host }: AccountSeen): Finding {
  const message = "Another account of the tenant's name exists, which wins over the tenant's own where it matches.";
  return { kind: "ORPHAN_USER", severity: "CRITICAL", object: `${databaseName}@${host}`, message };
}
