import { join } from "node:path";
import type { MariaDbInstallation } from "./mariadb-installation.ts";
import type { ServerFolder } from "./server-folder.ts";

/** What every run of the program needs, filling a data folder included. */
export function commonArguments(installation: MariaDbInstallation, folder: ServerFolder): readonly string[] {
  const asRoot = process.getuid?.() === 0;
  return [
    "--no-defaults",
    ...(asRoot ? ["--user=root"] : []),
    `--lc-messages-dir=${installation.shareDir}`,
    `--character-sets-dir=${join(installation.shareDir, "charsets")}`,
    `--tmpdir=${folder.tmp}`,
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_general_ci",
  ];
}

/** What tests may have otherwise. */
export interface ServerManner {
  readonly durable: boolean;
  readonly symbolicLinks: boolean;
}

/** How the private server runs. Only the loopback address can reach it, and no statement can reach a file of ours. */
export function serverArguments(
  installation: MariaDbInstallation,
  folder: ServerFolder,
  options: ServerManner & { readonly port: number },
): readonly string[] {
  return [
    ...commonArguments(installation, folder),
    `--datadir=${folder.data}`,
    `--socket=${folder.socket}`,
    `--pid-file=${folder.pidFile}`,
    `--log-error=${folder.log}`,
    `--init-file=${folder.initFile}`,
    `--secure-file-priv=${folder.files}`,
    "--local-infile=0",
    // Else a tenant could put its tables into a folder of its choice (DATA DIRECTORY), another tenant's included.
    `--symbolic-links=${options.symbolicLinks ? 1 : 0}`,
    "--bind-address=127.0.0.1",
    `--port=${options.port}`,
    // Without names there is no host cache either, which would shut out 127.0.0.1 after a hundred broken connections.
    "--skip-name-resolve",
    "--default-time-zone=+00:00",
    "--max-connections=500",
    // A thousand tenants of a dozen tables are open at a time in a fleet-wide look.
    "--table-definition-cache=4000",
    "--max-allowed-packet=64M",
    // Its tables cost 80 MB and nobody reads them.
    "--performance-schema=OFF",
    `--innodb-flush-log-at-trx-commit=${options.durable ? 1 : 2}`,
  ];
}
