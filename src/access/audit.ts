import type { Origin } from "../kit/actor.ts";
import type { AuditEntryId } from "../kit/ids.ts";
import type { Page, PageRequest } from "../kit/page.ts";

/** Who did what to what, and how it ended. Append-only. */
export interface AuditEntry {
  readonly id: AuditEntryId;
  readonly at: Date;
  readonly actorId: string;
  readonly actorName: string;
  /** Name of the mutation, e.g. `createTenant`. */
  readonly action: string;
  /** Kind and id of what it was done to, e.g. `Tenant:0192…`. */
  readonly subject?: string | undefined;
  /** `OK`, or the code of the refusal. */
  readonly result: string;
  readonly requestId: string;
  /** A reason that the caller gave, or why it was refused. Never a secret. */
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

/** A mutation that was refused, and what its caller is told. */
export interface RefusedMutation {
  readonly action: string;
  readonly subject?: string | undefined;
  readonly refusal: {
    readonly code: string;
    readonly message: string;
    /** Where in the input it stood, e.g. `["input", "slug"]`. */
    readonly field?: readonly string[] | undefined;
  };
}

/** Which entries are meant; what is left out does not narrow. */
export interface AuditFilter {
  /** Id of an actor, or the name of API keys. */
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  /** Any of these. */
  readonly subjects?: readonly string[] | undefined;
}

/** The audit log, for what changes nothing in the registry itself: reveals and refusals. */
export interface AuditLog {
  append(note: AuditNote): Promise<void>;
}

/** The audit log, as far as it is read. */
export interface AuditTrail {
  /** The newest first. @throws InvalidCursor */
  list(filter: AuditFilter, page: PageRequest): Promise<Page<AuditEntry>>;
  /** Exact up to `cap`, and `cap` beyond. */
  count(filter: AuditFilter, cap: number): Promise<number>;
  findMany(ids: readonly AuditEntryId[]): Promise<readonly AuditEntry[]>;
}
