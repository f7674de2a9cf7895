// node_modules as package-lock.json says.
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { withLock } from "./lock.mjs";
import { run, ScriptFailed, say } from "./terminal.mjs";

/** Installs what package-lock.json lists, unless that is what is there. */
export async function ensureDependencies(folder) {
  requireNode();
  if (areCurrent(folder)) return;
  await withLock(join(folder, ".tenantry-setup"), async () => {
    if (areCurrent(folder)) return;
    refuseLink(join(folder, "node_modules"));
    say("installing dependencies (npm ci)");
    const [program, ...first] = npm();
    const args = [...first, "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
    const { code } = await run(program, args, { cwd: folder });
    if (code !== 0) {
      throw new ScriptFailed(
        "npm ci failed; what it says is above. Without a network, run it once where there is one.",
      );
    }
    writeFileSync(stampPath(folder), stamp(folder));
  });
}

/**
 * Whether node_modules holds what the lock lists for this system, by the list that npm leaves at the end of a whole
 * installation, no matter who ran it; or by our stamp, where npm left out something optional that we would look for.
 */
export function areCurrent(folder) {
  if (!existsSync(listPath(folder))) return false;
  if (existsSync(stampPath(folder)) && readFileSync(stampPath(folder), "utf8") === stamp(folder)) return true;
  const there = JSON.parse(readFileSync(listPath(folder), "utf8")).packages;
  const wanted = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    // Of the optional ones only those made for this system are sure to be installed; npm leaves out what only others need.
    if (path === "" || (entry.optional && !(entry.os && fits(entry)))) return true;
    return there[path]?.version === entry.version && there[path]?.integrity === entry.integrity;
  });
}

/** Names in an entry's optionalDependencies without an entry of their own: such a lock fails on other systems. */
export function missingFromLock(lock) {
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !candidates(path, name).some((candidate) => lock.packages[candidate]))
      .map((name) => `${path || "(root)"} → ${name}`),
  );
}

/** Where npm may have put a dependency of the package at `path`: beside its own, or in any folder above. */
function candidates(path, name) {
  const parts = path === "" ? [] : path.split(/\/?node_modules\//).slice(1);
  return Array.from({ length: parts.length + 1 }, (_, depth) =>
    [...parts.slice(0, parts.length - depth), name].map((part) => `node_modules/${part}`).join("/"),
  );
}

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new ScriptFailed(`Node ${process.versions.node} is too old: 20.19 or later is needed.`);
}

/** npm ci empties node_modules first, and through a link it would empty the folder of another checkout. */
function refuseLink(path) {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw new ScriptFailed(
    `${path}: node_modules is a link to a folder that does not hold what package-lock.json lists. Remove the link, or run npm ci where it leads.`,
  );
}

function listPath(folder) {
  return join(folder, "node_modules", ".package-lock.json");
}

function stampPath(folder) {
  return join(folder, "node_modules", ".tenantry-stamp");
}

function stamp(folder) {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch} ${process.versions.modules}`);
  for (const path of [join(folder, "package-lock.json"), listPath(folder)]) hash.update(readFileSync(path));
  return hash.digest("hex");
}

function fits({ os, cpu, libc }) {
  const allows = (list, value) => !list || (list.includes(value) && !list.includes(`!${value}`));
  return allows(os, process.platform) && allows(cpu, process.arch) && allows(libc, ourLibc());
}

function ourLibc() {
  if (process.platform !== "linux") return undefined;
  process.report.excludeNetwork = true;
  return process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl";
}

/** The npm that runs us, else the one on the PATH. */
function npm() {
  const path = process.env.npm_execpath;
  return path && basename(path) === "npm-cli.js" ? [process.execPath, path] : ["npm"];
}
