import { Field, Int, ObjectType } from "type-graphql";
import type { TenantConnection } from "../../tenants/tenant-input.ts";

@ObjectType("ConnectionConfig", {
  description: "How an application reaches a tenant's database: what a base configuration becomes for this tenant.",
  simpleResolvers: true,
})
export class ConnectionConfigType {
  @Field(() => String, { description: "Where the server listens." })
  readonly host!: string;

  @Field(() => Int, { description: "Where the server listens." })
  readonly port!: number;

  @Field(() => String, { description: "The tenant's database." })
  readonly database!: string;

  @Field(() => String, { description: "The tenant's account." })
  readonly username!: string;

  @Field(() => String, { description: "The account's password." })
  readonly password!: string;

  @Field(() => String, { description: "All of it as one URL, password included." })
  readonly url!: string;
}

/** The connection, as the API shows it: the one place where its secrets leave the service. */
export function toConnectionConfigType(connection: TenantConnection): ConnectionConfigType {
  const { host, port, database, username, password, url } = connection;
  return { host, port, database, username, password: password.reveal(), url: url.reveal() };
}
