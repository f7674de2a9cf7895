import { defineConfig } from "drizzle-kit";

/** `npx drizzle-kit generate --config drizzle/tenant.config.ts` writes the next tenant migration from the tables. */
export default defineConfig({
  dialect: "mysql",
  schema: "./drizzle/tenant/tables.ts",
  out: "./drizzle/tenant",
});
