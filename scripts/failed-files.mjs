// node scripts/failed-files.mjs <report>: the test files in which something failed, a line each.
import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";

const [report = ""] = process.argv.slice(2);
const files = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")).testResults : [];

for (const file of files) {
  if (file.status === "failed") process.stdout.write(`${relative(process.cwd(), file.name)}\n`);
}
