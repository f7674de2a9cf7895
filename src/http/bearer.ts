/** The secret of an `Authorization: Bearer <secret>` header, or of what takes its place in a socket's first message. */
export function bearerSecret(header: unknown): string | undefined {
  if (typeof header !== "string") return undefined;
  const match = /^Bearer +(\S.*?) *$/i.exec(header);
  return match?.[1];
}
