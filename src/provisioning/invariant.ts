import type { TenantId } from "../kit/ids.ts";
import type { Secret } from "../kit/secret.ts";
import type { Finding, FindingKind } from "./finding.ts";
import type { ServerSnapshot } from "./server-snapshot.ts";
import type { TenantServer } from "./tenant-server.ts";

/** What must be of a tenant on its server. */
export interface ExpectedTenant {
  readonly id: TenantId;
  readonly databaseName: string;
  readonly password: Secret;
  /** It was never ACTIVE: an empty database under its name has lost nothing. */
  readonly isNew: boolean;
  /** It is SUSPENDED: its account is to be locked. */
  readonly locked?: boolean;
}

/** One fact that must hold of a tenant on its server. */
export interface Invariant {
  readonly name: string;
  readonly kinds: readonly FindingKind[];
  /** Pure: what differs between what must be and what the snapshot of the whole server shows. */
  judge(tenant: ExpectedTenant, seen: ServerSnapshot): readonly Finding[];
  /**
   * Makes it true. Doing it twice is harmless. Without a snapshot everything is ensured, which for a fresh tenant is quicker
   * than to look first; with one, also what is too much is taken away. @throws ServerTrouble, and refusals of its own
   */
  ensure(tenant: ExpectedTenant, server: TenantServer, seen?: ServerSnapshot): Promise<void>;
}
