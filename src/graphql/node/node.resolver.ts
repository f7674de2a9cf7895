import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { roleForType } from "../../access/roles.ts";
import { toApiKeyType } from "../access/api-key.type.ts";
import { toAuditEntryType } from "../access/audit.type.ts";
import { kindOf, parseGlobalId } from "../global-id.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { refuse } from "../guard.ts";
import { toJobType } from "../jobs/job.type.ts";
import type { Loaders } from "../loaders.ts";
import { NodeType } from "../node.type.ts";
import { nodeTypeName } from "../node-types.ts";
import { toScheduleType } from "../schedules/schedule.type.ts";
import { toDatabaseServerType } from "../servers/database-server.type.ts";
import { toDomainType } from "../tenants/domain.type.ts";
import { toTenantType } from "../tenants/tenant.type.ts";
import { toTestRunType } from "../test-runs/test-run.type.ts";

type Find = (id: string, loaders: Loaders) => Promise<NodeType | undefined>;

/** How each kind of thing is found by its id. */
const finders: ReadonlyMap<string | undefined, Find> = new Map<string, Find>([
  ["tenant", async (id, { tenant }) => found(toTenantType, await load(tenant, parseGlobalId("tenant", id)))],
  ["server", async (id, { server }) => found(toDatabaseServerType, await load(server, parseGlobalId("server", id)))],
  ["job", async (id, { job }) => found(toJobType, await load(job, parseGlobalId("job", id)))],
  ["run", async (id, { testRun }) => found(toTestRunType, await load(testRun, parseGlobalId("run", id)))],
  ["schedule", async (id, { schedule }) => found(toScheduleType, await load(schedule, parseGlobalId("schedule", id)))],
  ["domain", async (id, { domain }) => found(toDomainType, await load(domain, parseGlobalId("domain", id)))],
  ["key", async (id, { apiKey }) => found(toApiKeyType, await load(apiKey, parseGlobalId("key", id)))],
  ["audit", async (id, { auditEntry }) => found(toAuditEntryType, await load(auditEntry, parseGlobalId("audit", id)))],
]);

@Resolver()
export class NodeResolver {
  @Query(() => NodeType, {
    nullable: true,
    description:
      "Whatever has this id: a tenant, a domain, a server, a job, a test run, a schedule, an API key or an audit entry; the last two need ADMIN. Null where there is nothing.",
  })
  async node(
    @Arg("id", () => ID, { description: "An id of the API." }) id: string,
    @Ctx() context: GraphqlContext,
  ): Promise<NodeType | undefined> {
    const type = nodeTypeName(id);
    // Before anything is looked up: whether there is such a thing is not everybody's business either.
    if (type) await refuse(type, roleForType(type), "node", context);
    return finders.get(kindOf(id))?.(id, context.loaders);
  }
}

interface Loader<Key, Row> {
  load(key: Key): Promise<Row | undefined>;
}

async function load<Key, Row>(loader: Loader<Key, Row>, key: Key | undefined): Promise<Row | undefined> {
  return key === undefined ? undefined : loader.load(key);
}

function found<Row>(map: (row: Row) => NodeType, row: Row | undefined): NodeType | undefined {
  return row === undefined ? undefined : map(row);
}
