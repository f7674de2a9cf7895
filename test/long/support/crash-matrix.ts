import { describe, expect, it, onTestFinished } from "vitest";
import type { PrivateServer } from "../../e2e/support/private-server.ts";
import { Stage } from "../../e2e/support/stage.ts";
import { allTenants, complaintsAbout, connectionTest, followJob, jobEnded, until } from "../../e2e/support/steps.ts";
import { type World, worldOf } from "../../e2e/support/world.ts";
import { EnterTenantsDocument, RetryJobDocument } from "../../gql/graphql.ts";

const effects = ["exit", "throw", "hang"] as const;
type Effect = (typeof effects)[number];

/** Something slow that can be broken off at named points, and has to end as if it had not been. */
export interface Undertaking {
  readonly name: string;
  /** What its failpoints begin with. */
  readonly word: string;
  readonly steps: readonly string[];
  /** Which hit of a point is the one that fails, by effect. */
  readonly nth?: Partial<Readonly<Record<Effect, number>>>;
  /** Makes the world in which it begins, without coming by its failpoints. Absent: an empty one. */
  readonly prepare?: (stage: Stage) => Promise<void>;
  /** Steps of something that is not done a second time by itself: a process lost there ends the job as INTERRUPTED. */
  readonly onceOnly?: readonly string[];
  /** Environment of each start; where there is one, `prepare` runs in a process of its own without it. */
  env?(): Record<string, string>;
  /** Wishes for it, or for it once more. @returns the id of the job; undefined when it is refused */
  begin(stage: Stage): Promise<string | undefined>;
  /** Wishes for the rest of it after its job has FAILED. Default: the job is retried. */
  readonly again?: (stage: Stage, job: string) => Promise<string | undefined>;
}

/** Three tenants, with whatever a tenant can have. @returns the job that provisions them */
export async function enterThree(stage: Stage): Promise<string | undefined> {
  const tenants = [
    { slug: "one", name: "One", domains: ["one.example", "uno.example"], seed: true },
    { slug: "two", name: "Two", labels: [{ key: "tier", value: "gold" }], seed: true },
    { slug: "three", name: "Three" },
  ];
  const { createTenants } = await stage.api.data(EnterTenantsDocument, { input: { tenants, idempotencyKey: "three" } });
  return createTenants.job?.id;
}

/** Three tenants that are ACTIVE. */
export async function threeActive(stage: Stage): Promise<void> {
  const job = await enterThree(stage);
  expect(await jobEnded(() => stage.api, job ?? "")).toMatchObject({ status: "SUCCEEDED" });
}

/** The id of one of the three. */
export async function idOf(stage: Stage, slug: string): Promise<string> {
  const [tenant] = await allTenants(stage.api, {
    slugs: [slug],
    statuses: ["ACTIVE", "SUSPENDED", "DELETING", "DELETED"],
  });
  if (!tenant) throw new Error(`There is no tenant ${slug}.`);
  return tenant.id;
}

/** A test for each step and each manner of failing there. @param server where nothing else is done meanwhile */
export function describeCrashes(undertaking: Undertaking, server: () => PrivateServer): void {
  let undisturbed: Promise<World> | undefined;
  const { name, word, steps } = undertaking;
  describe(name, () => {
    const cases = steps.flatMap((step) => effects.map((effect) => [`${word}:${step}`, effect] as const));
    it.each(cases)("broken off by %s=%s ends as if nothing had happened", async (point, effect) => {
      undisturbed ??= undisturbedWorld(undertaking, server().url);
      const expected = await undisturbed;
      const nth = undertaking.nth?.[effect] ?? 1;
      const stage = await prepared(undertaking, server().url, { TENANTRY_FAILPOINTS: `${point}=${effect}@${nth}` });
      onTestFinished(() => stage.close());
      const job = (await undertaking.begin(stage)) ?? "";
      await until(`${point} is reached`, 30_000, () => Promise.resolve(stage.said.includes("failpoint reached")));
      const onceOnly = undertaking.onceOnly?.some((step) => point === `${word}:${step}`) ?? false;
      const last = await breakOff[effect](undertaking, stage, job, onceOnly);
      const startedAt = performance.now();
      if (last) expect(await jobEnded(() => stage.api, last)).toMatchObject({ status: "SUCCEEDED" });
      await settled(stage, expected);
      expect(performance.now() - startedAt).toBeLessThan(30_000);
      expect(await worldOf(stage)).toEqual(expected);
      expect(complaintsAbout(await followJob(stage.api, job))).toEqual([]);
      expect(await connectionTest(stage.api)).toMatchObject({ verdict: "PASS" });
    });
  });
}

