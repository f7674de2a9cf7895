import {
  GraphQLID,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
  GraphQLString,
} from "graphql";
import { idOrUnknown } from "../../src/graphql/global-id.ts";
import type { GraphqlContext } from "../../src/graphql/graphql-context.ts";
import type { JobEvent } from "../../src/jobs/job.ts";

const required = (type: GraphQLOutputType) => ({ type: new GraphQLNonNull(type) });

/** The least that a job's progress can be served by: no decorators, no class, no scalars of our own, and nothing else in it. */
export function plainSchema(): GraphQLSchema {
  const progress = new GraphQLObjectType({
    name: "Progress",
    fields: { done: required(GraphQLInt), total: required(GraphQLInt), percent: required(GraphQLInt) },
  });
  const event = new GraphQLObjectType<JobEvent>({
    name: "JobEvent",
    fields: {
      sequence: required(GraphQLInt),
      at: { ...required(GraphQLString), resolve: ({ at }) => at.toISOString() },
      status: required(GraphQLString),
      message: required(GraphQLString),
      progress: required(progress),
    },
  });
  const subscription = new GraphQLObjectType<JobEvent, GraphqlContext>({
    name: "Subscription",
    fields: {
      jobProgress: {
        ...required(event),
        args: { id: { type: new GraphQLNonNull(GraphQLID) } },
        subscribe: (_source, { id }: { id: string }, { services, signal }) =>
          services.jobEvents.follow(idOrUnknown("job", id), 0, signal),
        resolve: (source) => source,
      },
    },
  });
  const query = new GraphQLObjectType({ name: "Query", fields: { none: { type: GraphQLString } } });
  return new GraphQLSchema({ query, subscription });
}
