// Finds or fetches the program that runs the private MariaDB. The last rung of the ladder is a message with every way out.
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { aptAvailable, installWithApt, unpackWithApt } from "./apt.mjs";
import { withLock } from "./lock.mjs";
import { run, ScriptFailed, say } from "./terminal.mjs";

const usualFolders = [
  "/usr/sbin",
  "/usr/bin",
  "/usr/libexec",
  "/usr/local/sbin",
  "/usr/local/bin",
  "/opt/homebrew/opt/mariadb/bin",
  "/usr/local/opt/mariadb/bin",
];

/**
 * Path of a `mariadbd` of version 10.6 or later.
 * @param {{ cache: string, given?: string, folders?: string[] }} options cache: where one may be unpacked; folders: where to look
 */
export async function ensureMariaDb({ cache, given, folders = searchPath() }) {
  if (given) {
    const complaint = await complaintOf(given);
    if (complaint) throw new ScriptFailed(`TENANTRY_MARIADBD: ${complaint}`);
    return given;
  }
  const complaints = [];
  const unpacked = join(cache, "mariadb");
  for (const path of [...candidates(folders), join(unpacked, "usr/sbin/mariadbd")].filter((one) => existsSync(one))) {
    const complaint = await complaintOf(path);
    if (!complaint) return path;
    complaints.push(complaint);
  }
  return fetchMariaDb(unpacked, cache, complaints);
}

async function fetchMariaDb(unpacked, cache, complaints) {
  if (!aptAvailable()) complaints.push("This system has no apt-get, so it cannot be fetched here.");
  else {
    const path = await withLock(cache, async () => {
      const binary = join(unpacked, "usr/sbin/mariadbd");
      if (existsSync(binary) && !(await complaintOf(binary))) return binary;
      say("fetching MariaDB with apt into the data directory (7 MB; the system is not changed)");
      const failure = (await unpackWithApt(unpacked)) ?? (await complaintOf(binary));
      if (!failure) return binary;
      complaints.push(`Unpacking the package did not work: ${failure}`);
      return undefined;
    });
    if (path) return path;
    if (process.getuid?.() === 0) {
      say("installing mariadb-server-core with apt-get");
      const failure = (await installWithApt()) ?? (await complaintOf("/usr/sbin/mariadbd"));
      if (!failure) return "/usr/sbin/mariadbd";
      complaints.push(`apt-get install did not work: ${failure}`);
    }
  }
  throw new ScriptFailed(waysOut(complaints));
}

/** What is wrong with a program, or undefined. */
async function complaintOf(path) {
  const { code, output } = await run(path, ["--no-defaults", "--version"], { quiet: true, env: environmentFor(path) });
  if (code !== 0) return `${path} does not run: ${output.trim().split("\n")[0]}`;
  const [, major, minor] = /Ver (\d+)\.(\d+)\.\d+-MariaDB/.exec(output) ?? [];
  if (Number(major) > 10 || (Number(major) === 10 && Number(minor) >= 6)) return undefined;
  return `${path} says "${output.trim()}"; MariaDB 10.6 or later is needed.`;
}

/** The libraries of an unpacked package lie beside it. */
function environmentFor(path) {
  const lib = join(dirname(dirname(path)), "lib");
  const folders = path.startsWith("/usr/") ? [] : libraryFolders(lib);
  return folders.length > 0 ? { ...process.env, LD_LIBRARY_PATH: folders.join(":") } : process.env;
}

function libraryFolders(lib) {
  return ["x86_64", "aarch64", "arm"].flatMap((cpu) =>
    ["gnu", "gnueabihf"].map((abi) => join(lib, `${cpu}-linux-${abi}`)).filter((folder) => existsSync(folder)),
  );
}

function searchPath() {
  return [...new Set([...(process.env.PATH ?? "").split(delimiter).filter(Boolean), ...usualFolders])];
}

function candidates(folders) {
  return ["mariadbd", "mysqld"].flatMap((name) => folders.map((folder) => join(folder, name))).filter(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // that is the answer
  }
}

function waysOut(complaints) {
  return [
    "there is no MariaDB for the private database.",
    ...complaints.map((complaint) => `  - ${complaint}`),
    "Any of these helps:",
    "  - Debian, Ubuntu:  sudo apt-get install mariadb-server-core",
    "  - Fedora:          sudo dnf install mariadb-server",
    "  - macOS:           brew install mariadb",
    "  - a MariaDB elsewhere on this machine:  TENANTRY_MARIADBD=/path/to/mariadbd npm start",
    "  - a MariaDB or MySQL server that runs already, whose admin you are:",
    "      TENANTRY_REGISTRY_URL=mysql://user:password@host:3306/tenantry TENANTRY_ENCRYPTION_KEY=$(openssl rand -base64 32) npm start",
    "  - such a server with Docker, for the line above:",
    "      docker run -d -p 127.0.0.1:3306:3306 -e MARIADB_ROOT_PASSWORD=choose-one mariadb:10.11",
  ].join("\n");
}
