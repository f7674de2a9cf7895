import { type GraphQLSchema, isObjectType } from "graphql";
import { type ClassType, Field, Int, ObjectType } from "type-graphql";
import type { Page, PageRequest } from "../kit/page.ts";
import { InvalidCursor } from "../kit/page.ts";
import { BadArgument } from "./bad-argument.ts";
import { type PageWish, toPageRequest } from "./page-request.ts";

/** Beyond this many, counting costs more than the number is worth: `totalCount` stops one above it. */
export const countedExactly = 10_000;

@ObjectType("PageInfo", {
  description:
    "Where a page stands in its list. Relay cursor connections: `first`/`after` forward, `last`/`before` backward; first and last are 1..100.",
  simpleResolvers: true,
})
export class PageInfoType {
  @Field(() => Boolean, { description: "Whether there is something after this page." })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, { description: "Whether there is something before this page." })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: "Cursor of the first edge; null on an empty page." })
  readonly startCursor?: string | undefined;

  @Field(() => String, { nullable: true, description: "Cursor of the last edge; null on an empty page." })
  readonly endCursor?: string | undefined;
}

/** One entry of a list. */
export interface EdgeOf<Node> {
  readonly cursor: string;
  readonly node: Node;
}

/** One page of a list. */
export interface ConnectionOf<Node> {
  readonly edges: readonly EdgeOf<Node>[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfoType;
  /** Called only when the field is asked for. */
  readonly totalCount: () => Promise<number>;
}

/** The types `<name>Connection` and `<name>Edge` for a list. @returns the connection's class @param things e.g. "tenants" */
export function connectionType<Node extends object>(
  name: string,
  things: string,
  nodeType: () => ClassType<Node> | (abstract new () => Node),
): ClassType<ConnectionOf<Node>> {
  @ObjectType(`${name}Edge`, { description: `One entry of a list of ${things}.`, simpleResolvers: true })
  class Edge implements EdgeOf<Node> {
    @Field(() => String, { description: "Opaque; says where in the list the entry stands." })
    readonly cursor!: string;

    @Field(() => nodeType(), { description: "The entry." })
    readonly node!: Node;
  }

  @ObjectType(`${name}Connection`, { description: `A page of ${things}.`, simpleResolvers: true })
  class Connection implements ConnectionOf<Node> {
    @Field(() => [Edge], { description: "The entries with their cursors." })
    readonly edges!: readonly Edge[];

    @Field(() => [nodeType()], { description: "The entries alone." })
    readonly nodes!: readonly Node[];

    @Field(() => PageInfoType, { description: "Where the page stands in the list." })
    readonly pageInfo!: PageInfoType;

    @Field(() => Int, {
      description: `How many there are in all, counted only when asked for. Exact up to ${countedExactly}; ${countedExactly + 1} means more.`,
    })
    readonly totalCount!: () => Promise<number>;
  }
  return Connection;
}

/** Lets each list be counted by a resolver of its own: compiled queries read plain fields only. */
export function resolveCountsOf(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    const count = isObjectType(type) && type.name.endsWith("Connection") ? type.getFields().totalCount : undefined;
    if (count) count.resolve = (source: ConnectionOf<unknown>) => source.totalCount();
  }
}

/** Reads a page and maps its entries. @throws BadArgument that names the argument, also for a cursor that the store refuses */
export async function connection<Row, Node>(
  args: PageWish,
  list: (page: PageRequest) => Promise<Page<Row>>,
  count: () => Promise<number>,
  map: (row: Row) => Node,
): Promise<ConnectionOf<Node>> {
  const request = toPageRequest(args);
  const page = await namingCursor(request, () => list(request));
  const edges = page.edges.map((edge) => ({ cursor: edge.cursor, node: map(edge.node) }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: edges.at(0)?.cursor,
      endCursor: edges.at(-1)?.cursor,
    },
    totalCount: count,
  };
}

async function namingCursor<T>(request: PageRequest, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InvalidCursor)) throw error;
    throw new BadArgument(request.direction === "FORWARD" ? "after" : "before", "is no cursor of this list");
  }
}
