import { InvalidInput } from "../kit/domain-error.ts";
import type { ServerStore } from "../servers/database-server.ts";
import { parseTenantFilter } from "../tenants/tenant-filter.ts";
import { isOpen, refuseUnknown, scopeFilter } from "../tenants/tenant-scope.ts";
import type { TenantFilter, TenantStore } from "../tenants/tenant-store.ts";
import { tested } from "./test-scope.ts";

/** Whom a test will mean. */
export interface CheckedScope {
  /** As the run keeps it. */
  readonly filter: TenantFilter;
  /** How many tenants it means, ten thousand and one at most. */
  readonly matching: number;
}

/** Says before a test is entered whether its filter means anybody. */
export class ScopeCheck {
  constructor(
    private readonly tenants: Pick<TenantStore, "findMany" | "scan" | "count">,
    private readonly servers: Pick<ServerStore, "findMany">,
  ) {}

  /** @throws NotFound, InvalidInput when a rule of filters is broken, a name is unknown or nothing matches */
  async check(wanted: TenantFilter): Promise<CheckedScope> {
    const field = ["input", "filter"];
    const filter = parseTenantFilter(wanted, field);
    await refuseUnknown(this.tenants, this.servers, filter);
    const matching = await this.tenants.count(scopeFilter(filter, tested), 10_001);
    if (matching === 0) {
      const message = isOpen(filter) ? "There is no active tenant to test." : "No tenant that can be tested matches.";
      throw new InvalidInput(message, { field });
    }
    return { filter, matching };
  }
}
