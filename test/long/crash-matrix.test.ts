import { rm } from "node:fs/promises";
import { afterAll, beforeAll } from "vitest";
import { PrivateServer } from "../e2e/support/private-server.ts";
import { buildService } from "../support/service.ts";
import { describeCrashes, enterThree } from "./support/crash-matrix.ts";
import { makeStepwiseFolder } from "./support/stepwise-folder.ts";

let server: PrivateServer;
let stepwiseFolder: string;

beforeAll(async () => {
  await buildService();
  server = await PrivateServer.start();
  stepwiseFolder = await makeStepwiseFolder();
}, 120_000);

afterAll(async () => {
  await server?.stop();
  if (stepwiseFolder) await rm(stepwiseFolder, { recursive: true, force: true });
});

const provisioning = ["database", "marker", "account", "grants", "migrated", "seeded", "verified", "activated"];

for (const [which, nth] of [
  ["first", 1],
  ["second", 2],
] as const) {
  describeCrashes(
    {
      name: `provisioning, at the ${which} tenant`,
      word: "provision",
      steps: provisioning,
      nth: { exit: nth, throw: nth, hang: nth },
      begin: enterThree,
    },
    () => server,
  );
}

describeCrashes(
  {
    name: "provisioning statement by statement",
    word: "migration",
    steps: ["statement-started", "statement-run", "before-journal", "rows-run", "rows-committed"],
    nth: { exit: 5, throw: 3, hang: 1 },
    env: () => ({ TENANTRY_TENANT_MIGRATIONS: stepwiseFolder }),
    begin: enterThree,
  },
  () => server,
);

describeCrashes(
  { name: "the sample data of a new tenant", word: "migration", steps: ["rows-run"], begin: enterThree },
  () => server,
);
