import fc from "fast-check";
import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";

/** What a client might send. */
export interface RandomOperation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

type Gen = fc.GeneratorValue;

const texts = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.constantFrom(
    "",
    "acme",
    "a".repeat(300),
    "a'; DROP TABLE tenants; --",
    "%_\\",
    "\u0000",
    "\ud800",
    "__proto__",
    "💧",
    "-1",
  ),
);
const kinds = ["tenant", "job", "run", "server", "domain", "key", "audit", "nothing"];
const ids = fc.oneof(
  texts,
  fc.tuple(fc.constantFrom(...kinds), fc.uuid()).map(([kind, uuid]) => `${kind}_${uuid}`),
);
const wholes = fc.constantFrom(-1, 0, 1, 2, 3, 100, 101, 2_147_483_647, -2_147_483_648);
const numbers = fc.oneof(wholes, fc.double());
const instants = fc.constantFrom("2020-01-01T00:00:00Z", "2999-12-31T23:59:59.999Z", "now", "9999-99-99T00:00:00Z", "");

// The generator tells its draws apart by these functions.
const anyWhole = () => wholes;
const anyNumber = () => numbers;
const anyInstant = () => instants;
const anyId = () => ids;
const anyText = () => texts;

/** Makes operations that fit a schema, for the most part. */
export class OperationMaker {
  readonly #variables: { readonly declaration: string; readonly name: string; readonly value: unknown }[] = [];

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly gen: Gen,
  ) {}

  make(kind: "query" | "mutation"): RandomOperation {
    const root = kind === "query" ? this.schema.getQueryType() : this.schema.getMutationType();
    if (!root) throw new TypeError(`The schema has no ${kind}.`);
    const body = this.#selection(root, 4, kind === "mutation" ? 1 : 3);
    const declared = this.#variables.map(({ declaration }) => declaration).join(", ");
    const variables = Object.fromEntries(this.#variables.map(({ name, value }) => [name, value]));
    return { query: `${kind}${declared ? `(${declared})` : ""} ${body}`, variables };
  }

  #selection(type: GraphQLNamedType, depth: number, most: number): string {
    if (!isObjectType(type) && !isInterfaceType(type)) return "";
    const fields = Object.values(type.getFields()).filter(({ type: of }) => depth > 1 || isLeafType(getNamedType(of)));
    if (fields.length === 0) return "{ __typename }";
    const count = 1 + this.#below(most);
    const chosen = new Set(Array.from({ length: count }, () => fields[this.#below(fields.length)] ?? fields[0]));
    const texts = [...chosen].flatMap((field) =>
      field ? `${field.name}${this.#args(field.args)} ${this.#selection(getNamedType(field.type), depth - 1, 4)}` : [],
    );
    return `{ ${texts.join(" ")} }`;
  }

  #args(args: readonly GraphQLArgument[]): string {
    const given = args.filter(({ type }) => isNonNullType(type) || this.gen(fc.boolean));
    const texts = given.map(({ name, type }) => {
      const variable = `v${this.#variables.length}`;
      this.#variables.push({ name: variable, declaration: `$${variable}: ${type}`, value: this.#value(type, 4) });
      return `${name}: $${variable}`;
    });
    return texts.length === 0 ? "" : `(${texts.join(", ")})`;
  }

  #value(type: GraphQLInputType, depth: number): unknown {
    if (this.#below(60) === 0) return this.gen(fc.jsonValue);
    if (isNonNullType(type)) return this.#value(type.ofType, depth);
    if (depth === 0 || this.#below(10) === 0) return null;
    if (isListType(type)) {
      const length = this.#below(4);
      return Array.from({ length }, () => this.#value(type.ofType, depth - 1));
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter((f) => isNonNullType(f.type) || this.gen(fc.boolean));
      return Object.fromEntries(fields.map((field) => [field.name, this.#value(field.type, depth - 1)]));
    }
    return this.#leaf(type);
  }

  #leaf(type: GraphQLInputType): unknown {
    if (isEnumType(type)) return type.getValues()[this.#below(type.getValues().length)]?.name;
    if (type.toString() === "Int") return this.gen(anyWhole);
    if (type.toString() === "Float") return this.gen(anyNumber);
    if (type.toString() === "Boolean") return this.gen(fc.boolean);
    if (type.toString() === "DateTime") return this.gen(anyInstant);
    return type.toString() === "ID" ? this.gen(anyId) : this.gen(anyText);
  }

  #below(limit: number): number {
    return this.gen(fc.nat, { max: limit - 1 });
  }
}
