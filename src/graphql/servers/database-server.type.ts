import { Field, Int, ObjectType } from "type-graphql";
import type { DatabaseEngine, DatabaseServer, ServerStatus } from "../../servers/database-server.ts";
import { DateTime } from "../date-time.ts";
import { globalId } from "../global-id.ts";
import { graphqlEnum } from "../graphql-enum.ts";
import { NodeType } from "../node.type.ts";

const DatabaseEngineEnum = graphqlEnum<DatabaseEngine>("DatabaseEngine", "What kind of server it is.", {
  MARIADB: "MariaDB.",
  MYSQL: "MySQL.",
});

const ServerStatusEnum = graphqlEnum<ServerStatus>(
  "ServerStatus",
  "What the last contact with a server showed. CORDONED and maxTenants are reserved for fleets of several servers.",
  {
    ONLINE: "It answers.",
    UNREACHABLE: "It does not answer; nothing is known of its tenants.",
    CORDONED: "It takes no new tenants.",
  },
);

@ObjectType("DatabaseServer", {
  description: "A MySQL-protocol server that holds tenant databases.",
  implements: NodeType,
  simpleResolvers: true,
})
export class DatabaseServerType extends NodeType {
  readonly server!: DatabaseServer;

  @Field(() => String, { description: "Unique among servers." })
  readonly name!: string;

  @Field(() => DatabaseEngineEnum, { description: "What kind of server it is." })
  readonly engine!: DatabaseEngine;

  @Field(() => String, { nullable: true, description: "As the server says it." })
  readonly version?: string | undefined;

  @Field(() => String, { description: "Where it listens." })
  readonly host!: string;

  @Field(() => Int, { description: "Where it listens." })
  readonly port!: number;

  @Field(() => ServerStatusEnum, { description: "What the last contact showed." })
  readonly status!: ServerStatus;

  @Field(() => DateTime, { nullable: true, description: "When it answered last; null: never." })
  readonly lastContactAt?: Date | undefined;

  @Field(() => Int, { nullable: true, description: "How many tenants it may hold; null: no limit." })
  readonly maxTenants?: number | undefined;
}

/** A server, as the API shows it. */
export function toDatabaseServerType(server: DatabaseServer): DatabaseServerType {
  const { name, engine, version, host, port, status, lastContactAt, maxTenants } = server;
  return {
    id: globalId("server", server.id),
    server,
    name,
    engine,
    version,
    host,
    port,
    status,
    lastContactAt,
    maxTenants,
  };
}
