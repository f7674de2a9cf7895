import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { z } from "zod";

/** Tells a process from a later one that was given the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, as the system puts it; opaque, compared for equality only. */
  readonly startedAt: string;
}

/** How an identity is kept in a file. */
export const processIdentityShape = z.object({ pid: z.number().int().positive(), startedAt: z.string() });

/** The running process with this number, or `undefined` when there is none (a zombie is none). */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const startedAt = process.platform === "linux" ? await startOnLinux(pid) : await startByPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether exactly this process still runs. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const now = await identify(identity.pid);
  return now?.startedAt === identity.startedAt;
}

/** A process that was started with this argument, with all its arguments. Looks at every process: for when no record was left. Linux only. */
export async function findByArgument(
  argument: string,
): Promise<{ readonly identity: ProcessIdentity; readonly args: readonly string[] } | undefined> {
  const names = process.platform === "linux" ? await readdir("/proc") : [];
  for (const pid of names.filter((name) => /^\d+$/.test(name)).map(Number)) {
    const args = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
    const identity = args.includes(argument) ? await identify(pid) : undefined;
    if (identity) return { identity, args };
  }
  return undefined;
}

async function startOnLinux(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The name, in brackets, may hold anything; the fields after it are numbered from 3 (proc(5)): 3 is the state, 22 the start time.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTime] = [fields?.[0], fields?.[19]];
  return state === "Z" || state === "X" ? undefined : startTime;
}

async function startByPs(pid: number): Promise<string | undefined> {
  const listed = promisify(execFile)("ps", ["-o", "stat=,lstart=", "-p", String(pid)]);
  const [state, ...start] = await listed.then(({ stdout }) => stdout.trim().split(/\s+/)).catch(() => []);
  return state === undefined || state.startsWith("Z") ? undefined : start.join(" ");
}
