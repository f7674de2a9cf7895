import { PassThrough } from "node:stream";
import type { Output, Terminal } from "../../../src/cli/terminal.ts";

/** An output that keeps what was written to it. */
export type KeptOutput = Output & { readonly text: string };

/** @param columns of a terminal; left out, it is a pipe */
export function keptOutput(columns?: number): KeptOutput {
  const written: string[] = [];
  const stream = new PassThrough();
  stream.on("data", (chunk: Buffer) => written.push(chunk.toString("utf8")));
  return Object.defineProperties(stream, {
    text: { get: () => written.join("") },
    isTTY: { value: columns !== undefined },
    columns: { value: columns },
  }) as PassThrough & { readonly text: string };
}

/** A terminal whose user is the test. */
export class FakeTerminal implements Terminal {
  readonly stdout: KeptOutput;
  readonly stderr: KeptOutput;
  readonly asked: string[] = [];
  left: number | undefined;
  readonly #listeners = new Set<() => void>();

  /** @param answers what is typed when asked; left out, nobody can be asked */
  constructor(
    private readonly answers?: readonly string[],
    columns?: number,
  ) {
    this.stdout = keptOutput(columns);
    this.stderr = keptOutput(columns);
  }

  get canAsk(): boolean {
    return this.answers !== undefined;
  }

  async ask(question: string): Promise<string> {
    this.asked.push(question);
    return this.answers?.[this.asked.length - 1] ?? "";
  }

  onInterrupt(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ctrl-C. */
  interrupt(): void {
    for (const listener of this.#listeners) listener();
  }

  leave(exitCode: number): void {
    this.left ??= exitCode;
  }
}
