// npm run generate [-- --check]: writes the files that are made from others, or says which ones are not current.
import { randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { accessPage } from "./lib/access-text.mjs";
import { ensureDependencies } from "./lib/dependencies.mjs";
import { configurationPage, exampleFile } from "./lib/settings-text.mjs";
import { contentStamp } from "./lib/stamp.mjs";
import { installed, main, root, run, ScriptFailed, say } from "./lib/terminal.mjs";

const checking = process.argv.includes("--check");

await main(async () => {
  await ensureDependencies(root);
  const drafts = join(root, ".tenantry-setup", `generate-${randomUUID()}`);
  mkdirSync(drafts, { recursive: true });
  try {
    const stale = [...(await writeTexts(drafts)), ...(await typedDocuments())];
    if (checking) stale.push(...(await migrationsBehind(drafts)));
    if (stale.length === 0) return 0;
    say(checking ? `not current: ${stale.join(", ")} (npm run generate)` : `written: ${stale.join(", ")}`);
    return checking ? 1 : 0;
  } finally {
    rmSync(drafts, { recursive: true, force: true });
  }
});

/** @returns the paths whose text is, or was, not current */
async function writeTexts(drafts) {
  const texts = { ...(await settingsTexts(drafts)), ...(await schemaText(drafts)), ...(await accessText(drafts)) };
  const stale = Object.entries(texts).filter(([path, text]) => textOf(path) !== text);
  if (!checking) for (const [path, text] of stale) writeFileSync(join(root, path), text);
  return stale.map(([path]) => path);
}

async function settingsTexts(drafts) {
  const { describeSettings } = await load("src/config.ts", drafts);
  const infos = describeSettings();
  return { "docs/configuration.md": configurationPage(infos), ".env.example": exampleFile(infos) };
}

async function accessText(drafts) {
  const { describeRoles } = await load("src/access/roles.ts", drafts);
  return { "docs/access.md": accessPage(describeRoles()) };
}

async function schemaText(drafts) {
  const { printApiSchema } = await load("src/graphql/print-schema.ts", drafts);
  return { "schema.graphql": printApiSchema() };
}

/** A source file as a module that Node can load. */
async function load(entry, drafts) {
  const { bundle } = await import("./lib/bundle.mjs");
  const file = join(drafts, entry.replaceAll("/", "-").replace(/\.ts$/, ".mjs"));
  await bundle(entry, file);
  return import(pathToFileURL(file).href);
}

async function typedDocuments() {
  if (!existsSync(join(root, "codegen.ts"))) return [];
  const cli = installed("@graphql-codegen/cli/esm/bin.js");
  const folders = ["test/gql", "src/cli/gql", "web/dashboard/gql"];
  const before = folders.map((folder) => contentStamp(root, [folder]));
  const { code, output } = await run(
    process.execPath,
    [cli, "--config", "codegen.ts", ...(checking ? ["--check"] : [])],
    {
      quiet: true,
    },
  );
  if (code !== 0 && !checking) throw new ScriptFailed(`The typed documents could not be written:\n${output}`);
  if (code !== 0) say(output.trim());
  return folders.filter((folder, at) => code !== 0 || contentStamp(root, [folder]) !== before[at]);
}

/** Tables whose changes have no migration yet: drizzle-kit is asked for one, in a copy of the folder. */
async function migrationsBehind(drafts) {
  const behind = [];
  for (const config of readdirSync(join(root, "drizzle")).filter((name) => name.endsWith(".config.ts"))) {
    const name = config.replace(".config.ts", "");
    const copy = join(drafts, name);
    cpSync(join(root, "drizzle", name), copy, { recursive: true });
    const before = contentStamp(copy, ["."]);
    const draft = join(drafts, config);
    const out = JSON.stringify(`./${relative(root, copy)}`);
    writeFileSync(draft, `import given from "../../drizzle/${config}";\nexport default { ...given, out: ${out} };\n`);
    const kit = [installed("drizzle-kit/bin.cjs"), "generate", "--config", relative(root, draft)];
    const { code, output } = await run(process.execPath, kit, { quiet: true });
    if (code !== 0) throw new ScriptFailed(`drizzle-kit could not compare ${config} with its migrations:\n${output}`);
    if (contentStamp(copy, ["."]) !== before)
      behind.push(`drizzle/${name} (npx drizzle-kit generate --config drizzle/${config})`);
  }
  return behind;
}

function textOf(path) {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;
}
