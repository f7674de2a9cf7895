import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A program of the bench ended before it did what it was started for. */
export class ChildEnded extends Error {
  override readonly name = "ChildEnded";
}

/** A process that the bench started, and what it says, line by line. */
export class Child {
  readonly #lines: string[] = [];
  readonly #child: ChildProcess;
  /** How it ended: exit code or signal. */
  readonly exited: Promise<string>;
  #wake: () => void = () => undefined;
  #ended: string | undefined;
  #taken = 0;

  /** @param args of Node @param env beside PATH and HOME */
  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    const { PATH, HOME } = process.env;
    this.#child = spawn(process.execPath, args, {
      stdio: ["pipe", "pipe", "pipe"],
      env: { PATH, HOME, NODE_ENV: "production", ...env },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (line) => this.#hear(line));
    }
    this.exited = new Promise((resolve) => {
      this.#child.on("exit", (code, signal) => {
        this.#ended = String(signal ?? code);
        this.#wake();
        resolve(this.#ended);
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get output(): string {
    return this.#lines.join("\n");
  }

  /** @throws ChildEnded when it has ended */
  mustRun(): void {
    if (this.#ended !== undefined) throw new ChildEnded(`A process ended with ${this.#ended}:\n${this.output}`);
  }

  /** The rest of the next line that begins with `prefix`; lines before it are passed over. @throws ChildEnded */
  async line(prefix: string): Promise<string> {
    for (;;) {
      const next = this.#lines[this.#taken];
      if (next !== undefined) {
        this.#taken += 1;
        if (next.startsWith(prefix)) return next.slice(prefix.length).trim();
        continue;
      }
      this.mustRun();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Writes a line to its standard input. */
  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** SIGTERM, and waits until it is gone. */
  async stop(): Promise<void> {
    if (this.#ended === undefined) this.#child.kill("SIGTERM");
    await this.exited;
  }

  #hear(line: string): void {
    this.#lines.push(line);
    this.#wake();
  }
}
