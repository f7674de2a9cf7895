import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { emptyWords } from "../../web/dashboard/parts/words.ts";

const commandLine = fileURLToPath(new URL("../../src/cli", import.meta.url));

it("says of an empty list what the command line says", () => {
  const files = readdirSync(commandLine, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const text = files.map((name) => readFileSync(join(commandLine, name), "utf8")).join("\n");
  const lists = [
    "tenants",
    "servers",
    "openFindings",
    "findings",
    "jobs",
    "testRuns",
    "auditLog",
    "apiKeys",
    "schedules",
    "items",
  ] as const;
  const saidElsewhere = lists.map((list) => emptyWords[list][0]).filter((title) => !text.includes(`"${title}"`));
  expect(saidElsewhere).toEqual([]);
});
