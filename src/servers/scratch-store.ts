import type { ServerId } from "../kit/ids.ts";

/** Something the service made for its own use on a tenant server: a database or account called `scratch…`. */
export interface ScratchObject {
  readonly name: string;
  readonly serverId: ServerId;
  /** A word for what it was made for, e.g. `folding`. */
  readonly purpose: string;
  readonly createdAt: Date;
}

/** What must be dropped again, remembered before it is made, so that a reaper finds it after a crash. Each method is one transaction. */
export interface ScratchStore {
  /** Remembering it twice is harmless. */
  remember(name: string, serverId: ServerId, purpose: string): Promise<void>;
  /** It is gone. */
  forget(name: string): Promise<void>;
  /** What was remembered before an instant; the oldest first, at most `limit`. */
  listOlderThan(before: Date, limit: number): Promise<readonly ScratchObject[]>;
}
