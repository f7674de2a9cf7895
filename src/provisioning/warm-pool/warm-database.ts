import type { ServerId, TenantId } from "../../kit/ids.ts";
import type { SealedSecret } from "../../kit/secret-box.ts";

/** FILLING: being made, or brought to another schema. READY: may be claimed. REAPING: nobody gets it any more. */
export type WarmState = "FILLING" | "READY" | "REAPING";

/** A name and a credential that were set aside for a tenant to come, before anything is made of them. */
export interface ReservedDatabase {
  /** The id that the tenant will have. */
  readonly tenantId: TenantId;
  readonly serverId: ServerId;
  readonly databaseName: string;
  /** Sealed for its place in the tenant's row. */
  readonly password: SealedSecret;
}

/** A database of the pool. */
export interface WarmDatabase extends ReservedDatabase {
  readonly state: WarmState;
  /** Tag of the newest migration applied. */
  readonly schemaVersion?: string | undefined;
  /** Over all migrations applied. */
  readonly schemaChecksum?: string | undefined;
  readonly createdAt: Date;
}
