import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { DataDirInUse, DataDirLock } from "../../src/embedded/data-dir-lock.ts";
import { EncryptionKeyLost, KeyFiles } from "../../src/embedded/key-files.ts";
import { identify, isAlive } from "../../src/embedded/process-identity.ts";
import { Secret } from "../../src/kit/secret.ts";

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tenantry-data-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function anEndedProcess() {
  const child = spawn("sleep", ["60"]);
  const identity = await identify(child.pid ?? 0);
  const ended = once(child, "exit");
  child.kill();
  await ended;
  return { pid: child.pid ?? 0, startedAt: "?", ...identity };
}

describe("the lock of a data directory", () => {
  it("refuses a second service, names the first, and lets it in when the first has stopped", async () => {
    const folder = join(await aFolder(), "data");
    const first = await DataDirLock.take(folder);
    const second = DataDirLock.take(folder);
    await expect(second).rejects.toThrow(DataDirInUse);
    await expect(second).rejects.toThrow(`process ${process.pid}`);
    await first.release();
    await (await DataDirLock.take(folder)).release();
    expect(await readdir(folder)).toHaveLength(1);
  });

  it("lets exactly one in of many that come at once", async () => {
    const folder = await aFolder();
    await writeFile(join(folder, "lock.1"), JSON.stringify(await anEndedProcess()));
    const taken = await Promise.allSettled(Array.from({ length: 20 }, () => DataDirLock.take(folder)));
    expect(taken.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await readdir(folder)).toEqual(["lock.2"]);
  });

  it.each([
    ["a process that died", async () => JSON.stringify(await anEndedProcess())],
    ["an earlier process of a number that is in use", async () => JSON.stringify({ pid: process.pid, startedAt: "1" })],
    ["a crash that cut it off", async () => '{"pid":12'],
    ["a power cut that emptied it", async () => ""],
  ])("takes over the lock of %s", async (_, text) => {
    const folder = await aFolder();
    await writeFile(join(folder, "lock.1"), await text());
    await expect(DataDirLock.take(folder)).resolves.toBeInstanceOf(DataDirLock);
  });

  it("makes the directory for our eyes only", async () => {
    const folder = join(await aFolder(), "a/b");
    await DataDirLock.take(folder);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });
});

describe("the identity of a process", () => {
  it("holds while it runs and no longer", async () => {
    const self = await identify(process.pid);
    expect(self && (await isAlive(self))).toBe(true);
    const ended = await anEndedProcess();
    expect(await isAlive(ended)).toBe(false);
  });
});

describe("generated keys", () => {
  it("are made once, of 32 bytes, in a file that only we can read", async () => {
    const folder = join(await aFolder(), "data");
    const key = await new KeyFiles(folder).encryptionKey(false);
    expect(Buffer.from(key.reveal(), "base64")).toHaveLength(32);
    expect((await new KeyFiles(folder).encryptionKey(true)).reveal()).toBe(key.reveal());
    expect((await stat(join(folder, "encryption.key"))).mode & 0o777).toBe(0o600);
  });

  it("are not made anew when the database that needs the lost one is there", async () => {
    const folder = await aFolder();
    await expect(new KeyFiles(folder).encryptionKey(true)).rejects.toThrow(EncryptionKeyLost);
    expect(await readdir(folder)).toEqual([]);
  });

  it("keep the first admin key for the command line", async () => {
    const folder = join(await aFolder(), "data");
    const keys = new KeyFiles(folder);
    expect(await keys.adminKey()).toBeUndefined();
    await mkdir(folder);
    await keys.saveAdminKey(new Secret("tnk_0123456789abcdef"));
    expect((await keys.adminKey())?.reveal()).toBe("tnk_0123456789abcdef");
    expect((await stat(join(folder, "admin.key"))).mode & 0o777).toBe(0o600);
  });
});
