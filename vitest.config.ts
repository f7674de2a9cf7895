import { defineConfig } from "vitest/config";

/** `vitest run` is the core; `vitest run --mode long` is what takes minutes: crash matrices and the browser. */
export default defineConfig(({ mode }) => ({
  // type-graphql is CommonJS and vitest would hand it a second copy of graphql ("another module or realm").
  resolve: { alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }] },
  test: {
    include: [mode === "long" ? "test/long/**/*.test.ts" : "test/**/*.test.ts"],
    exclude: mode === "long" ? [] : ["test/long/**"],
    globalSetup: ["test/support/global-setup.ts"],
    testTimeout: mode === "long" ? 300_000 : 30_000,
    hookTimeout: 60_000,
    sequence: { shuffle: true },
    maxWorkers: 2,
  },
}));
