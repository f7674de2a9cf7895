import { execFileSync } from "node:child_process";
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import type { BenchDatabase } from "./bench-database.ts";
import { timed } from "./series.ts";

/** What the numbers of a run depend on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMb: number;
  readonly node: string;
  readonly database: string;
  /** `innodb_flush_log_at_trx_commit`; 1: a commit is on the disk. */
  readonly flushAtCommit: number;
  /** Median milliseconds of writing 4 KB and fdatasync. */
  readonly fsyncMs: number;
  /** Of the last minute before the run. */
  readonly load: number;
  readonly commit: string;
}

/** @param folder where the database keeps its files */
export async function lookAtMachine(database: BenchDatabase, folder: string): Promise<Machine> {
  const load = loadavg()[0] ?? 0;
  const facts = "SELECT VERSION() AS version, @@innodb_flush_log_at_trx_commit AS flush";
  const [row] = await database.rows<{ version: string; flush: number }>(facts);
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryMb: Math.round(totalmem() / 1024 / 1024),
    node: process.version,
    database: row?.version ?? "unknown",
    flushAtCommit: Number(row?.flush),
    fsyncMs: await fsyncMs(folder),
    load: Math.round(load * 100) / 100,
    commit: commit(),
  };
}

async function fsyncMs(folder: string): Promise<number> {
  const path = join(folder, "fsync-probe");
  const file = openSync(path, "w");
  const block = Buffer.alloc(4096);
  const times: number[] = [];
  for (let n = 0; n < 101; n += 1) {
    times.push(
      await timed(async () => {
        writeSync(file, block);
        fdatasyncSync(file);
      }),
    );
  }
  closeSync(file);
  rmSync(path);
  return Math.round((times.toSorted((a, b) => a - b)[50] ?? Number.NaN) * 1000) / 1000;
}

/** `-dirty` where src/ or bench/ differ from it. */
function commit(): string {
  const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
  try {
    const changed = git("status", "--porcelain", "--", "src", "bench") !== "";
    return git("rev-parse", "--short", "HEAD") + (changed ? "-dirty" : "");
  } catch {
    return "unknown"; // an unpacked archive has no history
  }
}
