import { type Client, type ClientOptions, createClient } from "graphql-ws";

/**
 * A socket that comes back after each loss. Its subscriptions to jobs and test runs go on after the last event that was
 * seen: events have dense sequence numbers, so nothing is missed and nothing comes twice. Ask for `sequence`, and declare
 * `$after: Int`.
 */
export function resumingSocket(options: ClientOptions): Client {
  const client = createClient({ retryAttempts: Number.POSITIVE_INFINITY, shouldRetry: () => true, ...options });
  return {
    ...client,
    subscribe(payload, sink) {
      let seen = Number(payload.variables?.after ?? 0);
      const variables = {
        ...payload.variables,
        // Read each time that the question is written to a socket.
        get after() {
          return seen;
        },
      };
      return client.subscribe<Record<string, { sequence?: number } | undefined>>(
        { ...payload, variables },
        {
          ...sink,
          next(result) {
            const { sequence } = Object.values(result.data ?? {})[0] ?? {};
            if (sequence !== undefined && sequence <= seen) return;
            seen = sequence ?? seen;
            sink.next(result as never);
          },
        },
      );
    },
  };
}
