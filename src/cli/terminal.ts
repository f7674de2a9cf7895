/** Something that text is written to: a terminal, a file or a pipe. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** Where the command line speaks, asks, and hears Ctrl-C. */
export interface Terminal {
  /** For data. */
  readonly stdout: Output;
  /** For people: progress, notes, complaints. */
  readonly stderr: Output;
  /** Whether there is somebody to ask. */
  readonly canAsk: boolean;
  /** Asks on stderr, and waits for a line. */
  ask(question: string): Promise<string>;
  /** Calls the listener at each Ctrl-C, which then ends nothing by itself. @returns what takes the listener off */
  onInterrupt(listener: () => void): () => void;
  /** Ends the process at once. */
  leave(exitCode: number): void;
}
