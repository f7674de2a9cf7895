import { rm } from "node:fs/promises";
import { afterAll, beforeAll } from "vitest";
import { PrivateServer } from "../e2e/support/private-server.ts";
import type { Stage } from "../e2e/support/stage.ts";
import { jobEnded } from "../e2e/support/steps.ts";
import {
  DeleteDocument,
  MigrateDocument,
  ResumeDocument,
  RotateDocument,
  SeedDocument,
  SuspendDocument,
} from "../gql/graphql.ts";
import { buildService } from "../support/service.ts";
import { describeCrashes, idOf, threeActive, type Undertaking } from "./support/crash-matrix.ts";
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

async function suspendOne(stage: Stage): Promise<string | undefined> {
  const { suspendTenant } = await stage.api.data(SuspendDocument, { id: await idOf(stage, "one") });
  return suspendTenant.job?.id;
}

const suspending: Undertaking = {
  name: "suspending",
  word: "suspend",
  steps: ["locked", "ended", "verified", "written"],
  prepare: threeActive,
  begin: suspendOne,
  again: suspendOne,
};

async function resumeOne(stage: Stage): Promise<string | undefined> {
  const { resumeTenant } = await stage.api.data(ResumeDocument, { id: await idOf(stage, "one") });
  return resumeTenant.job?.id;
}

const resuming: Undertaking = {
  name: "resuming",
  word: "resume",
  steps: ["unlocked", "verified", "written"],
  prepare: async (stage) => {
    await threeActive(stage);
    await jobEnded(() => stage.api, (await suspendOne(stage)) ?? "");
  },
  begin: resumeOne,
  again: resumeOne,
};

async function rotateOne(stage: Stage): Promise<string | undefined> {
  const { rotateTenantCredentials } = await stage.api.data(RotateDocument, { id: await idOf(stage, "one") });
  return rotateTenantCredentials.job?.id;
}

const rotating: Undertaking = {
  name: "rotating the password",
  word: "rotate",
  steps: ["stored", "set", "ended", "verified", "promoted"],
  prepare: threeActive,
  begin: rotateOne,
  again: rotateOne,
};

async function deleteOne(stage: Stage): Promise<string | undefined> {
  const input = { id: await idOf(stage, "one"), confirmSlug: "one" };
  const { deleteTenant } = await stage.api.data(DeleteDocument, input);
  return deleteTenant.job?.id;
}

const deleting: Undertaking = {
  name: "deleting",
  word: "delete",
  steps: ["locked", "ended", "dropped", "account-dropped", "verified", "written"],
  prepare: threeActive,
  begin: deleteOne,
  again: deleteOne,
};

async function migrateAll(stage: Stage): Promise<string | undefined> {
  const { migrateTenants } = await stage.api.data(MigrateDocument, { input: {} });
  return migrateTenants.job?.id;
}

const migrating: Undertaking = {
  name: "migrating the fleet",
  word: "migrate",
  steps: ["occupied", "applied", "written"],
  nth: { exit: 2, throw: 1, hang: 3 },
  prepare: threeActive,
  env: () => ({ TENANTRY_TENANT_MIGRATIONS: stepwiseFolder }),
  begin: migrateAll,
};

const migratingByStatement: Undertaking = {
  ...migrating,
  name: "migrating the fleet, statement by statement",
  word: "migration",
  steps: ["statement-started", "statement-run", "before-journal", "rows-run", "rows-committed"],
};

const seedingFleet: Undertaking = {
  name: "seeding the fleet",
  word: "seed",
  steps: ["run", "written"],
  prepare: threeActive,
  begin: async (stage) => {
    const { seedTenants } = await stage.api.data(SeedDocument, {});
    return seedTenants.job?.id;
  },
};

for (const undertaking of [suspending, resuming, rotating, deleting, migrating, migratingByStatement, seedingFleet]) {
  describeCrashes(undertaking, () => server);
}
