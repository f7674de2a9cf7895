import type { Origin } from "../kit/actor.ts";
import type { AuditEntryId } from "../kit/ids.ts";
import type { Page, PageRequest } from "../kit/page.ts";
import type { AuditEntry, AuditFilter, AuditLog, AuditTrail } from "./audit.ts";

/** What the edges may ask about who did what. */
export class AuditService {
  constructor(
    private readonly log: AuditLog,
    private readonly trail: AuditTrail,
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
    return this.log.append({ origin, action, result: "FORBIDDEN" });
  }
}
