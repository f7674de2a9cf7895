// npm test [-- vitest's arguments]: everything that a fresh machine lacks, then the tests.
import { prepare } from "./lib/prepare.mjs";
import { installed, main, run } from "./lib/terminal.mjs";

await main(async () => {
  const mariadbd = await prepare({ mariadb: true });
  const env = { ...process.env, TENANTRY_MARIADBD: mariadbd };
  const { code } = await run(process.execPath, [installed("vitest/vitest.mjs"), "run", ...process.argv.slice(2)], {
    env,
  });
  return code;
});
