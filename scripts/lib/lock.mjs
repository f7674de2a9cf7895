// One set-up at a time, across processes. Numbered files, the highest counts: see src/embedded/data-dir-lock.ts for why.

import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./terminal.mjs";

/** Does the work while no other process does work under the same folder; waits for them, breaks the locks of dead ones. */
export async function withLock(folder, work) {
  mkdirSync(folder, { recursive: true });
  const release = await take(folder);
  try {
    return await work();
  } finally {
    release();
  }
}

async function take(folder) {
  const draft = join(folder, `lock.${randomUUID()}`);
  writeFileSync(draft, JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) }));
  let told = false;
  try {
    for (;;) {
      const last = lastNumber(folder);
      const holder = holderOf(join(folder, `lock.${last}`));
      if (holder && holder.startedAt === startOf(holder.pid)) {
        if (!told) say(`waiting for the set-up of another tenantry (process ${holder.pid})`);
        told = true;
        await sleep(200);
      } else if (claim(folder, last + 1, draft)) {
        return () => giveBack(join(folder, `lock.${last + 1}`));
      }
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function claim(folder, number, draft) {
  const path = join(folder, `lock.${number}`);
  try {
    linkSync(draft, path);
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
  const won = lastNumber(folder) === number;
  const obsolete = won ? numbers(folder).filter((other) => other < number) : [number];
  for (const other of obsolete) rmSync(join(folder, `lock.${other}`), { force: true });
  return won;
}

function giveBack(path) {
  const free = `${path}.${randomUUID()}`;
  writeFileSync(free, "{}");
  renameSync(free, path);
}

function numbers(folder) {
  return readdirSync(folder)
    .flatMap((name) => /^lock\.(\d{1,9})$/.exec(name)?.[1] ?? [])
    .map(Number);
}

function lastNumber(folder) {
  return Math.max(0, ...numbers(folder));
}

function holderOf(path) {
  try {
    const holder = JSON.parse(readFileSync(path, "utf8"));
    return holder.pid ? holder : undefined;
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** When the process started, as the system puts it; undefined when there is none. */
function startOf(pid) {
  try {
    if (!existsSync("/proc/self/stat")) {
      return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    }
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined; // no such process, which is the answer
  }
}
