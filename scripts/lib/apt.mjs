// Debian's and Ubuntu's package of the MariaDB server, with or without root.
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "./terminal.mjs";

const server = "mariadb-server-core";
/** What it needs beside the base system, by the names of Debian 12 and later and Ubuntu 22.04 and later. */
const libraries = ["libaio1", "libaio1t64", "libnuma1", "liburing2", "libpmem1", "liblz4-1", "libsnappy1v5"];

/** Whether this system can fetch and unpack Debian packages. */
export function aptAvailable() {
  return ["/usr/bin/apt-get", "/usr/bin/dpkg"].every((path) => existsSync(path));
}

/** Unpacks the server with its libraries into a folder; no root is needed and the system stays as it is. @returns what went wrong, if anything */
export async function unpackWithApt(target) {
  const draft = `${target}.${randomUUID()}`;
  mkdirSync(join(draft, "apt/lists/partial"), { recursive: true });
  mkdirSync(join(draft, "apt/cache/archives/partial"), { recursive: true });
  try {
    const failure = await download(draft);
    if (failure) return failure;
    const unpacked = join(draft, "unpacked");
    for (const name of readdirSync(draft).filter((one) => one.endsWith(".deb"))) {
      const { code, output } = await run("dpkg", ["-x", join(draft, name), unpacked], { quiet: true });
      if (code !== 0) return output;
    }
    rmSync(target, { recursive: true, force: true });
    renameSync(unpacked, target);
    return undefined;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function download(draft) {
  const apt = (...args) => run("apt-get", [...aptOptions(join(draft, "apt")), ...args], { quiet: true, cwd: draft });
  // A source that does not answer is no failure yet: the package may come from another.
  const updated = await apt("update");
  const plan = await apt("--simulate", "--no-install-recommends", "install", server);
  const missing = [...plan.output.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name);
  // What the system has counts as installed, and may be broken or hidden: the libraries come along in any case.
  const offered = [];
  for (const name of libraries) {
    const { code } = await apt("--print-uris", "download", name);
    if (code === 0) offered.push(name);
  }
  const { code, output } = await apt("download", ...new Set([server, ...missing, ...offered]));
  return code === 0 ? undefined : [updated.output, output].join("\n").trim();
}

/** Lists and archives in folders of our own, so that neither root nor the system's state is needed. */
function aptOptions(folder) {
  const settings = {
    "Dir::State": folder,
    "Dir::State::Lists": join(folder, "lists"),
    "Dir::State::status": "/var/lib/dpkg/status",
    "Dir::Cache": join(folder, "cache"),
    "Dir::Log": folder,
    "Debug::NoLocking": "1",
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
    "Acquire::Retries": "2",
    "APT::Get::List-Cleanup": "0",
  };
  return ["-qq", ...Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`])];
}

/** Installs the server on the system, for root. @returns what went wrong, if anything */
export async function installWithApt() {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "-qq"], { quiet: true, env });
  const { code, output } = await run("apt-get", ["install", "-y", "--no-install-recommends", server], {
    quiet: true,
    env,
  });
  return code === 0 ? undefined : output.trim();
}
