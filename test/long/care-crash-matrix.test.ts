import { rm } from "node:fs/promises";
import { afterAll, beforeAll } from "vitest";
import { PrivateServer } from "../e2e/support/private-server.ts";
import type { Stage } from "../e2e/support/stage.ts";
import { RepairDocument, ValidateDocument } from "../gql/graphql.ts";
import { buildService } from "../support/service.ts";
import { describeCrashes, threeActive, type Undertaking } from "./support/crash-matrix.ts";
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

/** Something of every kind that repair mends. */
async function threeDrifted(stage: Stage): Promise<void> {
  await threeActive(stage);
  const rows = await stage.rows<{ slug: string; name: string }>("SELECT slug, database_name AS name FROM tenants");
  const of = (slug: string) => rows.find((row) => row.slug === slug)?.name ?? "";
  const statements = [
    `DROP DATABASE ${of("one")}`,
    `ALTER USER '${of("one")}'@'%' ACCOUNT LOCK`,
    `DROP USER '${of("two")}'@'%'`,
    `DROP TABLE ${of("two")}.invoice_items`,
    `ALTER DATABASE ${of("two")} CHARACTER SET latin1`,
    `ALTER TABLE ${of("three")}.users DROP COLUMN last_seen_at`,
    `GRANT TRIGGER ON ${of("three")}.* TO '${of("three")}'@'%'`,
  ];
  for (const sql of statements) await stage.sql(sql);
  await stage.rows("UPDATE tenants SET status = 'FAILED', status_reason = 'X: y' WHERE slug = 'three'");
  await stage.rows("UPDATE tenants SET schema_version = '0000_odd', schema_checksum = NULL WHERE slug = 'three'");
}

/** Validation mends nothing, so that what is found must not keep anybody from logging in. */
async function oneOdd(stage: Stage): Promise<void> {
  await threeActive(stage);
  const [odd] = await stage.rows<{ name: string }>("SELECT database_name AS name FROM tenants WHERE slug = 'two'");
  await stage.sql(`ALTER TABLE ${odd?.name}.users DROP COLUMN last_seen_at`);
}

const validating: Undertaking = {
  name: "validating",
  word: "validate",
  steps: ["scoped", "surveyed", "judged", "written"],
  prepare: oneOdd,
  begin: async (stage) => {
    const { validateTenants } = await stage.api.data(ValidateDocument, {});
    return validateTenants.job?.id;
  },
};

async function repairAll(stage: Stage): Promise<string | undefined> {
  const { repairTenants } = await stage.api.data(RepairDocument, { input: { confirmDataLoss: true } });
  return repairTenants.job?.id;
}

const remedies = ["database", "account", "grants", "schema", "version"];

const repairing: Undertaking = {
  name: "repairing",
  word: "repair",
  steps: ["scoped", "surveyed", "judged", "occupied", "planned", ...remedies, "verified", "tenant-written", "written"],
  prepare: threeDrifted,
  begin: repairAll,
};

const repairingPending: Undertaking = {
  name: "repairing what was not applied",
  word: "repair",
  steps: ["migrations"],
  prepare: threeActive,
  env: () => ({ TENANTRY_TENANT_MIGRATIONS: stepwiseFolder }),
  begin: repairAll,
};

const repairingStalled: Undertaking = {
  name: "repairing what was given up",
  word: "repair",
  steps: ["resume"],
  prepare: async (stage) => {
    await threeActive(stage);
    await stage.rows(
      "UPDATE tenants SET status = 'FAILED', status_reason = 'X: y', schema_version = NULL, schema_checksum = NULL WHERE slug = 'one'",
    );
  },
  begin: repairAll,
};

for (const undertaking of [validating, repairing, repairingPending, repairingStalled])
  describeCrashes(undertaking, () => server);
