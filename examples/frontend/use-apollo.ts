import type { ApolloClient } from "@apollo/client";
import { CreateTenant, FollowRun } from "./documents.ts";

/** What a form needs: the tenant, or the service's own sentences by the field that they are about, e.g. `input.slug`. */
export async function createTenant(client: ApolloClient, input: { slug: string; name: string }) {
  // Throws for what nobody can mend in the form: no key, a limit, or nobody there.
  const { data } = await client.mutate({
    mutation: CreateTenant,
    variables: { input },
    // A new tenant belongs into lists that were read before: they are asked for again when they are shown.
    update: (cache) => cache.evict({ id: "ROOT_QUERY", fieldName: "tenants" }),
  });
  const { tenant, userErrors } = data.createTenant;
  const refused = userErrors.map(({ field, message }: { field?: string[]; message: string }) => [
    field?.join(".") ?? "",
    message,
  ]);
  return { tenant, refused: Object.fromEntries(refused) as Record<string, string> };
}

/** Calls for each event of a test run, once, up to the final one. @returns what stops it */
export function followRun(
  client: ApolloClient,
  id: string,
  show: (event: { sequence: number; status: string }) => void,
  atEnd: () => void,
): () => void {
  const subscription = client.subscribe({ query: FollowRun, variables: { id, after: 0 } }).subscribe({
    next: ({ data, error }) => {
      if (error) throw error;
      show(data.testRunProgress);
    },
    complete: atEnd,
  });
  return () => subscription.unsubscribe();
}
