import { type GraphQLSchema, isInterfaceType } from "graphql";
import { type IdKind, kindOf } from "./global-id.ts";
import type { NodeType } from "./node.type.ts";
import { resultTypeNames, type TestResultType } from "./test-runs/test-result.type.ts";

const nodeTypeNames: ReadonlyMap<string | undefined, string> = new Map<IdKind, string>([
  ["tenant", "Tenant"],
  ["server", "DatabaseServer"],
  ["job", "Job"],
  ["run", "TestRun"],
  ["domain", "Domain"],
  ["key", "ApiKey"],
  ["audit", "AuditEntry"],
]);

/**
 * Tells the interfaces of the schema which type a plain object is of. type-graphql's own way needs instances of classes
 * and answers with a promise, which costs a turn per object.
 */
export function resolveTypesOf(schema: GraphQLSchema): void {
  setResolver(schema, "Node", (node: NodeType) => nodeTypeNames.get(kindOf(node.id)));
  setResolver(schema, "TestResult", (result: TestResultType) => resultTypeNames[result.kind]);
}

function setResolver<Value>(schema: GraphQLSchema, name: string, typeOf: (value: Value) => string | undefined): void {
  const type = schema.getType(name);
  if (isInterfaceType(type)) type.resolveType = typeOf;
}
