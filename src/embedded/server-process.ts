import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createConnection, createServer } from "node:net";
import { z } from "zod";
import type { Clock } from "../kit/clock.ts";
import { StartRefused } from "../kit/start-refused.ts";
import { parseState, readIfThere, writePrivateFile } from "./private-file.ts";
import { findByArgument, identify, isAlive, type ProcessIdentity, processIdentityShape } from "./process-identity.ts";
import type { ServerFolder } from "./server-folder.ts";

const recordShape = processIdentityShape.extend({ port: z.number().int() });

/** The private MariaDB did not come up; its own words are in the message. */
export class ServerNotUp extends StartRefused {}

/** What starts a server, and the file that tells of it afterwards. */
export interface ServerCommand {
  readonly binary: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  readonly log: string;
  readonly processFile: string;
}

/** A running server: ours, or one that a killed service left behind. */
export class ServerProcess {
  private constructor(
    private readonly identity: ProcessIdentity,
    readonly port: number,
    private readonly log: string,
    private readonly clock: Clock,
  ) {}

  get pid(): number {
    return this.identity.pid;
  }

  /** Starts one; it may not answer yet. In a session of its own, so that Ctrl-C reaches us alone and we stop it last. */
  static async spawn(command: ServerCommand, clock: Clock): Promise<ServerProcess> {
    const child = spawn(command.binary, command.args, { env: command.env, stdio: "ignore", detached: true });
    const failed = new Promise<never>((_, reject) => child.on("error", reject));
    child.unref();
    const identity = await Promise.race([failed, child.pid === undefined ? failed : identify(child.pid)]);
    if (!identity) throw new ServerNotUp(`MariaDB ended at once:\n${await tail(command.log)}`);
    await writePrivateFile(command.processFile, JSON.stringify({ ...identity, port: command.port }));
    return new ServerProcess(identity, command.port, command.log, clock);
  }

  /** The one that the file tells of, when it still runs; or one that was started and not yet written down. */
  static async adopt(folder: ServerFolder, clock: Clock): Promise<ServerProcess | undefined> {
    const record = parseState(await readIfThere(folder.processFile), recordShape);
    if (record && (await isAlive(record))) return new ServerProcess(record, record.port, folder.log, clock);
    const found = (await folder.hasData()) ? await findByArgument(`--datadir=${folder.data}`) : undefined;
    const port = found?.args.find((arg) => arg.startsWith("--port="))?.slice("--port=".length);
    return found && port ? new ServerProcess(found.identity, Number(port), folder.log, clock) : undefined;
  }

  async alive(): Promise<boolean> {
    return isAlive(this.identity);
  }

  /** Waits until it takes connections; recovery after a crash may take a while. @throws ServerNotUp, or the signal's reason */
  async untilUp(deadlineMs: number, signal?: AbortSignal): Promise<void> {
    const end = this.clock.monotonicMs() + deadlineMs;
    while (!(await greets(this.port))) {
      if (!(await this.alive())) throw new ServerNotUp(`MariaDB ended while it started:\n${await tail(this.log)}`);
      if (this.clock.monotonicMs() > end) {
        throw new ServerNotUp(`MariaDB was not up after ${deadlineMs} ms:\n${await tail(this.log)}`);
      }
      await this.clock.sleep(20, signal);
    }
  }

  /** Stops it in order; kills it after `patienceMs`, which loses nothing that was committed. @returns whether it went by itself */
  async stop(patienceMs: number): Promise<boolean> {
    const end = this.clock.monotonicMs() + patienceMs;
    if (await this.alive()) process.kill(this.pid, "SIGTERM");
    while (await this.alive()) {
      if (this.clock.monotonicMs() > end) {
        process.kill(this.pid, "SIGKILL");
        return false;
      }
      await this.clock.sleep(20);
    }
    return true;
  }
}

/** Whether a connection gets the server's greeting, which it sends only after its init file. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    const end = (up: boolean) => {
      socket.destroy();
      resolve(up);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once("data", () => end(true));
    socket.once("error", () => end(false));
    socket.once("close", () => end(false));
  });
}

/** A port that nobody listens on now: the wanted one, else any. */
export function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" && wanted !== 0) resolve(freePort(0));
      else reject(error);
    });
    probe.listen({ host: "127.0.0.1", port: wanted, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : wanted));
    });
  });
}

async function tail(log: string): Promise<string> {
  const text = await readFile(log, "utf8").catch(() => `(there is no ${log})`);
  return text.trim().split("\n").slice(-15).join("\n");
}
