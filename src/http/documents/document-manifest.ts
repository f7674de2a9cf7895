import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { StartRefused } from "../../kit/start-refused.ts";

/** What code generators write: the text of each document under `sha256:` and its hash in hexadecimal, or under the hash alone. */
const manifestFile = z.record(z.string(), z.string());

/**
 * Reads manifests of trusted documents.
 * @returns the texts by their SHA-256 in hexadecimal
 * @throws StartRefused when a file cannot be read, is no manifest, or names a document by another's hash
 */
export async function readManifests(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const all = await Promise.all(paths.map(readManifest));
  return new Map(all.flatMap((one) => [...one]));
}

async function readManifest(path: string): Promise<readonly (readonly [hash: string, text: string])[]> {
  const parsed = manifestFile.safeParse(await readJson(path));
  if (!parsed.success) throw new StartRefused(`${path} is no manifest of documents: one JSON object, hash to text.`);
  return Object.entries(parsed.data).map(([name, text]) => {
    const hash = hashNamed(name);
    if (hash === sha256(text)) return [hash, text] as const;
    throw new StartRefused(`${path} names a document "${name}", which is not its SHA-256 hash.`);
  });
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new StartRefused(`The manifest of trusted documents ${path} could not be read.`, { cause: error });
  }
}

/** The hash that `sha256:…` or a bare hash names, in lower case. */
export function hashNamed(name: string): string {
  return name.replace(/^sha256:/, "").toLowerCase();
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
