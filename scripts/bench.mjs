// npm run bench [-- arguments]: the measurements of bench/main.ts, bundled as the service is.
import { randomUUID } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { prepare } from "./lib/prepare.mjs";
import { main, root, run, ScriptFailed } from "./lib/terminal.mjs";

await main(async () => {
  const mariadbd = await prepare({ mariadb: true });
  if (!existsSync(join(root, "bench/main.ts"))) throw new ScriptFailed("There is no bench/main.ts.");
  const folder = join(root, "dist", `.bench-${randomUUID()}`);
  try {
    const { bundle } = await import("./lib/bundle.mjs");
    await bundle("bench/main.ts", join(folder, "bench.js"));
    const env = { ...process.env, TENANTRY_MARIADBD: mariadbd };
    const { code } = await run(process.execPath, [join(folder, "bench.js"), ...process.argv.slice(2)], { env });
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
