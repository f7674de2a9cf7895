import { execFile } from "node:child_process";
import { access, readdir, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { StartRefused } from "../kit/start-refused.ts";

/** A MariaDB server program with the files that belong to it. */
export interface MariaDbInstallation {
  readonly binary: string;
  /** e.g. `10.11.19`. */
  readonly version: string;
  /** Folder of the error messages, character sets and the SQL files that fill a new data folder. */
  readonly shareDir: string;
  /** The whole environment that the program gets. Ours stays with us: it holds secrets. */
  readonly env: Readonly<Record<string, string>>;
}

/** The program cannot run a private database. */
export class UnusableMariaDb extends StartRefused {}

const leastVersion = [10, 6] as const;
const systemTables = "mysql_system_tables.sql";

/** Where the program stands, on systems that we know. */
const usualPlaces = [
  "/usr/sbin",
  "/usr/bin",
  "/usr/libexec",
  "/usr/local/sbin",
  "/usr/local/bin",
  "/opt/homebrew/opt/mariadb/bin",
  "/usr/local/opt/mariadb/bin",
].map((folder) => join(folder, "mariadbd"));

/** The machine's `mariadbd`, or the one that was unpacked below the data directory. @throws UnusableMariaDb */
export async function findMariaDb(dataDir: string): Promise<string> {
  const path = await firstThere([...usualPlaces, join(dataDir, "cache/mariadb/usr/sbin/mariadbd")]);
  if (path) return path;
  throw new UnusableMariaDb(
    "There is no mariadbd on this machine. `npm start` gets one; or say where it is with TENANTRY_MARIADBD, or which registry to use with TENANTRY_REGISTRY_URL.",
  );
}

/** Looks at a `mariadbd` program: Debian's, Homebrew's, a tarball's, or Debian's package unpacked anywhere. @throws UnusableMariaDb */
export async function inspectMariaDb(binary: string): Promise<MariaDbInstallation> {
  const prefixes = [
    ...new Set([binary, await realpath(binary).catch(() => binary)].map((path) => dirname(dirname(path)))),
  ];
  const env = { PATH: "/usr/bin:/bin", ...(await libraryPath(prefixes)) };
  const version = await versionOf(binary, env);
  const names = ["mysql", "mariadb"].map((name) => join("share", name, systemTables));
  const tables = await firstThere(prefixes.flatMap((prefix) => names.map((name) => join(prefix, name))));
  if (tables) return { binary, version, shareDir: dirname(tables), env };
  throw new UnusableMariaDb(`${systemTables}, which belongs to ${binary}, is not below ${prefixes.join(" or ")}.`);
}

async function versionOf(binary: string, env: MariaDbInstallation["env"]): Promise<string> {
  const said = await promisify(execFile)(binary, ["--no-defaults", "--version"], { env, timeout: 20_000 })
    .then(({ stdout }) => stdout)
    .catch((cause: unknown) => {
      throw new UnusableMariaDb(`${binary} does not run.`, { cause });
    });
  const [, version, major, minor] = /Ver ((\d+)\.(\d+)\.\d+)-MariaDB/.exec(said) ?? [];
  const [leastMajor, leastMinor] = leastVersion;
  const enough = Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor);
  if (version && enough) return version;
  throw new UnusableMariaDb(
    `${binary} says "${said.trim()}", but a private database needs MariaDB ${leastVersion.join(".")} or later. Any other MySQL server can be used through TENANTRY_REGISTRY_URL.`,
  );
}

/** An unpacked package has its libraries beside it, where the system does not look for them. */
async function libraryPath(prefixes: readonly string[]): Promise<{ LD_LIBRARY_PATH?: string }> {
  if (process.platform !== "linux") return {};
  const found: string[] = [];
  for (const prefix of prefixes.filter((path) => path !== "/usr" && path !== "/usr/local")) {
    const names = await readdir(join(prefix, "lib")).catch(() => []);
    found.push(...names.filter((name) => name.endsWith("-linux-gnu")).map((name) => join(prefix, "lib", name)));
  }
  return found.length > 0 ? { LD_LIBRARY_PATH: found.join(":") } : {};
}

async function firstThere(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (there) return path;
  }
  return undefined;
}
