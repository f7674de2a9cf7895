import {
  type GraphQLField,
  type GraphQLFieldResolver,
  GraphQLID,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isNonNullType,
} from "graphql";
import { fromSubjectId } from "./access/audit-ids.ts";
import { kindOf } from "./global-id.ts";
import type { GraphqlContext } from "./graphql-context.ts";
import type { UserErrorType } from "./user-error.type.ts";

type Resolve = GraphQLFieldResolver<unknown, GraphqlContext>;

/**
 * A mutation whose refusals, those that its payload tells of as `userErrors`, are in the audit log before its caller hears of
 * them. What was done is written down by whoever does it, in the same transaction.
 */
export function audited(mutation: GraphQLField<unknown, GraphqlContext>, resolve: Resolve): Resolve {
  const idField = idFieldOf(mutation);
  return async (source, args, context, info) => {
    const payload: unknown = await resolve(source, args, context, info);
    const refusal = refusalIn(payload);
    if (refusal) {
      const subject = idField === undefined ? undefined : subjectIn(args.input, idField);
      await context.services.audit.refused({ action: mutation.name, subject, refusal }, context.origin);
    }
    return payload;
  };
}

/** The field of a mutation's input that says what it is done to: `id`, or the one id that must be given. */
function idFieldOf({ args }: GraphQLField<unknown, GraphqlContext>): string | undefined {
  const input = getNamedType(args.find(({ name }) => name === "input")?.type);
  if (!isInputObjectType(input)) return undefined;
  const ids = Object.values(input.getFields()).filter(({ type }) => getNullableType(type) === GraphQLID);
  return ids.find(({ name, type }) => name === "id" || isNonNullType(type))?.name;
}

function subjectIn(input: unknown, field: string): string | undefined {
  const id: unknown = isRecord(input) ? Reflect.get(input, field) : undefined;
  return typeof id === "string" && kindOf(id) !== undefined ? fromSubjectId(id)[0] : undefined;
}

function refusalIn(payload: unknown): UserErrorType | undefined {
  const errors: unknown = isRecord(payload) ? Reflect.get(payload, "userErrors") : undefined;
  return Array.isArray(errors) ? errors.find(isUserError) : undefined;
}

function isUserError(value: unknown): value is UserErrorType {
  return isRecord(value) && typeof Reflect.get(value, "code") === "string";
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
