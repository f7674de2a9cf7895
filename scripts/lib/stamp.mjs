// Whether something that was made from files is older than they are, by content: checkouts change times at will.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** A digest of the names and contents of files and folders; what is not there counts as empty. */
export function contentStamp(root, paths) {
  const hash = createHash("sha256").update(process.versions.node);
  for (const path of paths.flatMap((one) => filesBelow(join(root, one)))) {
    hash.update(`\0${relative(root, path)}\0`).update(readFileSync(path));
  }
  return hash.digest("hex");
}

function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .filter((name) => name !== "node_modules" && !name.startsWith("."))
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}
