import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("has generated files that are current", async () => {
  const check = promisify(execFile)(process.execPath, ["scripts/generate.mjs", "--check"], { cwd: root });
  await expect(check.catch((error: { stderr: string }) => error.stderr)).resolves.toMatchObject({ stderr: "" });
}, 120_000);
