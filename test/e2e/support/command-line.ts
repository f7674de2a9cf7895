import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const program = fileURLToPath(new URL("../../../dist/main.js", import.meta.url));

/** How a command ended, and what it said. */
export interface Ended {
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

interface Circumstances {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A command of the built command line, in a process of its own. */
export class RunningCommand {
  #stdout = "";
  #stderr = "";
  readonly ended: Promise<Ended>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on("data", (chunk: Buffer) => {
      this.#stdout += chunk.toString("utf8");
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      this.#stderr += chunk.toString("utf8");
    });
    this.ended = new Promise((resolve) => {
      child.on("close", (code, signal) =>
        resolve({ code: signal ?? code ?? -1, stdout: this.#stdout, stderr: this.#stderr }),
      );
    });
  }

  /** Starts it, with nobody to ask and pipes to write to. */
  static start(args: readonly string[], { env = {}, cwd = root }: Circumstances): RunningCommand {
    const { PATH, HOME } = process.env;
    const stdio = ["ignore", "pipe", "pipe"] as const;
    return new RunningCommand(
      spawn(process.execPath, [program, ...args], { cwd, env: { PATH, HOME, ...env }, stdio: [...stdio] }),
    );
  }

  /**
   * Starts it at a terminal of 120 columns; what it writes there, on both outputs, is `stdout`.
   * @param redirect of the shell, e.g. `>file`
   */
  static atTerminal(args: readonly string[], { env = {}, cwd = root }: Circumstances, redirect = ""): RunningCommand {
    const { PATH, HOME } = process.env;
    const words = [process.execPath, program, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
    const line = `stty cols 120; exec ${words.join(" ")} ${redirect}`;
    const all = { PATH, HOME, SHELL: "/bin/sh", TERM: "xterm", ...env };
    return new RunningCommand(spawn("script", ["-qec", line, "/dev/null"], { cwd, env: all }));
  }

  /** Resolves when the text was written, on either output. @throws with what was said when it ends before */
  says(text: string | RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const said = `${this.#stdout}\n${this.#stderr}`;
        if (typeof text === "string" ? said.includes(text) : text.test(said)) resolve();
      };
      for (const stream of [this.child.stdout, this.child.stderr]) stream?.on("data", look);
      void this.ended.then(({ code, stdout, stderr }) =>
        reject(new Error(`It ended with ${code} and never said ${text}:\n${stdout}\n${stderr}`)),
      );
      look();
    });
  }

  /** Types at its terminal. */
  type(text: string): void {
    this.child.stdin?.write(text);
  }

  /** SIGINT, as Ctrl-C sends it. */
  interrupt(): void {
    this.child.kill("SIGINT");
  }
}

/** Runs a command to its end. */
export function tenantry(args: readonly string[], circumstances: Circumstances): Promise<Ended> {
  return RunningCommand.start(args, circumstances).ended;
}
