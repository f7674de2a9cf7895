// Loads a bundle together with what V8 made of it when it was built. Goes into dist/ as it is: no dependencies, no parts of the
// service. Compiling is half of a start, and the compiled code takes less memory than the compiler's work does.
import { isAscii } from "node:buffer";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { constants, Script } from "node:vm";

const hashLength = 32;

/**
 * Runs a CommonJS bundle. Compiled code that is missing, of other text or of another Node is left aside: then it is compiled now.
 * @returns what the bundle exports
 */
export function loadCompiled(file) {
  const source = sourceOf(file);
  return run(file, compile(file, source, compiledOf(file, source)));
}

/** Runs a bundle once and writes beside it what V8 compiled for that. @returns what the bundle exports */
export function keepCompiled(file) {
  const source = sourceOf(file);
  const script = compile(file, source);
  const exported = run(file, script);
  writeFileSync(`${file}.compiled`, Buffer.concat([hashOf(source), script.createCachedData()]));
  return exported;
}

function sourceOf(file) {
  const bytes = readFileSync(file);
  // Sooner read, and the same.
  return bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
}

function compile(file, source, cachedData) {
  return new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    cachedData,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}

function run(file, script) {
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

/** V8 itself compares no more than the text's length, and files of two builds may lie side by side for a moment. */
function compiledOf(file, source) {
  if (!existsSync(`${file}.compiled`)) return undefined;
  const kept = readFileSync(`${file}.compiled`);
  return kept.subarray(0, hashLength).equals(hashOf(source)) ? kept.subarray(hashLength) : undefined;
}

function hashOf(source) {
  return createHash("sha256").update(source).digest();
}
