import type { CombinedError } from "@urql/core";

/** Why the service did not answer, or not as asked: a code of the API, or UNREACHABLE. */
export interface Refusal {
  readonly code: string;
  /** A sentence for people. */
  readonly message: string;
}

/** What an error of the client means to who uses the page. */
export function refusalOf(error: CombinedError): Refusal {
  const [first] = error.graphQLErrors;
  if (first) {
    const { code } = first.extensions;
    if (code === "FORBIDDEN") return { code, message: `Your key may not do this: ${first.message}` };
    return { code: typeof code === "string" ? code : "INTERNAL_SERVER_ERROR", message: first.message };
  }
  return { code: "UNREACHABLE", message: "The service does not answer." };
}
