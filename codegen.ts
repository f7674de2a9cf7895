import type { CodegenConfig } from "@graphql-codegen/cli";

/** What a folder needs of its own documents: each `query Name` is exported as `NameDocument`, with its types. */
function typedDocuments(documents: readonly string[], options: object = {}) {
  return {
    preset: "client" as const,
    documents: [...documents],
    presetConfig: { fragmentMasking: false },
    config: {
      enumsAsTypes: true,
      useTypeImports: true,
      scalars: { ID: "string", DateTime: "string" },
      ...options,
    },
  };
}

const config: CodegenConfig = {
  schema: "schema.graphql",
  generates: {
    "test/gql/": typedDocuments(["examples/*.graphql", "test/**/*.graphql"]),
    "src/cli/gql/": typedDocuments(["src/cli/**/*.graphql"], { documentMode: "string" }),
    "web/dashboard/gql/": typedDocuments(["web/dashboard/**/*.graphql"]),
  },
  importExtension: ".ts",
};

export default config;
