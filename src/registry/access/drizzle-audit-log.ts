import type { AuditLog, AuditNote } from "../../access/audit.ts";
import type { Clock } from "../../kit/clock.ts";
import type { Ids } from "../../kit/ids.ts";
import type { RegistryDatabase } from "../database.ts";
import { writeAudit } from "./audit-rows.ts";

/** The audit log in the registry. */
export class DrizzleAuditLog implements AuditLog {
  constructor(
    private readonly db: RegistryDatabase,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  append(note: AuditNote): Promise<void> {
    return this.db.transaction((tx) => writeAudit(tx, this.ids, this.clock.now(), [note]));
  }
}
