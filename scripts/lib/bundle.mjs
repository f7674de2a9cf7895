// One file out of many: half the start-up time of loading them one by one, and a running service that no later build can break.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { root, run, ScriptFailed } from "./terminal.mjs";

/** Bundles an entry with all its packages into one module for Node, an ES module unless it is called .cjs, with a source map beside it. */
export async function bundle(entry, file, plugins = []) {
  const { build } = await import("rolldown");
  const format = file.endsWith(".cjs") ? "cjs" : "esm";
  await build({ ...options(join(root, entry)), plugins, output: { ...output, format, file, codeSplitting: false } });
  if (!existsSync(file)) throw new TypeError(`The bundler made no ${file}.`);
  writeFileSync(file, asciiOnly(readFileSync(file, "utf8")));
}

/**
 * Bundles an entry, and each module that it imports lazily, into files of their own in the folder. Each holds all that it needs:
 * what they share is there twice, so a class of one is no class of another. The lazy ones are kept compiled.
 */
export async function bundleApart(entry, lazy, folder) {
  for (const path of lazy) {
    const bundled = join(folder, nameOf(path).replace(/\.js$/, ".cjs"));
    await bundle(path, bundled);
    writeFileSync(join(folder, nameOf(path)), await keptCompiled(bundled, folder));
  }
  await bundle(entry, join(folder, nameOf(entry)), [besideIt(lazy)]);
}

/** In a process of its own, because the bundle is run. @returns an ES module with what the bundle exports */
async function keptCompiled(bundled, folder) {
  const loader = "load-compiled.js";
  copyFileSync(join(root, "scripts/lib/load-compiled.mjs"), join(folder, loader));
  const from = pathToFileURL(join(folder, loader)).href;
  const work = `import { keepCompiled } from ${JSON.stringify(from)};
    console.log("exports", Object.keys(keepCompiled(${JSON.stringify(bundled)})).join(", "));
    process.exit();`;
  const { code, output } = await run(process.execPath, ["--input-type=module", "--eval", work], { quiet: true });
  const [, names] = /^exports (.+)$/m.exec(output) ?? [];
  if (code !== 0 || !names) throw new ScriptFailed(`${bundled} cannot be loaded:\n${output}`);
  return `import { fileURLToPath } from "node:url";
import { loadCompiled } from "./${loader}";
export const { ${names} } = loadCompiled(fileURLToPath(new URL("${basename(bundled)}", import.meta.url)));
`;
}

function nameOf(path) {
  return basename(path).replace(/\.ts$/, ".js");
}

/** Leaves modules out that lie in files of their own beside the bundle. */
function besideIt(paths) {
  const files = new Map(paths.map((path) => [join(root, path), `./${nameOf(path)}`]));
  return {
    name: "beside-it",
    resolveId(source, importer) {
      const file = importer && files.get(join(dirname(importer), source));
      return file ? { id: file, external: true } : undefined;
    },
  };
}

/**
 * Bundles each entry into a module of its own, which lies in the folder as the entry lies below `base`; what they share is
 * there once.
 */
export async function bundleEach(entries, base, folder) {
  const { build } = await import("rolldown");
  const input = Object.fromEntries(
    entries.map((entry) => [relative(base, entry).replace(/\.ts$/, ""), join(root, entry)]),
  );
  // It looks for files of its own beside itself.
  const external = ["playwright-core"];
  const files = { ...output, format: "esm", dir: folder, entryFileNames: "[name].js" };
  await build({ ...options(input), external, output: files });
}

const output = { sourcemap: true };

function options(input) {
  return {
    input,
    cwd: root,
    platform: "node",
    tsconfig: join(root, "tsconfig.json"),
    // type-graphql and @apollo/server would each bring a copy of their own module format, and graphql refuses strangers.
    resolve: { alias: { graphql: join(root, "node_modules/graphql/index.mjs") } },
    checks: { eval: false },
    logLevel: "warn",
  };
}

/**
 * V8 keeps a source with one character beyond Latin-1 at two bytes a character, for as long as the process lives:
 * 150 MB of resident memory after the start instead of 105, measured with all our packages.
 */
export function asciiOnly(source) {
  // An escape after a backslash would be another character, so such a source stays as it is.
  if (/\\[\u0080-\uffff]/.test(source)) return source;
  return source.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
