import { createServer } from "node:http";
import {
  GraphQLID,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
  GraphQLString,
} from "graphql";
import { useServer as serve } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";

// A subscription like jobProgress, served by graphql-ws as it comes. The id names how many events there are: "<events>:<per
// second>". Says "listening <url>".

const required = (type: GraphQLOutputType) => ({ type: new GraphQLNonNull(type) });
const progress = new GraphQLObjectType({
  name: "Progress",
  fields: { done: required(GraphQLInt), total: { type: GraphQLInt }, percent: required(GraphQLInt) },
});
const event = new GraphQLObjectType({
  name: "JobEvent",
  fields: {
    sequence: required(GraphQLInt),
    at: required(GraphQLString),
    status: required(GraphQLString),
    message: required(GraphQLString),
    progress: required(progress),
  },
});
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: "Query", fields: { ok: { type: GraphQLString } } }),
  subscription: new GraphQLObjectType({
    name: "Subscription",
    fields: {
      jobProgress: {
        type: new GraphQLNonNull(event),
        args: { id: { type: new GraphQLNonNull(GraphQLID) } },
        subscribe: (_source, args: { id: string }) => ticks(args.id),
        resolve: (source: unknown) => source,
      },
    },
  }),
});

/** One timer for all subscribers: what they wait for is the same event. */
let next: Promise<object> | undefined;

async function* ticks(id: string): AsyncGenerator<object> {
  const [events = 0, perSecond = 1] = id.split(":").map(Number);
  for (let n = 1; n <= events; n += 1) {
    yield await tick(1_000 / perSecond, n, events);
  }
}

function tick(afterMs: number, sequence: number, total: number): Promise<object> {
  next ??= new Promise((resolve) => {
    setTimeout(() => {
      next = undefined;
      const percent = Math.round((100 * sequence) / total);
      const message = `${sequence} of ${total} tenants are ready.`;
      resolve({
        sequence,
        at: new Date().toISOString(),
        status: "RUNNING",
        message,
        progress: { done: sequence, total, percent },
      });
    }, afterMs);
  });
  return next;
}

const server = createServer().listen(0, "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  process.stdout.write(`listening ws://127.0.0.1:${port}/graphql\n`);
});
serve({ schema }, new WebSocketServer({ server, path: "/graphql" }));
