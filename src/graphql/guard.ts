import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from "graphql";
import { demand, Forbidden, type Operation, roleFor, roleForType } from "../access/roles.ts";
import type { Role } from "../kit/actor.ts";
import type { GraphqlContext } from "./graphql-context.ts";
import { audited } from "./refused-mutation.ts";

/** A root field that no role was given to: nobody decided who may use it. */
export class UnguardedField extends Error {
  override readonly name = "UnguardedField";
  constructor(operation: string) {
    super(`${operation} has no role in access/roles.ts.`);
  }
}

type Resolve = GraphQLFieldResolver<unknown, GraphqlContext>;

/**
 * Puts the role that the table of roles names before each root field, whatever transport it is asked over, and before
 * each field of the types that it keeps for few: they stay closed by whatever way somebody comes to them.
 * @throws UnguardedField
 */
export function guard(schema: GraphQLSchema): void {
  for (const root of ["Query", "Mutation", "Subscription"] as const) guardRoot(schema, root);
  for (const type of Object.values(schema.getTypeMap())) {
    const role = isObjectType(type) ? roleForType(type.name) : "VIEWER";
    if (!isObjectType(type) || role === "VIEWER") continue;
    for (const field of Object.values(type.getFields())) {
      const resolve: Resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (source, args, context: GraphqlContext, info) => {
        demand(context.origin.actor, type.name, role);
        return resolve(source, args, context, info);
      };
    }
  }
}

function guardRoot(schema: GraphQLSchema, root: "Query" | "Mutation" | "Subscription"): void {
  const type = schema.getType(root);
  if (!isObjectType(type)) return;
  for (const field of Object.values(type.getFields())) {
    const operation: Operation = `${root}.${field.name}`;
    const role = roleFor(operation);
    if (role === undefined) throw new UnguardedField(operation);
    // A subscription is guarded when it begins, not at each of its events.
    if (root === "Subscription") field.subscribe = guarded(operation, role, field.subscribe ?? defaultFieldResolver);
    else {
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = guarded(operation, role, root === "Mutation" ? audited(field, resolve) : resolve);
    }
  }
}

function guarded(operation: Operation, role: Role, resolve: Resolve): Resolve {
  return (source, args, context, info) => {
    const refused = refuse(operation, role, info.fieldName, context);
    return refused ?? resolve(source, args, context, info);
  };
}

/**
 * Refuses a caller whose role is below the one that is needed; the attempt is written down before.
 * @param action name of the field that was asked for @returns a promise that rejects with Forbidden; undefined for who may
 */
export function refuse(
  operation: string,
  role: Role,
  action: string,
  context: GraphqlContext,
): Promise<never> | undefined {
  const { origin, services } = context;
  try {
    demand(origin.actor, operation, role);
    return undefined;
  } catch (error) {
    if (!(error instanceof Forbidden)) throw error;
    return services.audit.denied(action, origin).then(() => Promise.reject(error));
  }
}
