import { type GraphQLSchema, isInterfaceType } from "graphql";
import type { NodeType } from "./node.type.ts";
import { nodeTypeName } from "./node-types.ts";
import { resultTypeNames, type TestResultType } from "./test-runs/test-result.type.ts";

/**
 * Tells the interfaces of the schema which type a plain object is of. type-graphql's own way needs instances of classes
 * and answers with a promise, which costs a turn per object.
 */
export function resolveTypesOf(schema: GraphQLSchema): void {
  setResolver(schema, "Node", (node: NodeType) => nodeTypeName(node.id));
  setResolver(schema, "TestResult", (result: TestResultType) => resultTypeNames[result.kind]);
}

function setResolver<Value>(schema: GraphQLSchema, name: string, typeOf: (value: Value) => string | undefined): void {
  const type = schema.getType(name);
  if (isInterfaceType(type)) type.resolveType = typeOf;
}
