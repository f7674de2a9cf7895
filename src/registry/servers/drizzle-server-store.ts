import { and, eq, inArray, ne, sql } from "drizzle-orm";
import type { ServerId } from "../../kit/ids.ts";
import type { DatabaseServer, ServerStore } from "../../servers/database-server.ts";
import type { RegistryDatabase } from "../database.ts";
import { BatchLookup } from "../paging/batch-lookup.ts";
import { servers } from "../tables/servers.ts";
import { tenants } from "../tables/tenants.ts";

type ServerRow = typeof servers.$inferSelect;

/** Database servers in the registry. */
export class DrizzleServerStore implements ServerStore {
  readonly #byId: BatchLookup<ServerId, ServerRow>;
  readonly #counts: BatchLookup<ServerId, { readonly serverId: ServerId; readonly count: number }>;

  constructor(private readonly db: RegistryDatabase) {
    this.#byId = new BatchLookup((keys) =>
      db.orm
        .select()
        .from(servers)
        .where(inArray(servers.id, [...keys]))
        .prepare(),
    );
    this.#counts = new BatchLookup((keys) =>
      db.orm
        .select({ serverId: tenants.serverId, count: sql<number>`count(*)` })
        .from(tenants)
        .where(and(inArray(tenants.serverId, [...keys]), ne(tenants.status, "DELETED")))
        .groupBy(tenants.serverId)
        .prepare(),
    );
  }

  list(): Promise<readonly DatabaseServer[]> {
    return this.db.read(async (orm) => (await orm.select().from(servers).orderBy(servers.name)).map(toServer));
  }

  async findMany(ids: readonly ServerId[]): Promise<readonly DatabaseServer[]> {
    return (await this.db.read(() => this.#byId.rows(ids))).map(toServer);
  }

  ensure(server: DatabaseServer): Promise<DatabaseServer> {
    return this.db.transaction(async (tx) => {
      const { host, port, engine, version } = server;
      await tx
        .insert(servers)
        .values(server)
        .onDuplicateKeyUpdate({ set: { host, port, engine, ...(version === undefined ? {} : { version }) } });
      const [row] = await tx.select().from(servers).where(eq(servers.name, server.name));
      return row ? toServer(row) : server;
    });
  }

  async observe(
    id: ServerId,
    seen: { readonly status: "ONLINE" | "UNREACHABLE"; readonly version?: string | undefined; readonly at: Date },
  ): Promise<void> {
    const { status, version, at } = seen;
    await this.db.transaction((tx) =>
      tx
        .update(servers)
        .set({
          // That a server was set aside stays so, whatever is seen of it.
          status: sql`if(${servers.status} = 'CORDONED', ${servers.status}, ${status})`,
          ...(version === undefined ? {} : { version }),
          ...(status === "ONLINE" ? { lastContactAt: at } : {}),
        })
        .where(eq(servers.id, id)),
    );
  }

  async tenantCounts(ids: readonly ServerId[]): Promise<ReadonlyMap<ServerId, number>> {
    const rows = await this.db.read(() => this.#counts.rows(ids));
    const found = new Map(rows.map((row) => [row.serverId, Number(row.count)]));
    return new Map(ids.map((id) => [id, found.get(id) ?? 0]));
  }
}

function toServer(row: ServerRow): DatabaseServer {
  return {
    ...row,
    version: row.version ?? undefined,
    maxTenants: row.maxTenants ?? undefined,
    lastContactAt: row.lastContactAt ?? undefined,
  };
}
