import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { invariants } from "../../src/provisioning/invariants.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The text of every TypeScript file below a folder. */
function textBelow(folder: string): string {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(root, folder, name), "utf8"))
    .join("\n");
}

it("has a crash for every step after which the service can be told to fail", () => {
  const source = textBelow("src");
  const said = source.matchAll(/(?:passed|\.hit|\.#?failpoint)\(\s*"(?:[a-z]+[:.])?([a-z-]+)"/g);
  const steps = [...invariants.map(({ name }) => name), ...[...said].map(([, step]) => step ?? "")];
  expect(steps.length).toBeGreaterThan(30);
  const matrices = textBelow("test/long");
  expect(steps.filter((step) => !matrices.includes(`"${step}"`))).toEqual([]);
});
