// node scripts/count.mjs <folder> <failed steps>: names what failed in vitest's reports and sums them up as
// "N passed, N failed"; fails when anything failed or nothing ran.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

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

// Once more at the end: who reads only the last lines of a long log must see what to look at.
const excerptLines = 12;
for (const file of reports.flatMap((report) => report.testResults)) {
  const failures = file.assertionResults.filter((test) => test.status === "failed");
  if (file.status === "failed" && file.assertionResults.length === 0)
    failures.push({ failureMessages: [file.message] });
  for (const { fullName = "", failureMessages } of failures) {
    const message = failureMessages.join("\n").split("\n").slice(0, excerptLines).join("\n    ");
    process.stdout.write(`failed: ${relative(process.cwd(), file.name)} ${fullName}\n    ${message}\n`);
  }
}

process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
