// npm start: everything that a fresh machine lacks, then the service.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { prepare, readEnvFile } from "./lib/prepare.mjs";
import { main, root } from "./lib/terminal.mjs";

await main(async () => {
  readEnvFile();
  const mariadbd = await prepare({ mariadb: !process.env.TENANTRY_REGISTRY_URL });
  if (mariadbd) process.env.TENANTRY_MARIADBD = mariadbd;
});

// In this very process: what npm, a terminal or a supervisor sends reaches the service itself, and no child can be left over.
stopWithNpm();
const service = join(root, "dist/main.js");
process.argv.splice(1, process.argv.length, service, "serve");
if (process.exitCode === undefined) await import(pathToFileURL(service).href);

/** When npm is killed it cannot tell us; its number as our parent's changes then. */
function stopWithNpm() {
  const npm = process.ppid;
  if (process.env.npm_lifecycle_event !== "start") return;
  const watch = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(watch);
    process.emit("SIGTERM", "SIGTERM");
  }, 1_000);
  watch.unref();
}
