import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Kind, OperationTypeNode, parse } from "graphql";
import { expect, it } from "vitest";
import { mutations } from "../../web/dashboard/api/cache.ts";

const dashboard = fileURLToPath(new URL("../../web/dashboard", import.meta.url));

/** Names of the mutations in the dashboard's documents. */
function mutationsUsed(): readonly string[] {
  const files = readdirSync(dashboard, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".graphql"),
  );
  const definitions = files.flatMap((name) => parse(readFileSync(join(dashboard, name), "utf8")).definitions);
  return definitions
    .filter((each) => each.kind === Kind.OPERATION_DEFINITION && each.operation === OperationTypeNode.MUTATION)
    .flatMap((each) => (each.kind === Kind.OPERATION_DEFINITION ? each.selectionSet.selections : []))
    .flatMap((field) => (field.kind === Kind.FIELD ? [field.name.value] : []));
}

it("forgets lists after every mutation that the dashboard sends", () => {
  const used = mutationsUsed();
  expect(used).toContain("cancelJob");
  expect(used.filter((name) => !(mutations as readonly string[]).includes(name))).toEqual([]);
});
