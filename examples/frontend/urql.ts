import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { resumingSocket } from "./resuming-socket.ts";
import type { schemaFacts } from "./schema-facts.ts";

/** urql with a normalized cache. @param url where the service listens, e.g. `https://tenants.example.com` */
export function urqlClient(url: string, key: string, { possibleTypes, keyless }: ReturnType<typeof schemaFacts>) {
  const authorization = `Bearer ${key}`;
  const socket = resumingSocket({
    url: `${url.replace(/^http/, "ws")}/graphql`,
    connectionParams: { authorization },
  });
  const client = new Client({
    url: `${url}/graphql`,
    preferGetMethod: false,
    fetchOptions: { headers: { authorization } },
    exchanges: [
      cacheExchange({
        possibleTypes,
        keys: Object.fromEntries(keyless.map((name) => [name, () => null])),
        // What a list has shown is found again by its id, without asking.
        resolvers: { Query: { tenant: (_, { id }) => ({ __typename: "Tenant", id: String(id) }) } },
        updates: {
          Mutation: {
            // A new tenant belongs into lists that were read before: they are asked for again.
            createTenant: (_result, _arguments, cache) => {
              for (const { fieldName, fieldKey } of cache.inspectFields("Query"))
                if (fieldName === "tenants") cache.invalidate("Query", fieldKey);
            },
          },
        },
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = "", variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe(
              { query, variables: { ...variables } },
              {
                ...sink,
                next: ({ data = null, errors }) => sink.next({ data, ...(errors && { errors: [...errors] }) }),
              },
            ),
          }),
        }),
      }),
    ],
  });
  return { client, close: () => socket.dispose() };
}
