import type { Origin } from "../kit/actor.ts";
import type { AuditEntryId } from "../kit/ids.ts";
import type { Page, PageRequest } from "../kit/page.ts";
import type { AuditEntry, AuditFilter, AuditTrail, RefusedMutation } from "./audit.ts";
import type { RefusedAttempts } from "./refused-attempts.ts";

/** What the edges may ask about who did what. */
export class AuditService {
  constructor(
    private readonly trail: AuditTrail,
    private readonly attempts: Pick<RefusedAttempts, "note">,
  ) {}

  /** The newest first. @throws InvalidCursor */
  list(filter: AuditFilter, page: PageRequest): Promise<Page<AuditEntry>> {
    return this.trail.list(filter, page);
  }

  /** Exact up to `cap`, and `cap` beyond. */
  count(filter: AuditFilter, cap: number): Promise<number> {
    return this.trail.count(filter, cap);
  }

  findMany(ids: readonly AuditEntryId[]): Promise<readonly AuditEntry[]> {
    return this.trail.findMany(ids);
  }

  /** Writes down that somebody asked for what its role forbids. */
  denied(action: string, origin: Origin): Promise<void> {
    return this.attempts.note({ origin, action, result: "FORBIDDEN" });
  }

  /** Writes down that a mutation was refused, and why. */
  refused({ action, subject, refusal }: RefusedMutation, origin: Origin): Promise<void> {
    const { code: result, message, field } = refusal;
    // What breaks a rule may be anything, a password in the wrong field too: only where it stood is kept.
    const note = result === "INVALID" ? field?.join(".") : message;
    return this.attempts.note({ origin, action, subject, result, note });
  }
}
