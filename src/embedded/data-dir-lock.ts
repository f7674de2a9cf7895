import { randomUUID } from "node:crypto";
import { link, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StartRefused } from "../kit/start-refused.ts";
import { makePrivateFolder, parseState, readIfThere, writePrivateFile } from "./private-file.ts";
import { identify, isAlive, processIdentityShape } from "./process-identity.ts";

/** Another service works in this data directory. */
export class DataDirInUse extends StartRefused {
  constructor(
    readonly dataDir: string,
    readonly pid: number,
  ) {
    super(
      `Another tenantry (process ${pid}) works in the data directory ${dataDir}. Stop it, or give this one a directory of its own with TENANTRY_DATA_DIR.`,
    );
  }
}

/**
 * One service per data directory. The lock of a process that died is taken over.
 *
 * Locks are numbered files; the highest counts. Taking over is making the next number, which only one can, and nothing
 * that another may hold is ever deleted: with a single file, two that find a dead holder may each delete the other's new lock.
 */
export class DataDirLock {
  private constructor(private readonly path: string) {}

  /** Makes the directory when missing (mode 0700) and takes its lock. @throws DataDirInUse */
  static async take(dataDir: string): Promise<DataDirLock> {
    await makePrivateFolder(dataDir);
    const draft = join(dataDir, `lock.${randomUUID()}`);
    await writeFile(draft, JSON.stringify(await identify(process.pid)), { mode: 0o600, flag: "wx" });
    try {
      for (;;) {
        const last = await lastNumber(dataDir);
        const holder = parseState(await readIfThere(pathOf(dataDir, last)), processIdentityShape);
        if (holder && (await isAlive(holder))) throw new DataDirInUse(dataDir, holder.pid);
        if (await claimed(dataDir, last + 1, draft)) return new DataDirLock(pathOf(dataDir, last + 1));
      }
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Gives the directory free. The file stays, so that its number is not used twice. */
  async release(): Promise<void> {
    await writePrivateFile(this.path, "{}");
  }
}

async function claimed(dataDir: string, number: number, draft: string): Promise<boolean> {
  // A link, not a write: it appears with its content, or not at all.
  if (!(await linked(draft, pathOf(dataDir, number)))) return false;
  // The number may have been used and cleared away while we looked; then a higher one is there.
  if ((await lastNumber(dataDir)) === number) {
    for (const lower of (await numbers(dataDir)).filter((other) => other < number))
      await rm(pathOf(dataDir, lower), { force: true });
    return true;
  }
  await rm(pathOf(dataDir, number), { force: true });
  return false;
}

async function lastNumber(dataDir: string): Promise<number> {
  return Math.max(0, ...(await numbers(dataDir)));
}

async function numbers(dataDir: string): Promise<readonly number[]> {
  const names = await readdir(dataDir);
  return names.flatMap((name) => /^lock\.(\d{1,9})$/.exec(name)?.[1] ?? []).map(Number);
}

function pathOf(dataDir: string, number: number): string {
  return join(dataDir, `lock.${number}`);
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}
