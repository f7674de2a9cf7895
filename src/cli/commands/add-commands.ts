import type { Program } from "../program.ts";

/** Adds every command but `serve`. */
export function addCommands(_program: Program): void {
  // One after the other.
}
