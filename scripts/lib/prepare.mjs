// The set-up that every command begins with.
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { ensureBuilt } from "../build.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { ensureMariaDb } from "./mariadb.mjs";
import { root } from "./terminal.mjs";

/** Dependencies, build and, where one is wanted, the MariaDB program. @returns its path */
export async function prepare({ mariadb }) {
  await ensureDependencies(root);
  await ensureBuilt();
  if (!mariadb) return undefined;
  const dataDir = resolve(process.env.TENANTRY_DATA_DIR || ".tenantry");
  // The folder will hold keys.
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return ensureMariaDb({ cache: join(dataDir, "cache"), given: process.env.TENANTRY_MARIADBD });
}

/** Reads .env of the working directory; what the environment has already goes first. */
export function readEnvFile() {
  if (existsSync(".env")) process.loadEnvFile(".env");
}
