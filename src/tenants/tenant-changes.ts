import type { TenantId } from "../kit/ids.ts";
import type { TenantChange } from "./tenant-store.ts";

/** Tells those who watch in this process of changes, after they were committed. A store calls it; it never throws and never waits. */
export interface TenantChanges {
  publish(change: TenantChange): void;
  /** Rows were written without a change of their tenants: the time of a validation. Absent where nobody wants to know. */
  touched?(ids: readonly TenantId[]): void;
}

/** Tells one after the other. */
export function tellAll(...listeners: readonly TenantChanges[]): TenantChanges {
  return {
    publish: (change) => {
      for (const listener of listeners) listener.publish(change);
    },
    touched: (ids) => {
      for (const listener of listeners) listener.touched?.(ids);
    },
  };
}
