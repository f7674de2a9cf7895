import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLObjectType, type GraphQLSchema } from "graphql";
import { demand, type Operation, roleFor } from "../access/roles.ts";
import type { GraphqlContext } from "./graphql-context.ts";

/** A root field that no role was given to: nobody decided who may use it. */
export class UnguardedField extends Error {
  override readonly name = "UnguardedField";
  constructor(operation: Operation) {
    super(`${operation} has no role in access/roles.ts.`);
  }
}

type Resolve = GraphQLFieldResolver<unknown, GraphqlContext>;

/**
 * Puts the role that the table of roles names before each root field, whatever transport it is asked over.
 * @throws UnguardedField
 */
export function guard(schema: GraphQLSchema): void {
  guardFields("Query", schema.getQueryType());
  guardFields("Mutation", schema.getMutationType());
  guardFields("Subscription", schema.getSubscriptionType());
}

function guardFields(root: "Query" | "Mutation" | "Subscription", type: GraphQLObjectType | null | undefined): void {
  for (const field of Object.values(type?.getFields() ?? {})) {
    const operation: Operation = `${root}.${field.name}`;
    // A subscription is guarded when it begins, not at each of its events.
    if (root === "Subscription") field.subscribe = guarded(operation, field.subscribe ?? defaultFieldResolver);
    else field.resolve = guarded(operation, field.resolve ?? defaultFieldResolver);
  }
}

function guarded(operation: Operation, resolve: Resolve): Resolve {
  const role = roleFor(operation);
  if (role === undefined) throw new UnguardedField(operation);
  return (source, args, context, info) => {
    demand(context.origin.actor, operation, role);
    return resolve(source, args, context, info);
  };
}
