import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { z } from "zod";

/** The text of a file, or `undefined` when there is no such file. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** What a text of JSON holds, or `undefined` when it is absent, cut off by a crash or of another shape. */
export function parseState<Value>(text: string | undefined, shape: z.ZodType<Value>): Value | undefined {
  try {
    return shape.safeParse(JSON.parse(text ?? "")).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Writes a file that only we may read (mode 0600): wholly or not at all, and on the disk when it returns. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  // A new name is on the disk only when its folder is.
  const folder = await open(dirname(path), "r");
  await folder.sync().finally(() => folder.close());
}

/** Makes a folder that only we may enter (mode 0700), with those above it. */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
