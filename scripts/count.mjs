// node scripts/count.mjs <folder> <failed steps>: names what failed in vitest's reports and sums them up as
// "N passed, N failed"; fails when anything failed or nothing ran. Beside <name>.json may lie <name>-again.json, the second
// run of the files that failed in it: a test that passed there is named as unsteady, and counts as passed; many are no accident.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const [folder = ".", failedSteps = "0"] = process.argv.slice(2);
const excerptLines = 12;
const mostUnsteady = 3;

const results = readdirSync(folder)
  .filter((name) => name.endsWith(".json") && !name.endsWith("-again.json"))
  .flatMap((name) => standing(read(name), read(name.replace(".json", "-again.json"))));

const unsteady = results.filter((result) => result.outcome === "unsteady").length;
const broken =
  results.filter((result) => result.outcome === "failed").length + (unsteady > mostUnsteady ? unsteady : 0);
const passed = results.length - broken;
const failed = broken + Number(failedSteps);

// Whoever reads only the last lines of a long log must see what to look at.
for (const { outcome, name, message } of results.filter((result) => result.outcome !== "passed")) {
  const excerpt = message.split("\n").slice(0, excerptLines).join("\n    ");
  process.stdout.write(`${outcome}: ${name}\n    ${excerpt}\n`);
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

function read(name) {
  const path = join(folder, name);
  return existsSync(path) ? testsOf(JSON.parse(readFileSync(path, "utf8"))) : [];
}

/** Every test of a report; a file that could not be loaded has none that could fail, and stands for itself. */
function testsOf(report) {
  return report.testResults.flatMap((file) => {
    const path = relative(process.cwd(), file.name);
    const tests = file.assertionResults
      .filter((test) => test.status === "passed" || test.status === "failed")
      .map((test) => ({
        outcome: test.status,
        name: `${path} ${test.fullName}`,
        message: test.failureMessages.join("\n"),
      }));
    const failedAsAWhole = file.status === "failed" && !tests.some((test) => test.outcome === "failed");
    return failedAsAWhole ? [...tests, { outcome: "failed", name: path, message: file.message ?? "" }] : tests;
  });
}

function standing(first, second) {
  const passedAgain = new Set(second.filter((test) => test.outcome === "passed").map((test) => test.name));
  const failedAgain = new Set(second.filter((test) => test.outcome === "failed").map((test) => test.name));
  // A file that failed as a whole holds again when its second run has tests and none of them failed.
  const holds = (name) =>
    passedAgain.has(name) ||
    ([...passedAgain].some((test) => test.startsWith(`${name} `)) &&
      ![...failedAgain].some((test) => test === name || test.startsWith(`${name} `)));
  return first.map((test) => (test.outcome === "failed" && holds(test.name) ? { ...test, outcome: "unsteady" } : test));
}
