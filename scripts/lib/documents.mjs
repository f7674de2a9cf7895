// Manifests of the documents that the service's own faces ask for: hash to text, as code generators write them.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getIntrospectionQuery, Kind, parse, print, visit } from "graphql";

/** Where each face keeps its documents, as `*.graphql` files at any depth. */
const faces = { dashboard: "web/dashboard", cli: "src/cli", playground: "examples" };

/** Writes a manifest for each face into a folder. */
export function writeManifests(root, folder) {
  mkdirSync(folder, { recursive: true });
  for (const [face, source] of Object.entries(faces)) {
    const texts = documentsBelow(join(root, source));
    // The editor asks for the schema when it opens.
    if (face === "playground") texts.push(print(parse(getIntrospectionQuery())));
    const manifest = Object.fromEntries(texts.map((text) => [`sha256:${sha256(text)}`, text]));
    writeFileSync(join(folder, `${face}.json`), `${JSON.stringify(manifest, null, 2)}\n`);
  }
}

/** Each operation with the fragments that it spreads, as clients send it. */
function documentsBelow(folder) {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".graphql"));
  const texts = files.toSorted().map((name) => readFileSync(join(folder, name), "utf8"));
  const definitions = texts.flatMap((text) => parse(text).definitions);
  const fragments = new Map(definitions.filter(isFragment).map((one) => [one.name.value, one]));
  return definitions
    .filter((one) => !isFragment(one))
    .map((operation) => print({ kind: Kind.DOCUMENT, definitions: [operation, ...spreadBy(operation, fragments)] }));
}

function isFragment(definition) {
  return definition.kind === Kind.FRAGMENT_DEFINITION;
}

/** The fragments that are needed, each once. */
function spreadBy(operation, fragments) {
  const needed = new Set();
  const look = (definition) =>
    visit(definition, {
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value);
        if (!fragment || needed.has(fragment)) return;
        needed.add(fragment);
        look(fragment);
      },
    });
  look(operation);
  return needed;
}

function sha256(text) {
  return createHash("sha256").update(text).digest("hex");
}
