import type { HTTPGraphQLResponse } from "@apollo/server";

/** An answer whose errors all name their request: what Apollo refuses before it has a request of its own, does not. */
export function namingRequest(answer: HTTPGraphQLResponse, requestId: string): HTTPGraphQLResponse {
  if ((answer.status ?? 200) < 400 || answer.body.kind !== "complete") return answer;
  const body: unknown = JSON.parse(answer.body.string);
  if (typeof body !== "object" || body === null || !("errors" in body) || !Array.isArray(body.errors)) return answer;
  const errors = body.errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } }));
  return { ...answer, body: { kind: "complete", string: JSON.stringify({ ...body, errors }) } };
}
