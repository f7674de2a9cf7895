import { Args, Ctx, Query, Resolver } from "type-graphql";
import { type ConnectionOf, connection, countedExactly } from "../connection.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { AuditLogArgs, toAuditFilter } from "./audit.input.ts";
import { AuditEntryConnectionType, type AuditEntryType, toAuditEntryType } from "./audit.type.ts";

@Resolver()
export class AuditResolver {
  @Query(() => AuditEntryConnectionType, {
    description: "Who did what, the newest first, refused attempts included. Needs ADMIN.",
  })
  auditLog(
    @Args(() => AuditLogArgs) args: AuditLogArgs,
    @Ctx() { services }: GraphqlContext,
  ): Promise<ConnectionOf<AuditEntryType>> {
    const filter = toAuditFilter(args.filter);
    return connection(
      args,
      (page) => services.audit.list(filter, page),
      () => services.audit.count(filter, countedExactly + 1),
      toAuditEntryType,
    );
  }
}
