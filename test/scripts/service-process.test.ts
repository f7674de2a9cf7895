import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { EmbeddedMariaDb } from "../../src/embedded/embedded-mariadb.ts";
import { identify } from "../../src/embedded/process-identity.ts";
import { freePort } from "../support/service.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The service as `node dist/main.js serve` runs it. */
class Service {
  #said = "";
  readonly exited: Promise<number>;

  constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#said += chunk.toString("utf8");
      });
    }
    this.exited = once(child, "close").then(([code]) => code ?? -1);
  }

  get said(): string {
    return this.#said;
  }

  /** Resolves when the text was said; rejects when the service ends before. */
  says(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => this.#said.includes(text) && resolve();
      for (const stream of [this.child.stdout, this.child.stderr]) stream?.on("data", look);
      void this.exited.then(() => reject(new Error(`It ended and had said:\n${this.#said}`)));
      look();
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

async function aDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), "tenantry-service-"));
  onTestFinished(async () => {
    await EmbeddedMariaDb.stopLeftover(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  });
  return dataDir;
}

async function serve(dataDir: string, more: Readonly<Record<string, string>> = {}): Promise<Service> {
  const env = {
    PATH: process.env.PATH,
    PORT: String(await freePort()),
    NODE_ENV: "test",
    TENANTRY_DATA_DIR: dataDir,
    TENANTRY_MARIADBD: inject("mariadbd"),
    ...more,
  };
  const child = spawn(process.execPath, [join(root, "dist/main.js"), "serve"], { cwd: dataDir, env });
  const service = new Service(child);
  onTestFinished(async () => {
    service.kill("SIGKILL");
    await service.exited;
  });
  return service;
}

async function databasePid(dataDir: string): Promise<number> {
  return Number(await readFile(join(dataDir, "mariadb/mariadbd.pid"), "utf8"));
}

beforeAll(() => promisify(execFile)(process.execPath, ["scripts/build.mjs"], { cwd: root }), 120_000);

describe("the service as a process", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("stops all it started on %s, with exit code 0", async (signal) => {
    const dataDir = await aDataDir();
    const service = await serve(dataDir);
    await service.says("Stop it with Ctrl-C.");
    const pid = await databasePid(dataDir);
    service.kill(signal);
    expect(await service.exited).toBe(0);
    expect(await identify(pid)).toBeUndefined();
  });

  it("leaves a database when it is killed, which the next start adopts and stops", async () => {
    const dataDir = await aDataDir();
    const killed = await serve(dataDir);
    await killed.says("Stop it with Ctrl-C.");
    const pid = await databasePid(dataDir);
    killed.kill("SIGKILL");
    await killed.exited;
    const next = await serve(dataDir);
    await next.says("Stop it with Ctrl-C.");
    expect(next.said).toContain("private MariaDB adopted");
    expect(await databasePid(dataDir)).toBe(pid);
    next.kill("SIGTERM");
    expect(await next.exited).toBe(0);
    expect(await identify(pid)).toBeUndefined();
  });

  it("refuses a data directory in use in one line, and leaves the first service its database", async () => {
    const dataDir = await aDataDir();
    const first = await serve(dataDir);
    await first.says("Stop it with Ctrl-C.");
    const second = await serve(dataDir);
    expect(await second.exited).toBe(1);
    expect(second.said).toMatch(/^tenantry: Another tenantry \(process \d+\) works in the data directory .*\n$/);
    expect(await identify(await databasePid(dataDir))).toBeDefined();
  });

  it("gives the start up on a signal, and leaves nothing running", async () => {
    const dataDir = await aDataDir();
    const service = await serve(dataDir);
    await service.says("private MariaDB is made");
    service.kill("SIGTERM");
    expect(await service.exited).toBe(0);
    expect(service.said).toContain("start was given up");
  });

  it("complains of the whole configuration at once and starts nothing", async () => {
    const service = await serve(await aDataDir(), { PORT: "x", LOG_LEVEL: "loud" });
    expect(await service.exited).toBe(1);
    expect(service.said).toBe(
      "tenantry: The configuration is not usable:\n  PORT must be a whole number.\n  LOG_LEVEL must be one of debug, info, warn, error, silent.\n",
    );
  });

  it("says that its port is taken, in one line, and leaves nothing running", async () => {
    const other = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
    onTestFinished(() => void other.close());
    const dataDir = await aDataDir();
    const service = await serve(dataDir, { PORT: String(port), LOG_LEVEL: "silent" });
    expect(await service.exited).toBe(1);
    expect(service.said).toMatch(
      new RegExp(`^tenantry: Cannot listen on 127.0.0.1:${port} .*another program.*\\n$`, "i"),
    );
    await expect(databasePid(dataDir)).rejects.toMatchObject({ code: "ENOENT" });
  });
});
