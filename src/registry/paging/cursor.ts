import { InvalidCursor, type PageRequest } from "../../kit/page.ts";

/** What a cursor holds: the name of the order and the row's values in it, as base64url JSON. */
export type CursorValues = readonly [order: string, lead: string | number, tie: string];

export function encodeCursor(values: CursorValues): string {
  return Buffer.from(JSON.stringify(values), "utf8").toString("base64url");
}

/** @returns undefined when the request has no cursor @throws InvalidCursor when it is not one of this order */
export function decodeCursor(request: PageRequest, order: string): CursorValues | undefined {
  if (request.cursor === undefined) return undefined;
  const [name, lead, tie, ...rest] = parse(request);
  const leads = typeof lead === "string" || typeof lead === "number";
  if (name !== order || !leads || typeof tie !== "string" || rest.length > 0) throw invalid(request);
  const values = [name, lead, tie] as const;
  // Buffer passes over what is no base64url.
  if (encodeCursor(values) !== request.cursor) throw invalid(request);
  return values;
}

/** The error of a cursor that cannot be used. */
export function invalid(request: PageRequest, cause?: unknown): InvalidCursor {
  const field = [request.direction === "FORWARD" ? "after" : "before"];
  return new InvalidCursor("The cursor does not belong to this list.", { field, cause });
}

function parse(request: PageRequest): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(request.cursor ?? "", "base64url").toString("utf8"));
    if (Array.isArray(value)) return value;
  } catch (error) {
    throw invalid(request, error);
  }
  throw invalid(request);
}
