import type { Client } from "@urql/core";
import { CreateTenant, FollowRun } from "./documents.ts";

/** What a form needs: the tenant, or the service's own sentences by the field that they are about, e.g. `input.slug`. */
export async function createTenant(client: Client, input: { slug: string; name: string }) {
  const { data, error } = await client.mutation(CreateTenant, { input }).toPromise();
  // No key, a limit, or nobody there: nothing that somebody can mend in the form.
  if (error) throw error;
  const { tenant, userErrors } = data.createTenant;
  const refused = userErrors.map(({ field, message }: { field?: string[]; message: string }) => [
    field?.join(".") ?? "",
    message,
  ]);
  return { tenant, refused: Object.fromEntries(refused) as Record<string, string> };
}

const final = new Set(["SUCCEEDED", "FAILED", "CANCELLED"]);

/** Calls for each event of a test run, once, up to the final one. @returns what stops it */
export function followRun(
  client: Client,
  id: string,
  show: (event: { sequence: number; status: string }, isFinal: boolean) => void,
): () => void {
  let seen = 0;
  const { unsubscribe } = client.subscription(FollowRun, { id, after: 0 }).subscribe(({ data, error }) => {
    if (error) throw error;
    const event = data.testRunProgress;
    // At the end urql repeats the last result.
    if (event.sequence <= seen) return;
    seen = event.sequence;
    show(event, final.has(event.status));
  });
  return unsubscribe;
}
