// What every script shares: where things are, how people are told, how other programs are run.
// Plain Node without dependencies, because it runs before node_modules exists.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Something that whoever runs the script can mend; its message says how. */
export class ScriptFailed extends Error {}

/** Tells the person at the terminal what happens. On standard error: standard output belongs to what was asked for. */
export function say(text) {
  process.stderr.write(`tenantry: ${text}\n`);
}

const children = new Set();
let interruptedBy;

/** Makes Ctrl-C and SIGTERM end the programs that we run, and us when they have ended. @returns what takes that back */
function endChildrenOnSignal() {
  const onSignal = (signal) => {
    if (interruptedBy || children.size === 0) leave(signal);
    interruptedBy = signal;
    for (const child of children) child.kill(signal);
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return () => process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
}

function leave(signal) {
  process.exit(signal === "SIGINT" ? 130 : 143);
}

/**
 * Runs a program to its end.
 * @param {{ cwd?: string, env?: object, quiet?: boolean }} options quiet: its output is returned, not shown
 * @returns {Promise<{ code: number, output: string }>} code 127 when there is no such program
 */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const stdio = options.quiet ? ["ignore", "pipe", "pipe"] : "inherit";
    const child = spawn(program, args, { cwd: options.cwd ?? root, env: options.env ?? process.env, stdio });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
    children.add(child);
    child.on("error", (error) => resolve({ code: error.code === "ENOENT" ? 127 : 126, output: error.message }));
    child.on("close", (code) => {
      children.delete(child);
      if (interruptedBy && children.size === 0) leave(interruptedBy);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Runs a script's main function: its failures are a sentence, its bugs a stack. */
export async function main(work) {
  const release = endChildrenOnSignal();
  try {
    const code = await work();
    release();
    if (code) process.exitCode = code;
  } catch (error) {
    process.stderr.write(`tenantry: ${error instanceof ScriptFailed ? error.message : error.stack}\n`);
    process.exit(1);
  }
}

/** Path of a file of an installed package. */
export function installed(...path) {
  return join(root, "node_modules", ...path);
}
