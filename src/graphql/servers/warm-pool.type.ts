import { Field, Int, ObjectType } from "type-graphql";
import type { DatabaseServer } from "../../servers/database-server.ts";

@ObjectType("WarmPool", {
  description: "Ready-made databases that wait for a tenant.",
  simpleResolvers: true,
})
export class WarmPoolType {
  readonly server!: DatabaseServer;

  @Field(() => Int, { description: "How many are to be kept." })
  readonly target!: number;
}

/** A server's pool, as the API shows it. */
export function toWarmPoolType(server: DatabaseServer): WarmPoolType {
  return { server, target: server.warmPoolTarget };
}
