import { getTableName } from "drizzle-orm";
import { describe, expect, it, onTestFinished } from "vitest";
import { silentLogger } from "../../src/kit/logger.ts";
import { Secret } from "../../src/kit/secret.ts";
import type { SecretBox } from "../../src/kit/secret-box.ts";
import { vaults } from "../../src/registry/secrets/vaults.ts";
import type { SealedSecretStore } from "../../src/secrets/sealed-secret-store.ts";
import { passwordPlace } from "../../src/tenants/admission.ts";
import { sqlAt } from "../e2e/support/private-server.ts";
import { anOrigin } from "../support/builders.ts";
import { bothBox, lostBox, newBox, oldBox, SealedFleet } from "./sealed-fleet.ts";

const go = new AbortController().signal;

async function aFleet(): Promise<SealedFleet> {
  const fleet = await SealedFleet.open();
  onTestFinished(() => fleet.registry.close());
  return fleet;
}

async function enter(fleet: SealedFleet, box = bothBox) {
  return fleet.service(box).reencrypt(anOrigin());
}

function keyIdOf({ currentKeyId }: SecretBox): string {
  return currentKeyId;
}

describe("sealing secrets with a new key", () => {
  it("leaves nothing that needs the old one, and every secret as it was", async () => {
    const fleet = await aFleet();
    const ids = await fleet.add(5);
    const [first = ids[0]] = ids;
    if (!first) throw new TypeError();
    await fleet.addPending(first);
    const [young] = await fleet.add(1, bothBox);
    const job = await enter(fleet);
    const ended = await fleet.work(job.id, fleet.job(bothBox));
    expect(ended).toMatchObject({ status: "SUCCEEDED", progress: { total: 7, done: 7, failed: 0, percent: 100 } });
    for (const id of [...ids, ...(young ? [young] : [])]) {
      expect(await fleet.password(id, newBox)).toBe(`password of ${id}`);
    }
    expect(await fleet.pending(first, newBox)).toBe(`pending of ${first}`);
    const [last] = (await fleet.jobs.events(job.id, 0, 100)).slice(-1);
    expect(last?.message).toBe(
      `All 7 secrets are sealed with the key ${keyIdOf(newBox)}; no other key is needed any more.`,
    );
  });

  it("leaves a password to whoever changes it meanwhile", async () => {
    const fleet = await aFleet();
    const [, rotated = undefined] = await fleet.add(3);
    if (!rotated) throw new TypeError();
    const { id } = await enter(fleet);
    let changed = false;
    const store: SealedSecretStore = {
      vaults: fleet.store.vaults,
      page: (vault, after, limit) => fleet.store.page(vault, after, limit),
      countByKey: (signal) => fleet.store.countByKey(signal),
      replace: async (lease, vault, secrets) => {
        if (!changed) await fleet.put(rotated, bothBox.seal(new Secret("rotated"), passwordPlace(rotated)));
        changed = true;
        return fleet.store.replace(lease, vault, secrets);
      },
    };
    expect(await fleet.work(id, fleet.job(bothBox, { store }))).toMatchObject({ status: "SUCCEEDED" });
    expect(await fleet.password(rotated, newBox)).toBe("rotated");
  });

  it("says which keys are still needed when some cannot be opened, and seals the rest", async () => {
    const fleet = await aFleet();
    const [whole, broken] = await fleet.add(2);
    const [lost] = await fleet.add(1, lostBox);
    if (!whole || !broken || !lost) throw new TypeError();
    await fleet.put(broken, oldBox.seal(new Secret("x"), passwordPlace(whole)));
    const { id } = await enter(fleet);
    const ended = await fleet.work(id, fleet.job(bothBox));
    expect(ended).toMatchObject({ status: "FAILED", error: { code: "SECRETS_UNREADABLE", retryable: false } });
    const left = [
      `1 with the key ${keyIdOf(oldBox)}, which does not open them`,
      `1 with the key ${keyIdOf(lostBox)}, which is not configured`,
    ].toSorted((one, other) => one.slice(15).localeCompare(other.slice(15)));
    expect(ended.error?.message).toBe(`1 of 3 secrets are sealed with the key ${keyIdOf(newBox)}, ${left.join("; ")}.`);
    expect(ended.progress).toMatchObject({ total: 3, done: 1, failed: 2 });
    expect(await fleet.password(whole, newBox)).toBe(`password of ${whole}`);
    expect(await fleet.password(lost, lostBox)).toBe(`password of ${lost}`);
  });

  it.each(["reencrypt:resealed", "reencrypt:replaced"])("goes on after a crash at %s", async (point) => {
    const fleet = await aFleet();
    const ids = await fleet.add(5);
    const { id } = await enter(fleet);
    await fleet.crash(bothBox, point);
    const between = await fleet.store.countByKey(go);
    expect(between.get(keyIdOf(newBox))).toBe(point === "reencrypt:resealed" ? 2 : 4);
    expect(await fleet.work(id, fleet.job(bothBox))).toMatchObject({ status: "SUCCEEDED", attempts: 2 });
    for (const tenant of ids) expect(await fleet.password(tenant, newBox)).toBe(`password of ${tenant}`);
  });

  it("stops when it is cancelled, and what is left is done by the next", async () => {
    const fleet = await aFleet();
    await fleet.add(5);
    const { id } = await enter(fleet);
    const store: SealedSecretStore = {
      vaults: fleet.store.vaults,
      page: (vault, after, limit) => fleet.store.page(vault, after, limit),
      countByKey: (signal) => fleet.store.countByKey(signal),
      replace: async (lease, vault, secrets) => {
        const replaced = await fleet.store.replace(lease, vault, secrets);
        await fleet.jobs.requestCancel(id, anOrigin());
        runner.cancel(id);
        return replaced;
      },
    };
    const runner = fleet.runner(fleet.job(bothBox, { store }));
    await runner.runOnce(go);
    await runner.whenIdle();
    const cancelled = await fleet.jobs.find(id);
    expect(cancelled).toMatchObject({ status: "CANCELLED" });
    expect((await fleet.store.countByKey(go)).get(keyIdOf(newBox))).toBe(2);
    if (!cancelled) throw new TypeError();
    const again = await fleet.service(bothBox).retry(cancelled, [], anOrigin());
    expect(again.id).not.toBe(id);
    expect(await fleet.work(again.id, fleet.job(bothBox))).toMatchObject({ status: "SUCCEEDED" });
    expect(await fleet.store.countByKey(go)).toEqual(new Map([[keyIdOf(newBox), 5]]));
  });

  it("has nothing to do where there is nothing", async () => {
    const fleet = await aFleet();
    const { id } = await enter(fleet);
    expect(await fleet.work(id, fleet.job(bothBox))).toMatchObject({ status: "SUCCEEDED", progress: { total: 0 } });
  });
});

