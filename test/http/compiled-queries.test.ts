import fc from "fast-check";
import {
  type ExecutionResult,
  execute,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  getNamedType,
  getOperationAST,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  parse,
  validate,
} from "graphql";
import { describe, expect, it } from "vitest";
import { buildApiSchema } from "../../src/graphql/schema.ts";
import { isCompilable } from "../../src/http/execution/compilable.ts";
import { CompiledQueries } from "../../src/http/execution/compiled-queries.ts";

/** The real schema; each field answers by its type and where it stands, the same each time it is asked. */
function dreamedSchema() {
  const schema = buildApiSchema();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) field.resolve = dreamed(type.name, field);
  }
  return schema;
}

/**
 * How fields answer: at once or later, with failures or without. Where failures at once meet others that come later, graphql
 * itself leaves rejections to nobody.
 */
type Manner = "AT_ONCE" | "LATER" | "MIXED_WITHOUT_FAILURES";

interface Dream {
  readonly seed: number;
  readonly manner: Manner;
}

function dreamed(typeName: string, field: GraphQLField<unknown, unknown>): GraphQLFieldResolver<unknown, Dream> {
  return (source, args, { seed: dream, manner }) => {
    const given = Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1));
    const seed = hash(JSON.stringify([source ?? null, typeName, field.name, given]), dream);
    const answer = () => (manner === "MIXED_WITHOUT_FAILURES" ? valueFor(field.type, seed) : moody(field, seed));
    const later = manner === "LATER" || (manner === "MIXED_WITHOUT_FAILURES" && seed % 2 === 0);
    return later ? Promise.resolve().then(answer) : answer();
  };
}

function moody(field: GraphQLField<unknown, unknown>, seed: number): unknown {
  const mood = seed % 25;
  if (mood === 0) throw new Error(`${field.name} failed`);
  if (mood === 1) return null;
  if (mood === 2) return new Error(`${field.name} is an error`);
  return valueFor(field.type, seed);
}

function valueFor(type: unknown, seed: number): unknown {
  if (isNonNullType(type)) return valueFor(type.ofType, seed);
  if (isListType(type)) return Array.from({ length: seed % 4 }, (_, at) => valueFor(type.ofType, hash(`${at}`, seed)));
  if (isEnumType(type)) return type.getValues()[seed % type.getValues().length]?.value;
  if (isScalarType(type)) return scalarOf(type.name, seed);
  return { seed };
}

function scalarOf(name: string, seed: number): unknown {
  if (name === "Int") return seed % 1000;
  if (name === "Float") return seed / 7;
  if (name === "Boolean") return seed % 2 === 0;
  if (name === "DateTime") return new Date(seed);
  return `${name}-${seed}`;
}

function hash(text: string, start = 7): number {
  let sum = start;
  for (let at = 0; at < text.length; at += 1) sum = (Math.imul(sum, 31) + text.charCodeAt(at)) & 0x7fff_ffff;
  return sum;
}

const schema = dreamedSchema();
const root = schema.getQueryType() as GraphQLObjectType;

/** What a query is made of; `pick` chooses among what there is. */
interface Written {
  readonly variables: string[];
  readonly values: Record<string, unknown>;
}

function writeSet(type: GraphQLObjectType, depth: number, pick: () => number, written: Written): string {
  const fields = Object.values(type.getFields()).filter(({ type: of }) => isWritable(getNamedType(of), depth));
  const count = 1 + (pick() % 4);
  const parts = Array.from({ length: count }, (_, at) => {
    const field = fields[pick() % fields.length];
    if (!field || pick() % 12 === 0) return `t${at}: __typename`;
    const named = getNamedType(field.type);
    const inner = isObjectType(named) ? ` { ${writeSet(named, depth - 1, pick, written)} }` : "";
    const one = `a${pick() % 1000}: ${field.name}${writeArguments(field.args, pick, written)}${inner}`;
    return pick() % 8 === 0 ? `... on ${type.name} { ${one} }` : one;
  });
  return parts.join(" ");
}

function isWritable(type: unknown, depth: number): boolean {
  return isScalarType(type) || isEnumType(type) || (isObjectType(type) && depth > 1);
}

function writeArguments(args: readonly GraphQLArgument[], pick: () => number, written: Written): string {
  const parts = args.flatMap((arg) => {
    const named = getNamedType(arg.type);
    if (!isNonNullType(arg.type) && pick() % 2 === 0) return [];
    if (isEnumType(named)) {
      const [value] = named.getValues();
      return value ? [`${arg.name}: ${isListType(arg.type) ? `[${value.name}]` : value.name}`] : [];
    }
    if (!isScalarType(named) || isListType(arg.type)) return [];
    const name = `v${written.variables.length}`;
    const preset = named.name === "Int" && !isNonNullType(arg.type) && pick() % 3 === 0 ? " = 7" : "";
    written.variables.push(`$${name}: ${arg.type}${preset}`);
    if (isNonNullType(arg.type) || pick() % 3 > 0) written.values[name] = scalarOf(named.name, pick());
    else if (pick() % 2 === 0) written.values[name] = null;
    return [`${arg.name}: $${name}`];
  });
  return parts.length > 0 ? `(${parts.join(", ")})` : "";
}

