import { InvalidInput } from "../kit/domain-error.ts";
import type { ServerStore } from "../servers/database-server.ts";
import { isOpen, refuseUnknown, scopeFilter } from "../tenants/tenant-scope.ts";
import type { TenantFilter, TenantStore } from "../tenants/tenant-store.ts";
import { tested } from "./test-scope.ts";

/** Says before a test is entered whether its filter means anybody. */
export class ScopeCheck {
  constructor(
    private readonly tenants: Pick<TenantStore, "findMany" | "scan" | "count">,
    private readonly servers: Pick<ServerStore, "findMany">,
  ) {}

  /** @returns how many tenants match, ten thousand and one at most @throws NotFound, InvalidInput when a name is unknown or nothing matches */
  async check(filter: TenantFilter): Promise<number> {
    await refuseUnknown(this.tenants, this.servers, filter);
    const matching = await this.tenants.count(scopeFilter(filter, tested), 10_001);
    if (matching === 0) {
      const message = isOpen(filter) ? "There is no active tenant to test." : "No tenant that can be tested matches.";
      throw new InvalidInput(message, { field: ["input", "filter"] });
    }
    return matching;
  }
}
