import { defineConfig } from "drizzle-kit";

/** Writes the registry's migrations: `npx drizzle-kit generate --config drizzle/registry.config.ts`. */
export default defineConfig({
  dialect: "mysql",
  schema: "./src/registry/tables/*.ts",
  out: "./drizzle/registry",
  breakpoints: true,
});
