/** The text of an answer whose errors all name their request: what Apollo refuses before it has a request of its own, does not. */
export function namingRequest(text: string, requestId: string): string {
  const body: unknown = JSON.parse(text);
  if (typeof body !== "object" || body === null || !("errors" in body) || !Array.isArray(body.errors)) return text;
  const errors = body.errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } }));
  return JSON.stringify({ ...body, errors });
}
