import { EventEmitter, once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import mysql, { type RowDataPacket } from "mysql2/promise";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { EmbeddedMariaDb, type EmbeddedMariaDbOptions } from "../../src/embedded/embedded-mariadb.ts";
import { UnusableMariaDb } from "../../src/embedded/mariadb-installation.ts";
import { identify } from "../../src/embedded/process-identity.ts";
import { silentLogger } from "../../src/kit/logger.ts";

async function ask<Row>(server: EmbeddedMariaDb, sql: string): Promise<Row[]> {
  const connection = await mysql.createConnection(server.url.reveal());
  try {
    const [rows] = await connection.query<(Row & RowDataPacket)[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
}

async function aDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), "tenantry-embedded-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  return dataDir;
}

function options(dataDir: string, more: Partial<EmbeddedMariaDbOptions> = {}): EmbeddedMariaDbOptions {
  return { dataDir, binary: inject("mariadbd"), logger: silentLogger, durable: false, ...more };
}

async function started(dataDir: string): Promise<EmbeddedMariaDb> {
  const server = await EmbeddedMariaDb.start(options(dataDir));
  onTestFinished(() => server.stop());
  return server;
}

async function pidOf(dataDir: string): Promise<number> {
  return Number(await readFile(join(dataDir, "mariadb/mariadbd.pid"), "utf8"));
}

describe("the private MariaDB", () => {
  it("finds its data and its address again after a stop", async () => {
    const dataDir = await aDataDir();
    const first = await started(dataDir);
    await ask(first, "CREATE DATABASE kept");
    await first.stop();
    const second = await started(dataDir);
    expect(await ask(second, "SHOW DATABASES LIKE 'kept'")).toHaveLength(1);
    expect(second.url.reveal()).toBe(first.url.reveal());
  });

  it("leaves no process when stopped", async () => {
    const dataDir = await aDataDir();
    const server = await started(dataDir);
    const pid = await pidOf(dataDir);
    expect(await identify(pid)).toBeDefined();
    await server.stop();
    expect(await identify(pid)).toBeUndefined();
  });

  it.each(["with", "without"])("adopts the server of a service that was killed, %s its record", async (record) => {
    const dataDir = await aDataDir();
    const killed = await started(dataDir);
    const pid = await pidOf(dataDir);
    if (record === "without") await rm(join(dataDir, "mariadb/process.json"));
    const next = await started(dataDir);
    expect(await pidOf(dataDir)).toBe(pid);
    expect(next.url.reveal()).toBe(killed.url.reveal());
    expect(await ask(next, "SELECT 1")).toHaveLength(1);
    await next.stop();
    await killed.stop();
    expect(await identify(pid)).toBeUndefined();
  });

  it("takes another port when somebody else has its own", async () => {
    const dataDir = await aDataDir();
    const first = await started(dataDir);
    await first.stop();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(first.port, "127.0.0.1", resolve));
    onTestFinished(() => void other.close());
    const second = await started(dataDir);
    expect(second.port).not.toBe(first.port);
    expect(await ask(second, "SELECT 1")).toHaveLength(1);
  });

  it("is started again when it dies", async () => {
    const dataDir = await aDataDir();
    const events = new EventEmitter();
    const logger = {
      ...silentLogger,
      warn: (_: object, event: string) => void events.emit(event),
      info: (_: object, event: string) => void events.emit(event),
    };
    const server = await EmbeddedMariaDb.start(options(dataDir, { logger }));
    onTestFinished(() => server.stop());
    const warned = once(events, "private MariaDB died and is started again");
    const again = once(events, "private MariaDB is up");
    await ask(server, "CREATE DATABASE kept");
    process.kill(await pidOf(dataDir), "SIGKILL");
    await Promise.all([warned, again]);
    expect(await ask(server, "SHOW DATABASES LIKE 'kept'")).toHaveLength(1);
  });

  it("can be reached from this machine only, by an account with a password only", async () => {
    const server = await started(await aDataDir());
    const accounts = await ask<{ account: string; plugin: string }>(
      server,
      "SELECT CONCAT(User, '@', Host) AS account, plugin FROM mysql.user WHERE User <> 'mariadb.sys' ORDER BY 1",
    );
    expect(accounts.map(({ account }) => account)).toEqual(["root@localhost", "tenantry@127.0.0.1"]);
    const [settings] = await ask(
      server,
      "SELECT @@bind_address AS address, @@local_infile AS loading, @@secure_file_priv AS files, @@skip_name_resolve AS names",
    );
    expect(settings).toMatchObject({
      address: "127.0.0.1",
      loading: 0,
      names: 1,
      files: expect.stringMatching(/mariadb\/files\/$/),
    });
    const nobody = mysql.createConnection({ host: "127.0.0.1", port: server.port, user: "root" });
    await expect(nobody).rejects.toMatchObject({ errno: 1045 });
  });

  it("keeps its password in files that only we can read, and out of the server's start file", async () => {
    const dataDir = await aDataDir();
    const server = await started(dataDir);
    const modes = ["account.json", "process.json", ""].map(
      async (name) => (await stat(join(dataDir, "mariadb", name))).mode & 0o777,
    );
    expect(await Promise.all(modes)).toEqual([0o600, 0o600, 0o700]);
    await expect(stat(join(dataDir, "mariadb/init.sql"))).rejects.toMatchObject({ code: "ENOENT" });
    expect(String(server.url)).toBe("[secret]");
  });

  it("works in a data directory whose path is too long for a socket", async () => {
    const dataDir = join(await aDataDir(), "x".repeat(60), "ä".repeat(40));
    await mkdir(dataDir, { recursive: true });
    const server = await started(dataDir);
    const [{ socket } = { socket: "" }] = await ask<{ socket: string }>(server, "SELECT @@socket AS socket");
    expect((await stat(socket)).isSocket()).toBe(true);
    expect(socket.startsWith(dataDir)).toBe(false);
    await server.stop();
    await expect(stat(dirname(socket))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("begins anew when filling the data folder was interrupted", async () => {
    const dataDir = await aDataDir();
    await mkdir(join(dataDir, "mariadb/data.new/mysql"), { recursive: true });
    const server = await started(dataDir);
    expect(await ask(server, "SELECT 1")).toHaveLength(1);
  });

  it("gives the start up when told, and leaves nothing running", async () => {
    const dataDir = await aDataDir();
    const controller = new AbortController();
    const logger = {
      ...silentLogger,
      info: (_: object, event: string) => {
        if (event === "private MariaDB is made") controller.abort();
      },
    };
    const start = EmbeddedMariaDb.start(options(dataDir, { logger, signal: controller.signal }));
    await expect(start).rejects.toMatchObject({ name: "AbortError" });
    expect(await EmbeddedMariaDb.exists(dataDir)).toBe(false);
  });

  it("refuses a program that is not MariaDB, and says what else can be done", async () => {
    const start = EmbeddedMariaDb.start(options(await aDataDir(), { binary: process.execPath }));
    await expect(start).rejects.toThrow(UnusableMariaDb);
  });
});
