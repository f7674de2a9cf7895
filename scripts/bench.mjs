// npm run bench [-- arguments]: what bench/main.ts measures. Bundled as the service is, each figure and each peer a module.
import { randomUUID } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { prepare } from "./lib/prepare.mjs";
import { main, root, run } from "./lib/terminal.mjs";

await main(async () => {
  const mariadbd = await prepare({ mariadb: true });
  const folder = join(root, "dist", `.bench-${randomUUID()}`);
  try {
    const { bundleEach } = await import("./lib/bundle.mjs");
    await bundleEach(["bench/main.ts", ...modules("bench/figures"), ...modules("bench/peers")], "bench", folder);
    const env = { ...process.env, TENANTRY_MARIADBD: mariadbd, NODE_ENV: "production" };
    const args = ["--enable-source-maps", join(folder, "main.js"), ...process.argv.slice(2)];
    const { code } = await run(process.execPath, args, { env });
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** The modules of a folder: adding a file is all that a new figure needs. */
function modules(folder) {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith(".ts"));
  return names.sort().map((name) => join(folder, name));
}
