import { DomainError, NotFound } from "../kit/domain-error.ts";
import type { ServerId } from "../kit/ids.ts";
import type { DatabaseServer } from "./database-server.ts";

/** No server can take a new tenant now. */
export class NoEligibleServer extends DomainError {
  readonly code = "NO_ELIGIBLE_SERVER";
  override readonly retryable = true;
}

/** What is asked of the server of new tenants. */
export interface ServerWish {
  /** Absent: any. */
  readonly serverId?: ServerId | undefined;
  /** How many tenants it is to take. */
  readonly tenants: number;
  /** Path of the input that names the server. */
  readonly field: readonly string[];
}

/**
 * The server for new tenants: online, with room, the emptiest first. Whoever is cordoned or out of reach gets none, also when
 * asked for by name: a tenant that nobody can provision helps nobody. @throws NotFound for an unknown id, NoEligibleServer
 */
export function chooseServer(
  servers: readonly DatabaseServer[],
  tenantCounts: ReadonlyMap<ServerId, number>,
  wish: ServerWish,
): DatabaseServer {
  const candidates = wish.serverId === undefined ? servers : servers.filter(({ id }) => id === wish.serverId);
  const countOf = (server: DatabaseServer) => tenantCounts.get(server.id) ?? 0;
  const refuse = (message: string): never => {
    throw new NoEligibleServer(message, wish.serverId === undefined ? {} : { field: wish.field });
  };
  if (wish.serverId !== undefined && candidates.length === 0) {
    throw new NotFound("There is no such database server.", { field: wish.field });
  }
  if (candidates.length === 0) refuse("There is no database server.");
  const online = candidates.filter(({ status }) => status === "ONLINE");
  if (online.length === 0) {
    const cordoned = candidates.every(({ status }) => status === "CORDONED");
    refuse(cordoned ? "The database server takes no new tenants." : "No database server is reachable now; try again.");
  }
  const roomy = online.filter((server) => countOf(server) + wish.tenants <= (server.maxTenants ?? Infinity));
  const [best] = roomy.toSorted((a, b) => countOf(a) - countOf(b));
  return best ?? refuse("No database server has room for that many tenants.");
}
