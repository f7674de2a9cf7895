import type { ServerId, TenantId } from "../kit/ids.ts";
import type { Secret } from "../kit/secret.ts";
import type { Label } from "./tenant.ts";

/** What a new tenant is to be, as a caller says it. */
export interface CreateTenant {
  readonly slug: string;
  readonly name: string;
  readonly domains?: readonly string[] | undefined;
  readonly labels?: readonly Label[] | undefined;
  readonly serverId?: ServerId | undefined;
  /** Run the tenant seed after the migrations. */
  readonly seed?: boolean | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** 1..1000 tenants, all or none entered. The entries' own keys must be absent. */
export interface CreateTenants {
  readonly tenants: readonly CreateTenant[];
  readonly idempotencyKey?: string | undefined;
}

/** 1..1000 throw-away tenants with numbered slugs. */
export interface CreateTestTenants {
  readonly count: number;
  readonly slugPrefix?: string | undefined;
  readonly seed?: boolean | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** A wish to see how a tenant's database is reached. */
export interface RevealTenant {
  readonly id: TenantId;
  /** At most 500 characters, for the audit log. */
  readonly reason?: string | undefined;
}

/** How an application reaches a tenant's database. */
export interface TenantConnection {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: Secret;
  /** `mysql://username:password@host:port/database` */
  readonly url: Secret;
}
