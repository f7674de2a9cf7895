import { v7 } from "uuid";

declare const brand: unique symbol;
/** A string that only its own kind of id may be assigned to. */
export type Id<Kind extends string> = string & { readonly [brand]: Kind };

export type TenantId = Id<"Tenant">;
export type DomainId = Id<"Domain">;
export type ServerId = Id<"DatabaseServer">;
/** A test run's id is the id of its job. */
export type JobId = Id<"Job">;
export type ApiKeyId = Id<"ApiKey">;
export type AuditEntryId = Id<"AuditEntry">;
export type ScheduleId = Id<"Schedule">;

/** Makes ids; handed in so that tests can foresee them. */
export interface Ids {
  /** A new id, sortable by the time it was made. */
  next<Kind extends string>(): Id<Kind>;
}

/** UUIDv7: 36 characters, lower case, time-ordered. */
export const uuidv7Ids: Ids = {
  next: <Kind extends string>() => v7() as Id<Kind>,
};
