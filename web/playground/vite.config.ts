import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  root: here,
  // The service answers on /graphql and hands out the files below it.
  base: "/graphql/",
  resolve: { dedupe: ["graphql", "react", "react-dom", "monaco-editor"] },
  build: {
    outDir: fileURLToPath(new URL("../../dist/playground", import.meta.url)),
    emptyOutDir: true,
    assetsDir: "assets",
    // The editor is large and loaded once, from the same machine or the next one.
    chunkSizeWarningLimit: 8_000,
    rolldownOptions: {
      onLog: (level, log, report) => {
        // Marks for server rendering, of which there is none here.
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
      },
    },
  },
  worker: { format: "es" },
});
