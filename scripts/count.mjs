// node scripts/count.mjs <folder> <failed steps>: sums up vitest's reports as "N passed, N failed"; fails when anything failed or nothing ran.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder = ".", failedSteps = "0"] = process.argv.slice(2);
const reports = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));

const sum = (count) => reports.reduce((total, report) => total + count(report), 0);
const passed = sum((report) => report.numPassedTests);
// A file that cannot be loaded has no tests that could fail.
const broken = sum(
  (report) =>
    report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length,
);
const failed = sum((report) => report.numFailedTests) + broken + Number(failedSteps);

process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
