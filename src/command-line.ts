import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { processTerminal } from "./cli/process-terminal.ts";
import { runCommandLine } from "./cli/run-command-line.ts";
import { KeyFiles } from "./embedded/key-files.ts";
import { systemClock } from "./kit/clock.ts";
import { uuidv7Ids } from "./kit/ids.ts";

/** What the shell gives, and what else can be done. */
export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of package.json. */
  readonly packageRoot: string;
  /** Runs the service. @returns its exit code */
  serve(): Promise<number>;
}

/** Runs one command of the command line. @param args without the program's own name @returns the exit code */
export function runFromShell(args: readonly string[], { env, packageRoot, serve }: Shell): Promise<number> {
  return runCommandLine(args, {
    terminal: processTerminal(),
    env,
    envFile: parseEnv(textOf(".env") ?? ""),
    version: versionIn(packageRoot),
    clock: systemClock,
    newKey: () => uuidv7Ids.next(),
    random: Math.random,
    readFile: textOf,
    dataDirKey: (dataDir) => new KeyFiles(resolve(dataDir)).adminKey(),
    serve,
  });
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function versionIn(packageRoot: string): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
  return String(version);
}
