import { createInterface } from "node:readline/promises";
import { exitCodes } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  for (const output of [stdout, stderr]) {
    // Whoever read us has seen enough: `tenantry jobs list --all | head -1`.
    output.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : exitCodes.bug));
  }
  return {
    stdout,
    stderr,
    canAsk: stdin.isTTY === true && stderr.isTTY === true,
    async ask(question) {
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        lines.on("SIGINT", () => process.exit(exitCodes.interrupted));
        // Whoever ends the input has typed nothing.
        const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
        return await Promise.race([lines.question(question), ended]);
      } finally {
        lines.close();
      }
    },
    onInterrupt(listener) {
      process.on("SIGINT", listener);
      return () => process.off("SIGINT", listener);
    },
    leave: (exitCode) => process.exit(exitCode),
  };
}
