import type { Origin } from "../kit/actor.ts";
import type { AuditEntryId } from "../kit/ids.ts";

/** Who did what to what, and how it ended. Append-only. */
export interface AuditEntry {
  readonly id: AuditEntryId;
  readonly at: Date;
  /** Name and id of the actor. */
  readonly actor: string;
  /** Name of the mutation, e.g. `createTenant`. */
  readonly action: string;
  /** Kind and id of what it was done to, e.g. `Tenant:0192…`. */
  readonly subject?: string | undefined;
  /** `OK`, or the code of the refusal. */
  readonly result: string;
  readonly requestId: string;
  /** A reason that the caller gave. Never a secret. */
  readonly note?: string | undefined;
}

/** What a store writes into the audit log, in the same transaction as the change. */
export interface AuditNote {
  readonly origin: Origin;
  readonly action: string;
  readonly subject?: string | undefined;
  readonly result: string;
  readonly note?: string | undefined;
}

/** The audit log, for what changes nothing in the registry itself: reveals and refusals. */
export interface AuditLog {
  append(note: AuditNote): Promise<void>;
}
