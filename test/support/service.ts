import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface ServiceOptions {
  /** Data directory of its own; made by the caller, removed by the caller. */
  readonly dataDir: string;
  /** Environment beside PATH and HOME, e.g. TENANTRY_REGISTRY_URL. */
  readonly env: Readonly<Record<string, string>>;
  /** Where it listens; absent: at a port that nobody listens on. */
  readonly port?: number;
}

/** A real service in a process of its own, as `npm start` runs it. */
export class ServiceProcess {
  #output = "";
  readonly exited: Promise<number | NodeJS.Signals>;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    child.stdout?.on("data", (chunk: Buffer) => {
      this.#output += chunk.toString("utf8");
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      this.#output += chunk.toString("utf8");
    });
    this.exited = new Promise((resolve) => {
      child.on("exit", (code, signal) => resolve(signal ?? code ?? -1));
    });
  }

  /** Spawns it; it may not be ready yet. */
  static async spawn(options: ServiceOptions): Promise<ServiceProcess> {
    const port = options.port ?? (await freePort());
    const child = spawn(process.execPath, ["dist/main.js", "serve"], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NODE_ENV: "test",
        PORT: String(port),
        TENANTRY_DATA_DIR: options.dataDir,
        ...options.env,
      },
    });
    return new ServiceProcess(child, `http://127.0.0.1:${port}`);
  }

  /** Resolves when the text was written; for what comes after it is ready. @throws with its output when it ends before */
  says(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => this.#output.includes(text) && resolve();
      for (const stream of [this.child.stdout, this.child.stderr]) stream?.on("data", look);
      void this.exited.then((how) => reject(new Error(`The service ended with ${how}:\n${this.#output}`)));
      look();
    });
  }

  /** Spawns it and waits until it answers as ready. @throws with its output when it ends before */
  static async start(options: ServiceOptions): Promise<ServiceProcess> {
    const service = await ServiceProcess.spawn(options);
    await service.ready();
    return service;
  }

  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  async ready(): Promise<void> {
    let ended: number | NodeJS.Signals | undefined;
    void this.exited.then((how) => {
      ended = how;
    });
    for (;;) {
      if (ended !== undefined) throw new Error(`The service ended with ${ended}:\n${this.#output}`);
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      await answer?.arrayBuffer();
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** kill -9, and waits until it is gone. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exited;
  }

  /** SIGTERM. @returns its exit code */
  async stop(): Promise<number | NodeJS.Signals> {
    this.child.kill("SIGTERM");
    return this.exited;
  }
}

/** Builds what the service is started from, where it is not current. */
export async function buildService(): Promise<void> {
  await promisify(execFile)(process.execPath, ["scripts/build.mjs"], { cwd: root });
}

/** A port that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
