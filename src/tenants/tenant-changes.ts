import type { TenantChange } from "./tenant-store.ts";

/** Tells those who watch in this process of changes, after they were committed. A store calls it; it never throws and never waits. */
export interface TenantChanges {
  publish(change: TenantChange): void;
}
