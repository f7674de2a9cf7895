import type { DomainId, ServerId, TenantId } from "../kit/ids.ts";

export const tenantStatuses = ["PROVISIONING", "ACTIVE", "SUSPENDED", "FAILED", "DELETING", "DELETED"] as const;
export type TenantStatus = (typeof tenantStatuses)[number];

/** A customer, and the one database that holds its data. */
export interface Tenant {
  readonly id: TenantId;
  readonly slug: string;
  readonly name: string;
  readonly status: TenantStatus;
  /** Code, colon, sentence: `SERVER_UNREACHABLE: The database server did not answer.` */
  readonly statusReason?: string | undefined;
  readonly serverId: ServerId;
  /** Name of the database and of its only account. */
  readonly databaseName: string;
  /** Tag of the newest migration applied. */
  readonly schemaVersion?: string | undefined;
  /** Over all migrations applied; absent: not known. Equal to the folder's: there is nothing to apply. */
  readonly schemaChecksum?: string | undefined;
  /** Whether the seed was asked for at creation. */
  readonly seed: boolean;
  readonly validatedAt?: Date | undefined;
  /** Grows by one with each change of the row. */
  readonly generation: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly deletedAt?: Date | undefined;
}

export interface Domain {
  readonly id: DomainId;
  readonly tenantId: TenantId;
  /** Lower-case ASCII. */
  readonly hostname: string;
  readonly isPrimary: boolean;
  readonly createdAt: Date;
}

export interface Label {
  readonly key: string;
  readonly value: string;
}

export type Rating = "EXCELLENT" | "GOOD" | "FAIR" | "SLOW" | "CRITICAL";

/** What the last connection check saw. */
export interface TenantHealth {
  readonly tenantId: TenantId;
  readonly reachable: boolean;
  readonly latencyMs?: number | undefined;
  readonly rating?: Rating | undefined;
  readonly errorCode?: string | undefined;
  readonly checkedAt: Date;
}
