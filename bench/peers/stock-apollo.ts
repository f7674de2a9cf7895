import "reflect-metadata";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import DataLoader from "dataloader";
import { createPool, type Pool, type RowDataPacket } from "mysql2/promise";
import { Arg, buildSchema, Ctx, Field, FieldResolver, ID, Int, ObjectType, Query, Resolver, Root } from "type-graphql";

// Reads the tenants of a registry as one would with Apollo's standalone server and type-graphql as they come: one statement
// for a page, a DataLoader for its domains. Environment: REGISTRY_URL. Says "listening <url>".

interface Context {
  readonly pool: Pool;
  readonly domains: DataLoader<string, StockDomain[]>;
}

@ObjectType()
class StockDomain {
  @Field(() => ID) id!: string;
  @Field(() => String) hostname!: string;
  @Field(() => Boolean) isPrimary!: boolean;
  tenantId!: string;
}

@ObjectType()
class StockTenant {
  @Field(() => ID) id!: string;
  @Field(() => String) slug!: string;
  @Field(() => String) name!: string;
  @Field(() => String) status!: string;
  @Field(() => String, { nullable: true }) schemaVersion?: string;
  @Field(() => Date) createdAt!: Date;
}

@ObjectType()
class StockEdge {
  @Field(() => String) cursor!: string;
  @Field(() => StockTenant) node!: StockTenant;
}

@ObjectType()
class StockPageInfo {
  @Field(() => Boolean) hasNextPage!: boolean;
  @Field(() => String, { nullable: true }) endCursor?: string | undefined;
}

@ObjectType()
class StockConnection {
  @Field(() => [StockEdge]) edges!: StockEdge[];
  @Field(() => StockPageInfo) pageInfo!: StockPageInfo;
}

const columns = "t.id, t.slug, t.name, t.status, t.schema_version AS schemaVersion, t.created_at AS createdAt";

@Resolver(() => StockTenant)
class StockTenantResolver {
  @Query(() => StockConnection)
  async tenants(@Arg("first", () => Int) first: number, @Ctx() { pool }: Context): Promise<StockConnection> {
    const tenants = await rows<StockTenant>(
      pool,
      `SELECT ${columns} FROM tenants t WHERE t.status <> 'DELETED' ORDER BY t.created_at DESC, t.id DESC LIMIT ?`,
      [first + 1],
    );
    const edges = tenants
      .slice(0, first)
      .map((node) => ({ cursor: `${node.createdAt.toISOString()} ${node.id}`, node }));
    return { edges, pageInfo: { hasNextPage: tenants.length > first, endCursor: edges.at(-1)?.cursor } };
  }

  @Query(() => StockTenant, { nullable: true })
  async tenantByDomain(
    @Arg("hostname", () => String) hostname: string,
    @Ctx() { pool }: Context,
  ): Promise<StockTenant | undefined> {
    const [tenant] = await rows<StockTenant>(
      pool,
      `SELECT ${columns} FROM domains d JOIN tenants t ON t.id = d.tenant_id WHERE d.hostname = ?`,
      [hostname],
    );
    return tenant;
  }

  @FieldResolver(() => [StockDomain])
  domains(@Root() tenant: StockTenant, @Ctx() { domains }: Context): Promise<StockDomain[]> {
    return domains.load(tenant.id);
  }
}

async function rows<Row extends object>(pool: Pool, sql: string, values: readonly unknown[]): Promise<Row[]> {
  const [found] = await pool.query<(Row & RowDataPacket)[]>(sql, [...values]);
  return found;
}

function domainLoader(pool: Pool): DataLoader<string, StockDomain[]> {
  return new DataLoader(async (ids) => {
    const found = await rows<StockDomain>(
      pool,
      "SELECT id, tenant_id AS tenantId, hostname, is_primary = 1 AS isPrimary FROM domains WHERE tenant_id IN (?)",
      [ids],
    );
    return ids.map((id) => found.filter((domain) => domain.tenantId === id));
  });
}

const pool = createPool({ uri: process.env.REGISTRY_URL ?? "", connectionLimit: 10, timezone: "Z" });
const schema = await buildSchema({ resolvers: [StockTenantResolver] });
const server = new ApolloServer<Context>({ schema });
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: "127.0.0.1" },
  context: () => Promise.resolve({ pool, domains: domainLoader(pool) }),
});
process.stdout.write(`listening ${url}\n`);