function writeQuery(numbers: readonly number[]): { readonly text: string; readonly values: Record<string, unknown> } {
  let at = 0;
  const pick = () => {
    at += 1;
    return numbers[at % numbers.length] ?? 0;
  };
  const written: Written = { variables: [], values: {} };
  const set = writeSet(root, 5, pick, written);
  const head = written.variables.length > 0 ? `(${written.variables.join(", ")})` : "";
  return { text: `query Asked${head} { ${set} }`, values: written.values };
}

/**
 * As a client sees it. Of several failures that make the same part null only one needs to be told of, and which one came first
 * is chance: so they are told by the part that is null because of them.
 */
function seen({ data, errors = [] }: ExecutionResult): unknown {
  const plain: unknown = JSON.parse(JSON.stringify(data));
  const nulls = errors.map(({ path = [] }) => JSON.stringify(nullOn(path, plain)));
  return { data: plain, nulls: [...new Set(nulls)].sort() };
}

/** The part of a path that leads to what is null. */
function nullOn(path: readonly (string | number)[], data: unknown): readonly (string | number)[] {
  const [next, ...rest] = path;
  if (data === null || data === undefined) return [];
  if (next === undefined) return ["not null"];
  return [next, ...nullOn(rest, Reflect.get(Object(data), next))];
}

async function both(text: string, values: Record<string, unknown>, dream: Dream) {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document, null);
  if (!operation) throw new TypeError(text);
  const queries = new CompiledQueries(schema);
  for (let use = 1; use <= 2; use += 1) expect(queries.run(document, operation, dream, values)).toBeUndefined();
  const compiled = await queries.run(document, operation, dream, values);
  const interpreted = await execute({ schema, document, contextValue: dream, variableValues: values });
  return { compiled, interpreted };
}

describe("compiled queries", () => {
  it("answer what graphql answers, whatever is asked and whatever fails on the way", async () => {
    let compiledRuns = 0;
    const numbers = fc.array(fc.nat(100_000), { minLength: 60, maxLength: 200 });
    const manners = fc.constantFrom<Manner>("AT_ONCE", "LATER", "MIXED_WITHOUT_FAILURES");
    await fc.assert(
      fc.asyncProperty(numbers, fc.nat(1_000_000), manners, async (picks, seed, manner) => {
        const { text, values } = writeQuery(picks);
        if (validate(schema, parse(text)).length > 0) return;
        const { compiled, interpreted } = await both(text, values, { seed, manner });
        if (!compiled) return;
        compiledRuns += 1;
        expect(seen(compiled)).toEqual(seen(interpreted));
      }),
      { numRuns: 250 },
    );
    expect(compiledRuns).toBeGreaterThan(100);
  });
});

/** Whether it is compiled, and validates at all. */
function compilable(text: string): boolean {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document, null);
  return operation !== null && operation !== undefined && isCompilable(schema, document, operation);
}

describe("a query is left to graphql", () => {
  it.each([
    ["a mutation", "mutation ($id: ID!) { cancelJob(input: { id: $id }) { job { id } } }"],
    ["what asks for an interface", "query ($id: ID!) { node(id: $id) { id } }"],
    ["a fragment on an interface", "{ tenants { nodes { ... on Node { id } } } }"],
    ["introspection", "{ __schema { queryType { name } } }"],
    ["a directive", "query ($yes: Boolean!) { viewer { id name @include(if: $yes) } }"],
    ["an input object as variable", "query ($filter: TenantFilter) { tenants(filter: $filter) { nodes { id } } }"],
    [
      "an enum as variable",
      "query ($status: TenantStatus!) { tenants(filter: { statuses: [$status] }) { nodes { id } } }",
    ],
    ["a name that is not one's own", "{ viewer { __proto__: id } }"],
    [
      "a variable with a name that every object has",
      "query ($constructor: String) { auditLog(after: $constructor) { nodes { id } } }",
    ],
    ["a text in the document", '{ tenantBySlug(slug: "acme") { id } }'],
    ["a text as default", 'query ($slug: String! = "acme") { tenantBySlug(slug: $slug) { id } }'],
    ["a text deep in the document", '{ tenants(filter: { slugs: ["acme"] }) { nodes { id } } }'],
  ])("for %s", (_what, text) => {
    expect(compilable(text)).toBe(false);
  });

  it("where its fragments make it larger than is worth compiling", () => {
    const fields = Array.from({ length: 10 }, () => "...F").join(" ");
    const parts = Array.from({ length: 60 }, (_, at) => `a${at}: id`).join(" ");
    expect(compilable(`{ viewer { ${fields} } } fragment F on Viewer { ${parts} }`)).toBe(false);
    expect(compilable(`{ viewer { ...F } } fragment F on Viewer { ${parts} }`)).toBe(true);
  });
});
