import { CommanderError } from "commander";
import { addCommands } from "./commands/add-commands.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { Failure } from "./failure.ts";
import { Program } from "./program.ts";
import { printerFor } from "./session.ts";
import type { Surroundings } from "./surroundings.ts";

/** Runs one command. @param args without the program's own name @returns the exit code */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const program = new Program(surroundings);
  addCommands(program);
  try {
    return await program.run(args);
  } catch (error) {
    return failed(error, program, surroundings);
  }
}

function failed(error: unknown, program: Program, surroundings: Surroundings): ExitCode {
  // Commander has said already what was wrong; help and version are no failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.passed : exitCodes.usage;
  const printer = printerFor(program.options, surroundings);
  if (error instanceof Failure) {
    printer.complain(error.message);
    return error.exitCode;
  }
  printer.complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exitCodes.bug;
}
