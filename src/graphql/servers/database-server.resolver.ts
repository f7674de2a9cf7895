import { Ctx, FieldResolver, Int, Query, Resolver, Root } from "type-graphql";
import type { GraphqlContext } from "../graphql-context.ts";
import { DatabaseServerType, toDatabaseServerType } from "./database-server.type.ts";

@Resolver(() => DatabaseServerType)
export class DatabaseServerResolver {
  @Query(() => [DatabaseServerType], { description: "Every server that holds tenant databases." })
  async databaseServers(@Ctx() { services }: GraphqlContext): Promise<DatabaseServerType[]> {
    return (await services.servers.list()).map(toDatabaseServerType);
  }

  @FieldResolver(() => Int, { description: "Tenants on it that are not DELETED." })
  tenantCount(@Root() { server }: DatabaseServerType, @Ctx() { loaders }: GraphqlContext): Promise<number> {
    return loaders.tenantCount.load(server.id);
  }
}
