import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { ChunkingContext } from "rolldown";
import { defineConfig, type HtmlTagDescriptor, type Plugin } from "vite";

const [here, page, first, drawing] = ["./", "index.html", "main.ts", "app.tsx"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
) as [string, string, string, string];

export default defineConfig({
  root: here,
  base: "/",
  plugins: [react(), drawingFetchedAtOnce()],
  resolve: { dedupe: ["react", "react-dom"] },
  build: {
    outDir: fileURLToPath(new URL("../../dist/dashboard", import.meta.url)),
    emptyOutDir: true,
    assetsDir: "assets",
    rolldownOptions: {
      input: [page, drawing],
      output: {
        codeSplitting: {
          // What every visit needs, in two files, since each more is a request more before anything is shown: what asks the
          // service, and what draws, which is still being read while the first one runs.
          groups: [
            { name: (id, context) => (isOfFirst(id, context) ? "index" : null), debugName: "index", priority: 1 },
            { name: "app", tags: ["$initial"] },
          ],
        },
      },
      onLog: (level, log, report) => {
        // Marks for server rendering, of which there is none here.
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
      },
    },
  },
});

/** Whether the module that the page names needs another one, directly or by others, before it runs. */
function isOfFirst(id: string, context: ChunkingContext, seen = new Set<string>()): boolean {
  if (id === first) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return context.getModuleInfo(id)?.importers.some((importer) => isOfFirst(importer, context, seen)) ?? false;
}

/** Has the browser fetch what draws as soon as it has read the page, although it is imported lazily. */
function drawingFetchedAtOnce(): Plugin {
  return {
    name: "drawing-fetched-at-once",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((each) => each.type === "chunk");
        const found = chunks.find(({ facadeModuleId }) => facadeModuleId === drawing);
        if (!found) return [];
        const styles = [...(found.viteMetadata?.importedCss ?? [])].map((file) => link("stylesheet", file));
        const modules = [found.fileName, ...found.imports].map((file) => link("modulepreload", file));
        return [...styles, ...modules].filter(({ attrs }) => !html.includes(`="${attrs?.href}"`));
      },
    },
  };
}

function link(rel: string, file: string): HtmlTagDescriptor {
  return { tag: "link", attrs: { rel, crossorigin: true, href: `/${file}` }, injectTo: "head" };
}
