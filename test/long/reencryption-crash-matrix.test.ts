import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { PrivateServer } from "../e2e/support/private-server.ts";
import { Stage } from "../e2e/support/stage.ts";
import { complaintsAbout, connectionTest, followJob, until } from "../e2e/support/steps.ts";
import { worldOf } from "../e2e/support/world.ts";
import { buildService } from "../support/service.ts";
import { threeActive } from "./support/crash-matrix.ts";

let server: PrivateServer;

beforeAll(async () => {
  await buildService();
  server = await PrivateServer.start();
}, 120_000);
afterAll(() => server?.stop());

const newKey = randomBytes(32).toString("base64");

/** The jobs that seal anew, the oldest first. */
async function jobsOf(stage: Stage) {
  return stage.rows<{ id: string; status: string; code: string | null }>(
    `SELECT id, status, JSON_VALUE(error, '$.code') AS code FROM jobs WHERE kind = 'REENCRYPT_SECRETS' ORDER BY id`,
  );
}

/** With how many keys passwords are sealed. */
async function keysInUse(stage: Stage): Promise<number> {
  const rows = await stage.rows("SELECT DISTINCT SUBSTRING_INDEX(password, '.', 2) FROM tenants");
  return rows.length;
}

/** Starts it with a new first key and waits until it has come to the point. */
async function startUntil(stage: Stage, keys: string, point: string): Promise<void> {
  await stage.spawn({ TENANTRY_ENCRYPTION_KEY: keys, TENANTRY_FAILPOINTS: point });
  await until(`${point} is reached`, 30_000, () => Promise.resolve(stage.said.includes("failpoint reached")));
}

const steps = ["resealed", "replaced"];
const effects = ["exit", "throw", "hang"] as const;

describe("sealing passwords with a new key", () => {
  const cases = steps.flatMap((step) => effects.map((effect) => [`reencrypt:${step}`, effect] as const));
  it.each(cases)("broken off by %s=%s is taken up by the next start", async (point, effect) => {
    const stage = await Stage.started(server.url);
    onTestFinished(() => stage.close());
    await threeActive(stage);
    const before = await worldOf(stage);
    const keys = `${newKey},${stage.environment().TENANTRY_ENCRYPTION_KEY}`;
    expect(await stage.stop()).toBe(0);

    await startUntil(stage, keys, `${point}=${effect}`);
    if (effect === "exit") expect(await stage.gone()).toBe("SIGKILL");
    if (effect === "throw")
      await until("the job has failed", 30_000, async () => (await jobsOf(stage))[0]?.code === "INTERNAL");
    if (effect !== "exit") expect(await stage.stop()).toBe(0);

    await stage.start({ TENANTRY_ENCRYPTION_KEY: keys });
    const isDone = async () => (await jobsOf(stage)).at(-1)?.status === "SUCCEEDED" || (await keysInUse(stage)) === 1;
    await until("all are sealed anew", 30_000, isDone);
    const jobs = await jobsOf(stage);
    for (const { id } of jobs) expect(complaintsAbout(await followJob(stage.api, `job_${id}`))).toEqual([]);
    expect(await keysInUse(stage)).toBe(1);
    await stage.stop();

    // The old key is not needed any more.
    await stage.start({ TENANTRY_ENCRYPTION_KEY: newKey });
    expect(await connectionTest(stage.api)).toMatchObject({ verdict: "PASS" });
    expect(await worldOf(stage)).toEqual(before);
    expect(stage.said).not.toContain("keys of sealed secrets are not configured");
  });
});
