import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { commandsIn } from "../cli/support/shown-commands.ts";
import { tenantry } from "../e2e/support/command-line.ts";
import { Stage } from "../e2e/support/stage.ts";
import { buildService } from "../support/service.ts";

let stage: Stage;

beforeAll(async () => {
  await buildService();
  stage = await Stage.started(inject("serverUrl"));
}, 90_000);

afterAll(() => stage?.close());

const page = readFileSync(fileURLToPath(new URL("../../docs/cli.md", import.meta.url)), "utf8");

describe("docs/cli.md", () => {
  it("shows commands that do what they say, in the order in which they stand there", async () => {
    const env = { TENANTRY_URL: stage.service.url, TENANTRY_API_KEY: stage.adminKey };
    const ended: (readonly [string, number | NodeJS.Signals])[] = [];
    for (const words of commandsIn(page)) {
      const { code, stderr } = await tenantry(words, { env });
      ended.push([words.join(" "), code]);
      expect(stderr).not.toContain("tenantry:");
    }
    expect(ended.length).toBeGreaterThan(10);
    expect(ended.filter(([, code]) => code !== 0)).toEqual([]);
  });
});
