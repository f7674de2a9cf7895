import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatDocument, stringifyDocument } from "@urql/core";
import { buildSchema, type DocumentNode, parse, validate } from "graphql";
import { expect, it, onTestFinished } from "vitest";
import * as cli from "../../src/cli/gql/graphql.ts";
import { readManifests } from "../../src/http/documents/document-manifest.ts";
import { TrustedDocuments } from "../../src/http/documents/trusted-documents.ts";
import * as dashboard from "../../web/dashboard/gql/graphql.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

async function manifests(): Promise<(face: string) => Promise<ReadonlyMap<string, string>>> {
  const folder = await mkdtemp(join(tmpdir(), "documents-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { writeManifests } = await import(new URL("../../scripts/lib/documents.mjs", import.meta.url).href);
  writeManifests(root, folder);
  return (face) => readManifests([join(folder, `${face}.json`)]);
}

it.each([
  "dashboard",
  "cli",
  "playground",
])("writes down documents of the %s that the service can run", async (face) => {
  const schema = buildSchema(await readFile(join(root, "schema.graphql"), "utf8"));
  const read = await manifests();
  const texts = [...(await read(face)).values()];
  expect(texts.length).toBeGreaterThan(5);
  for (const text of texts) expect(validate(schema, parse(text)), text).toEqual([]);
});

/** The texts that a face sends, by the names of its documents. */
const sent: Readonly<Record<string, readonly (readonly [name: string, text: string])[]>> = {
  // Its cache adds the names of types.
  dashboard: documentsOf(dashboard).map(([name, document]) => [
    name,
    stringifyDocument(formatDocument(document as DocumentNode) as DocumentNode),
  ]),
  cli: documentsOf(cli).map(([name, document]) => [name, String(document)]),
};

function documentsOf(module: object): (readonly [name: string, document: unknown])[] {
  return Object.entries(module).filter(([name]) => name.endsWith("Document"));
}

it.each(Object.keys(sent))("lets the %s ask for all that it asks for", async (face) => {
  const read = await manifests();
  const trusted = new TrustedDocuments(await read(face), true);
  expect(sent[face]?.length).toBeGreaterThan(5);
  for (const [name, query] of sent[face] ?? []) expect(trusted.textOf({ query }), name).toBe(query);
});
