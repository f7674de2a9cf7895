import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { printApiSchema } from "../../src/graphql/print-schema.ts";

it("keeps schema.graphql as the classes say it", async () => {
  const written = await readFile(new URL("../../schema.graphql", import.meta.url), "utf8");
  expect(written, "run `npm run generate`").toBe(printApiSchema());
});
