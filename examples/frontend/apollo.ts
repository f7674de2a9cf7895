import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { getMainDefinition } from "@apollo/client/utilities";
import { resumingSocket } from "./resuming-socket.ts";
import type { schemaFacts } from "./schema-facts.ts";

/** Apollo Client with its normalized cache. @param url where the service listens, e.g. `https://tenants.example.com` */
export function apolloClient(url: string, key: string, { possibleTypes }: ReturnType<typeof schemaFacts>) {
  const authorization = `Bearer ${key}`;
  const socket = resumingSocket({
    url: `${url.replace(/^http/, "ws")}/graphql`,
    connectionParams: { authorization },
  });
  const client = new ApolloClient({
    cache: new InMemoryCache({
      possibleTypes,
      typePolicies: {
        Query: {
          fields: {
            // What a list has shown is found again by its id, without asking.
            tenant: {
              read: (known, { args, toReference }) => known ?? toReference({ __typename: "Tenant", id: args?.id }),
            },
          },
        },
      },
    }),
    link: ApolloLink.split(
      ({ query }) => {
        const definition = getMainDefinition(query);
        return definition.kind === "OperationDefinition" && definition.operation === "subscription";
      },
      new GraphQLWsLink(socket),
      new HttpLink({ uri: `${url}/graphql`, headers: { authorization } }),
    ),
  });
  return { client, close: () => socket.dispose() };
}
