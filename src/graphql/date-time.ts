import { GraphQLError, GraphQLScalarType, Kind } from "graphql";

const pattern = /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i;

function parse(value: unknown): Date {
  const [text, day = ""] = (typeof value === "string" && pattern.exec(value)) || [];
  const date = text !== undefined && isDay(day) ? new Date(text) : undefined;
  if (!date || Number.isNaN(date.getTime()))
    throw new GraphQLError("DateTime must be an RFC 3339 instant, e.g. 2024-01-31T12:00:00.000Z.");
  return date;
}

/** Date takes the 30th of February for the 2nd of March. */
function isDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

/** A `Date` inside, RFC 3339 in UTC with milliseconds outside. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: "DateTime",
  description: "An instant: RFC 3339, UTC, milliseconds.",
  specifiedByURL: "https://www.rfc-editor.org/rfc/rfc3339",
  serialize: (value) => {
    if (!(value instanceof Date)) throw new GraphQLError("DateTime cannot represent what is no Date.");
    return value.toISOString();
  },
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
});
