import { lexicographicSortSchema, printSchema } from "graphql";
import { buildApiSchema } from "./schema.ts";

/** The text of `schema.graphql`: sorted, so that a change shows where it is and nowhere else. */
export function printApiSchema(): string {
  const schema = printSchema(lexicographicSortSchema(buildApiSchema()));
  return `# Written from the classes in src/graphql by \`npm run generate\`.\n\n${schema}\n`;
}