describe("a start with a new first key", () => {
  it("enters one job, once, and says so", async () => {
    const fleet = await aFleet();
    await fleet.add(4);
    const told: unknown[] = [];
    const service = fleet.service(bothBox, { ...silentLogger, info: (data) => void told.push(data) });
    await Promise.all([service.runOnce(go), service.reencrypt(anOrigin())]);
    await service.runOnce(go);
    const jobs = (await fleet.jobs.list({ kinds: ["REENCRYPT_SECRETS"] }, { limit: 10, direction: "FORWARD" })).edges;
    expect(jobs).toHaveLength(1);
    expect(told).toEqual([{ jobId: jobs[0]?.node.id, secrets: 4, keyId: keyIdOf(newBox) }]);
  });

  it("enters none where the first key seals everything, or where no key is known that opens the rest", async () => {
    const fleet = await aFleet();
    await fleet.add(1, newBox);
    await fleet.add(2, lostBox);
    const errors: unknown[] = [];
    await fleet.service(bothBox, { ...silentLogger, error: (data) => void errors.push(data) }).runOnce(go);
    expect(await fleet.jobs.count({ kinds: ["REENCRYPT_SECRETS"] }, 10)).toBe(0);
    expect(errors).toEqual([{ missingKeys: { [keyIdOf(lostBox)]: 2 } }]);
  });
});

it("knows every column of the registry in which a secret could lie", async () => {
  const fleet = await aFleet();
  const rows = await sqlAt<{ place: string }>(
    fleet.registry.url,
    `SELECT CONCAT(TABLE_NAME, '.', COLUMN_NAME) AS place FROM information_schema.COLUMNS
      WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_NAME REGEXP 'password|sealed|secret|credential'`,
  );
  const known = vaults.map(({ table, sealed }) => `${getTableName(table)}.${sealed.name}`);
  // Of API keys only the SHA-256 is kept.
  expect(rows.map(({ place }) => place).toSorted()).toEqual([...known, "api_keys.secret_hash"].toSorted());
});