/** A service that is ready for the undertaking to begin. */
async function prepared(
  undertaking: Undertaking,
  serverUrl: string,
  failpoints: Record<string, string>,
): Promise<Stage> {
  const { prepare, env } = undertaking;
  const stage = await Stage.set(serverUrl);
  if (prepare && env) {
    await stage.start();
    await prepare(stage);
    await stage.stop();
  }
  await stage.start({ ...env?.(), ...failpoints });
  if (!env) await prepare?.(stage);
  return stage;
}

async function undisturbedWorld(undertaking: Undertaking, serverUrl: string): Promise<World> {
  // Gone before the disturbed one begins: what is on the server is all of the world.
  await using stage = await prepared(undertaking, serverUrl, {});
  const job = (await undertaking.begin(stage)) ?? "";
  expect(await jobEnded(() => stage.api, job)).toMatchObject({ status: "SUCCEEDED" });
  return await worldOf(stage);
}

/** Waits for what goes on by itself, without a job that anybody was told of. */
async function settled(stage: Stage, expected: World): Promise<void> {
  const wanted = JSON.stringify(expected);
  const isSettled = async () => JSON.stringify(await worldOf(stage)) === wanted;
  // What differs is told by the assertion that follows.
  await until("the world is as it should be", 30_000, isSettled).catch(() => undefined);
}

type BreakOff = (undertaking: Undertaking, stage: Stage, job: string, onceOnly: boolean) => Promise<string | undefined>;

/** What comes after the failure. @returns the job that brings the undertaking to its end, if one does */
const breakOff: Readonly<Record<Effect, BreakOff>> = {
  /** The process dies, and another one starts. */
  async exit(undertaking, stage, job, onceOnly) {
    expect(await stage.gone()).toBe("SIGKILL");
    await stage.start(undertaking.env?.());
    return onceOnly ? afterInterruption(stage, job) : job;
  },

  /** A bug ends the job; what it did not reach says why, and is taken up again. */
  async throw(undertaking, stage, job) {
    const ended = await jobEnded(() => stage.api, job);
    expect(ended).toMatchObject({ status: "FAILED", error: { code: "INTERNAL", retryable: true } });
    for (const { status, statusReason } of await allTenants(stage.api)) {
      expect(["ACTIVE", "SUSPENDED", "DELETING", "FAILED"]).toContain(status);
      if (status === "FAILED") expect(statusReason).toMatch(/^[A-Z_]+: /);
    }
    expect(await stage.stop()).toBe(0);
    await stage.start(undertaking.env?.());
    return undertaking.again ? undertaking.again(stage, job) : retried(stage, job);
  },

  /** Something never comes back; the service is stopped all the same, and started again. */
  async hang(undertaking, stage, job, onceOnly) {
    const startedAt = performance.now();
    expect(await stage.stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await stage.start(undertaking.env?.());
    return onceOnly ? afterInterruption(stage, job) : job;
  },
};

async function afterInterruption(stage: Stage, job: string): Promise<string | undefined> {
  const ended = await jobEnded(() => stage.api, job);
  expect(ended).toMatchObject({ status: "FAILED", error: { code: "INTERRUPTED", retryable: true } });
  return retried(stage, job);
}

/** @returns undefined when nothing was left to do */
async function retried(stage: Stage, job: string): Promise<string | undefined> {
  const { retryJob } = await stage.api.data(RetryJobDocument, { id: job });
  return retryJob.job?.id;
}
