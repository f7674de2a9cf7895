import { expect, it } from "vitest";
import type { ApiKey, ApiKeyLookups } from "../../src/access/api-key.ts";
import { AdminKeyInvalid, ApiKeyService, hashOf, newSecret, prefixOf } from "../../src/access/api-key-service.ts";
import type { Clock } from "../../src/kit/clock.ts";
import { uuidv7Ids } from "../../src/kit/ids.ts";
import { Secret } from "../../src/kit/secret.ts";

class SetClock implements Clock {
  ms = 1_700_000_000_000;
  now(): Date {
    return new Date(this.ms);
  }
  monotonicMs(): number {
    return this.ms;
  }
  sleep(): Promise<void> {
    return Promise.resolve();
  }
}

class MemoryKeys implements ApiKeyLookups {
  readonly keys = new Map<string, ApiKey>();
  reads = 0;
  touches = 0;

  async ensure(key: ApiKey, secretHash: string): Promise<ApiKey> {
    const known = this.keys.get(secretHash);
    if (!known) this.keys.set(secretHash, key);
    return known ?? key;
  }
  async findByHash(secretHash: string): Promise<ApiKey | undefined> {
    this.reads += 1;
    return this.keys.get(secretHash);
  }
  async hasLive(role: string, now: Date): Promise<boolean> {
    return [...this.keys.values()].some(
      (key) => key.role === role && !key.revokedAt && !(key.expiresAt && key.expiresAt <= now),
    );
  }
  async touch(): Promise<void> {
    this.touches += 1;
  }
}

function service() {
  const store = new MemoryKeys();
  const clock = new SetClock();
  return { store, clock, keys: new ApiKeyService(store, clock, uuidv7Ids) };
}

function add(store: MemoryKeys, clock: Clock, change: Partial<ApiKey> = {}): string {
  const secret = newSecret().reveal();
  const key: ApiKey = {
    id: uuidv7Ids.next<"ApiKey">(),
    name: "ci",
    role: "OPERATOR",
    prefix: prefixOf(secret),
    createdAt: clock.now(),
  };
  store.keys.set(hashOf(secret), { ...key, ...change });
  return secret;
}

it("makes secrets that say what they are and are never the same", () => {
  const [one, other] = [newSecret().reveal(), newSecret().reveal()];
  expect(one).toMatch(/^tnk_[\w-]{43}$/);
  expect(one).not.toBe(other);
});

it("knows whose secret it is, and not a secret that differs in one character", async () => {
  const { store, clock, keys } = service();
  const secret = add(store, clock);
  expect(await keys.authenticate(secret)).toMatchObject({ name: "ci", role: "OPERATOR" });
  expect(await keys.authenticate(`${secret.slice(0, -1)}!`)).toBeUndefined();
});

it("asks the registry nothing for what cannot be a secret", async () => {
  const { store, keys } = service();
  for (const text of ["", "short", "x".repeat(201), "tab\tin the middle of it", "ünïcödé-ünïcödé-ünïcödé"]) {
    expect(await keys.authenticate(text), text).toBeUndefined();
  }
  expect(store.reads).toBe(0);
});

it("refuses a key from the instant it expires, also one it has just read", async () => {
  const { store, clock, keys } = service();
  const secret = add(store, clock, { expiresAt: new Date(clock.ms + 500) });
  expect(await keys.authenticate(secret)).toBeDefined();
  clock.ms += 500;
  expect(await keys.authenticate(secret)).toBeUndefined();
});

it("refuses a revoked key: at once when told, within a second when not", async () => {
  const { store, clock, keys } = service();
  const secret = add(store, clock);
  const hash = hashOf(secret);
  const live = store.keys.get(hash);
  await keys.authenticate(secret);
  if (live) store.keys.set(hash, { ...live, revokedAt: clock.now() });
  clock.ms += 999;
  expect(await keys.authenticate(secret)).toBeDefined();
  clock.ms += 1;
  expect(await keys.authenticate(secret)).toBeUndefined();
  if (live) store.keys.set(hash, live);
  await keys.authenticate(secret);
  if (live) store.keys.set(hash, { ...live, revokedAt: clock.now() });
  keys.forget();
  expect(await keys.authenticate(secret)).toBeUndefined();
});

it("writes down the use of a key once a minute at most", async () => {
  const { store, clock, keys } = service();
  const secret = add(store, clock);
  await Promise.all([keys.authenticate(secret), keys.authenticate(secret)]);
  clock.ms += 59_999;
  await keys.authenticate(secret);
  expect(store.touches).toBe(1);
  clock.ms += 1;
  await keys.authenticate(secret);
  expect(store.touches).toBe(2);
});

it("makes an admin key when there is none, and none when there is one", async () => {
  const { store, keys } = service();
  const made = await keys.ensureAdminKey();
  expect(made && (await keys.authenticate(made.reveal()))).toMatchObject({ role: "ADMIN" });
  expect(await keys.ensureAdminKey()).toBeUndefined();
  expect(store.keys.size).toBe(1);
  expect(JSON.stringify([...store.keys])).not.toContain(made?.reveal());
});

it("makes a key that could not be kept anew, since nobody knows it", async () => {
  const { store, keys } = service();
  const lost = keys.ensureAdminKey(undefined, () => Promise.reject(new TypeError("The disk is full.")));
  await expect(lost).rejects.toThrow("The disk is full.");
  expect(store.keys.size).toBe(0);
  const kept: string[] = [];
  const made = await keys.ensureAdminKey(undefined, async (secret) => void kept.push(secret.reveal()));
  expect(kept).toEqual([made?.reveal()]);
});

it("makes another admin key when the last one was revoked", async () => {
  const { store, clock, keys } = service();
  add(store, clock, { role: "ADMIN", revokedAt: clock.now() });
  expect(await keys.ensureAdminKey()).toBeDefined();
});

it("adds the configured admin key once, and does not show it again", async () => {
  const { store, keys } = service();
  const configured = new Secret("correct horse battery staple");
  expect(await keys.ensureAdminKey(configured)).toBeUndefined();
  expect(await keys.ensureAdminKey(configured)).toBeUndefined();
  expect(store.keys.size).toBe(1);
  expect(await keys.authenticate(configured.reveal())).toMatchObject({ role: "ADMIN" });
});

it.each([
  "tooshort",
  "x".repeat(201),
  " leading-space-0123",
  "new\nline-0123456789",
])("refuses %j as a configured admin key", async (text) => {
  const { store, keys } = service();
  await expect(keys.ensureAdminKey(new Secret(text))).rejects.toThrow(AdminKeyInvalid);
  expect(store.keys.size).toBe(0);
});

it("refuses to start with a configured admin key that was revoked", async () => {
  const { store, clock, keys } = service();
  const secret = add(store, clock, { role: "ADMIN", revokedAt: clock.now() });
  await expect(keys.ensureAdminKey(new Secret(secret))).rejects.toThrow(AdminKeyInvalid);
});
