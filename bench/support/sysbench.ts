import { execFile } from "node:child_process";
import { access, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Debian's packages of sysbench and of what it links to. */
const packages = ["sysbench", "libmariadb3", "libluajit-5.1-2", "libluajit-5.1-common", "libpq5"];
const libraries = "usr/lib/x86_64-linux-gnu";

/** sysbench gave no figure. */
export class SysbenchFailed extends Error {
  override readonly name = "SysbenchFailed";
}

/** What sysbench is to do. */
export interface SysbenchLoad {
  /** Path of the Lua script. */
  readonly script: string;
  readonly events: number;
  readonly threads: number;
  readonly options: readonly string[];
}

/** sysbench as Debian has it: installed, or unpacked beside the system for the time of a run. */
export class Sysbench {
  private constructor(
    private readonly binary: string,
    private readonly libraryPath: string | undefined,
    private readonly folder: string | undefined,
  ) {}

  /** @returns undefined where it is not installed and cannot be downloaded */
  static async find(): Promise<Sysbench | undefined> {
    const installed = "/usr/bin/sysbench";
    if (await exists(installed)) return new Sysbench(installed, undefined, undefined);
    const folder = await mkdtemp(join(tmpdir(), "tenantry-sysbench-"));
    try {
      await run("apt-get", ["download", ...packages], { cwd: folder });
      for (const name of await readdir(folder)) {
        if (name.endsWith(".deb")) await run("dpkg", ["-x", name, "unpacked"], { cwd: folder });
      }
      return new Sysbench(join(folder, "unpacked/usr/bin/sysbench"), join(folder, "unpacked", libraries), folder);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      if (isExecFailure(error)) return undefined;
      throw error;
    }
  }

  /** On one core of the machine, as a single Node process has it. @returns events per second @throws SysbenchFailed */
  async perSecond({ script, events, threads, options }: SysbenchLoad): Promise<number> {
    const args = [script, ...options, `--threads=${threads}`, `--events=${events}`, "--time=0", "run"];
    const env = { ...process.env, ...(this.libraryPath && { LD_LIBRARY_PATH: this.libraryPath }) };
    const { stdout } = await run("taskset", ["-c", "0", this.binary, ...args], { env });
    const seconds = Number(/total time:\s+([\d.]+)s/.exec(stdout)?.[1]);
    const done = Number(/total number of events:\s+(\d+)/.exec(stdout)?.[1]);
    if (!(seconds > 0) || done < events) throw new SysbenchFailed(stdout);
    return done / seconds;
  }

  async remove(): Promise<void> {
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A program that is missing, or that ended badly. */
function isExecFailure(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error;
}
