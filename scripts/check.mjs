// npm run check: what CI runs. Every step runs, whatever the ones before it said; the first failure is not the only one.
// --without-core leaves out the tests that `npm test` runs; --reports <folder> keeps what vitest counted there.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { prepare } from "./lib/prepare.mjs";
import { installed, main, root, run, say } from "./lib/terminal.mjs";

const withoutCore = process.argv.includes("--without-core");
const reports = process.argv.includes("--reports") ? process.argv[process.argv.indexOf("--reports") + 1] : undefined;

await main(async () => {
  const mariadbd = await prepare({ mariadb: true });
  const env = { ...process.env, TENANTRY_MARIADBD: mariadbd };
  const failed = [];
  for (const [name, args] of steps()) {
    say(`check: ${name}`);
    const { code } = await run(process.execPath, args, { env });
    if (code !== 0) failed.push(name);
  }
  // A plain line that .ci/run reads.
  process.stdout.write(`check: ${failed.length === 0 ? "everything holds" : `failed: ${failed.join(", ")}`}\n`);
  return failed.length === 0 ? 0 : 1;
});

function steps() {
  return [
    ["format and lint", [installed("@biomejs/biome/bin/biome"), "check", "."]],
    ["types", [installed("typescript/bin/tsc"), "--noEmit"]],
    ["generated files", [join(root, "scripts/generate.mjs"), "--check"]],
    ["unused code", [installed("knip/bin/knip.js")]],
    ...(withoutCore ? [] : [["tests", tests("core")]]),
    ...(existsSync(join(root, "test/long")) ? [["long tests", [...tests("long"), "--mode", "long"]]] : []),
  ];
}

function tests(name) {
  const counted = reports
    ? ["--reporter=default", "--reporter=json", `--outputFile.json=${join(reports, name)}.json`]
    : [];
  return [installed("vitest/vitest.mjs"), "run", ...counted];
}
