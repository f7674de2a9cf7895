// npm run build: dist/main.js and what it loads from src/, a folder in dist/ for each page in web/, and manifests of what they ask for.
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { ensureDependencies } from "./lib/dependencies.mjs";
import { withLock } from "./lib/lock.mjs";
import { contentStamp } from "./lib/stamp.mjs";
import { installed, main, root, run, ScriptFailed, say } from "./lib/terminal.mjs";

const dist = join(root, "dist");

/** What is built, each with the files that it is made from. */
function targets() {
  const web = existsSync(join(root, "web")) ? readdirSync(join(root, "web")) : [];
  const tools = ["package-lock.json", "tsconfig.json", "scripts/build.mjs", "scripts/lib"];
  const pages = web.filter((name) => existsSync(join(root, "web", name, "vite.config.ts")));
  return [
    { name: "main.js", from: ["src", ...tools], make: makeService },
    ...pages.map((name) => ({
      name,
      from: [join("web", name), "examples", "schema.graphql", ...tools],
      make: (draft) => makePage(name, draft),
    })),
    { name: "persisted-documents", from: ["web/dashboard", "src/cli", "examples", ...tools], make: makeManifests },
  ];
}

/** Whether everything in dist/ is made from the files as they are now. */
export function isBuilt() {
  return targets().every(isCurrent);
}

function isCurrent({ name, from }) {
  const stamp = stampPath(name);
  if (!existsSync(join(dist, name)) || !existsSync(stamp)) return false;
  return readFileSync(stamp, "utf8") === contentStamp(root, from);
}

function stampPath(name) {
  return join(dist, `.${name}.stamp`);
}

async function build() {
  await ensureDependencies(root);
  await withLock(join(root, ".tenantry-setup"), async () => {
    mkdirSync(dist, { recursive: true });
    for (const target of targets().filter((one) => !isCurrent(one))) {
      const stamp = contentStamp(root, target.from);
      const draft = join(dist, `.${target.name}.${randomUUID()}`);
      say(`building ${target.name}`);
      try {
        await target.make(draft);
        replace(target.name, draft);
        writeFileSync(stampPath(target.name), stamp);
      } finally {
        rmSync(draft, { recursive: true, force: true });
      }
    }
  });
}

async function makeService(draft) {
  const { bundleApart } = await import("./lib/bundle.mjs");
  await bundleApart("src/main.ts", ["src/serve.ts", "src/command-line.ts"], draft);
  chmodSync(join(draft, "main.js"), 0o755);
}

async function makePage(name, draft) {
  const config = join("web", name, "vite.config.ts");
  const args = [installed("vite/bin/vite.js"), "build", "--config", config, "--outDir", draft, "--emptyOutDir"];
  const env = { ...process.env, NODE_ENV: "production" };
  const { code, output } = await run(process.execPath, [...args, "--logLevel", "warn"], { quiet: true, env });
  if (code !== 0) throw new ScriptFailed(`Vite could not build ${config}:\n${output}`);
  compress(join(draft, "assets"));
}

/** Beside each file that gains by it, the same compressed: the service sends it to who takes it. */
function compress(folder) {
  for (const name of readdirSync(folder).filter((each) => /\.(js|css|svg)$/.test(each)))
    writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name)), { level: 9 }));
}

async function makeManifests(draft) {
  const { writeManifests } = await import("./lib/documents.mjs");
  writeManifests(root, draft);
}

/** Puts the draft in its place; at each moment there is the old one or the new one, or, for a folder, nothing for an instant. */
function replace(name, draft) {
  if (name.endsWith(".js")) {
    const files = readdirSync(draft).filter((file) => file !== name);
    // The one that loads the others comes last.
    for (const file of [...files, name]) renameSync(join(draft, file), join(dist, file));
    return;
  }
  const old = join(dist, `.${name}.${randomUUID()}`);
  if (existsSync(join(dist, name))) renameSync(join(dist, name), old);
  renameSync(draft, join(dist, name));
  rmSync(old, { recursive: true, force: true });
}

/** Builds what is not current. In a process of its own: the bundler's memory must not stay with the service. */
export async function ensureBuilt() {
  if (isBuilt()) return;
  const { code } = await run(process.execPath, [join(root, "scripts/build.mjs")]);
  if (code !== 0) throw new ScriptFailed("The build failed; what went wrong is above.");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main(build);
