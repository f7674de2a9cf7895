import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, inject, it } from "vitest";
import { QueueTimeout } from "../../../src/kit/concurrency.ts";
import { uuidv7Ids } from "../../../src/kit/ids.ts";
import { Secret } from "../../../src/kit/secret.ts";
import { MysqlServerSessions } from "../../../src/mysql/pools/mysql-server-sessions.ts";
import type { PacketSession, ServerSession } from "../../../src/mysql/pools/server-sessions.ts";
import { ServerTrouble } from "../../../src/servers/server-trouble.ts";

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function sessionsOn(url: string, connectionsPerServer?: number) {
  const sessions = new MysqlServerSessions(connectionsPerServer === undefined ? {} : { connectionsPerServer });
  const serverId = uuidv7Ids.next<"DatabaseServer">();
  sessions.attach(serverId, new Secret(url));
  cleanUps.push(() => sessions.close());
  return { sessions, serverId, wish: { serverId, deadlineMs: 5_000 } };
}

/** A server whose every byte passes through us, until it is stopped: then it is as silent as a SIGSTOPped one. */
async function stoppableServer(heard: (bytes: Buffer) => void = () => undefined) {
  const target = new URL(inject("serverUrl"));
  const { hostname, port } = target;
  const sockets = new Set<Socket>();
  let stopped = false;
  const proxy: Server = createServer((client) => {
    sockets.add(client);
    client.on("error", () => undefined).on("close", () => sockets.delete(client));
    if (stopped) return;
    const upstream = connect(Number(port), hostname);
    upstream.on("error", () => client.destroy()).on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
    client.on("data", (bytes: Buffer) => {
      heard(bytes);
      if (!stopped) upstream.write(bytes);
    });
    upstream.on("data", (bytes) => stopped || client.write(bytes));
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  if (typeof address !== "object" || !address) throw new TypeError("The proxy has no port.");
  cleanUps.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => proxy.close(resolve));
  });
  target.port = String(address.port);
  return {
    url: target.href,
    stop: () => {
      stopped = true;
    },
    resume: () => {
      stopped = false;
    },
    openSockets: () => sockets.size,
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function deferred() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("an admin's session on a database", () => {
  const where = "SELECT CONNECTION_ID() AS id, DATABASE() AS `database`, @left AS behind, @@sql_mode AS mode";
  const ask = (session: ServerSession) =>
    session.query<{ id: number; database: string; behind: string | null; mode: string }>(where);

  it("is lent again on another one, with nothing of the first left", async () => {
    const { sessions, wish } = sessionsOn(inject("serverUrl"));
    const [first] = await sessions.withAdminOn({ ...wish, database: "mysql" }, async (session) => {
      const seen = await ask(session);
      await session.run("SET @left = 'behind', SESSION sql_mode = ''");
      return seen;
    });
    const [second] = await sessions.withAdminOn({ ...wish, database: "information_schema" }, ask);
    expect(first).toMatchObject({ database: "mysql", behind: null });
    expect(second).toEqual({ ...first, database: "information_schema" });
  });

  it("is on nobody's database while nobody has it, and never lent without one", async () => {
    const { sessions, wish } = sessionsOn(inject("serverUrl"));
    const [lent] = await sessions.withAdminOn({ ...wish, database: "mysql" }, ask);
    const [without] = await sessions.withAdmin(wish, ask);
    expect(without).toMatchObject({ database: null });
    expect(without?.id).not.toBe(lent?.id);
    // A next borrower waits until the reset of the session has ended.
    const [again] = await sessions.withAdminOn({ ...wish, database: "mysql" }, ask);
    expect(again?.id).toBe(lent?.id);
    const idle = () =>
      sessions.withAdmin(wish, (session) =>
        session.query("SELECT DB AS db FROM information_schema.PROCESSLIST WHERE ID = ?", [lent?.id]),
      );
    await expect.poll(idle).toEqual([{ db: "information_schema" }]);
  });

  it("tells of a database that is not there, on a fresh connection and on one that was open", async () => {
    const { sessions, wish } = sessionsOn(inject("serverUrl"));
    const missing = () => failureOf(sessions.withAdminOn({ ...wish, database: "tntnowhere" }, ask));
    const trouble = { code: "UNKNOWN_DATABASE", errno: 1049 };
    expect(await missing()).toMatchObject(trouble);
    await sessions.withAdminOn({ ...wish, database: "mysql" }, ask);
    expect(await missing()).toMatchObject(trouble);
  });
});

describe("an admin's session for packets", () => {
  it("tells of each statement, and of the first that was refused how many had been carried out", async () => {
    const { sessions, wish } = sessionsOn(inject("serverUrl"));
    await sessions.withAdminPackets(wish, async (session) => {
      const good = await session.send(["SELECT 1 AS one", "SET @a = 1", "SELECT @a AS a UNION ALL SELECT 2"]);
      expect(good).toEqual({ carriedOut: 3, rows: [[{ one: 1 }], [], [{ a: 1 }, { a: 2 }]] });
      const bad = await session.send(["SET @a = 2", "SELECT 1 FROM DUAL WHERE 1 = 0", "SELECT nothing", "SET @a = 3"]);
      expect(bad).toMatchObject({ carriedOut: 2, rows: [], refusal: { code: "QUERY_FAILED", errno: 1054 } });
      expect(await session.send(["SELECT @a AS a"])).toEqual({ carriedOut: 1, rows: [[{ a: 2 }]] });
      await expect(session.send(["SELECT 1", "SELECT 2; SELECT 3"])).rejects.toMatchObject({ code: "QUERY_FAILED" });
    });
  });

  it("counts a statement as carried out when its rows have ended, not when they begin", async () => {
    const { sessions, wish } = sessionsOn(inject("serverUrl"));
    // The first row is told before the second is found to be wrong.
    const breaking = (second: number) =>
      `SELECT (SELECT 1 UNION SELECT two.n) AS one FROM (SELECT 1 AS n UNION ALL SELECT ${second}) AS two`;
    await sessions.withAdminPackets(wish, async (session) => {
      const within = await session.send(["SET @a = 1", breaking(1), breaking(2), "SET @a = 2"]);
      expect(within).toMatchObject({ carriedOut: 2, refusal: { errno: 1242 } });
      const behind = await session.send(["SET @a = 1", breaking(1), "SELECT nothing", "SET @a = 2"]);
      expect(behind).toMatchObject({ carriedOut: 2, refusal: { errno: 1054 } });
      const first = await session.send([breaking(2), "SET @a = 2"]);
      expect(first).toMatchObject({ carriedOut: 0, refusal: { errno: 1242 } });
      expect(await session.send([breaking(2)])).toMatchObject({ carriedOut: 0, refusal: { errno: 1242 } });
    });
  });

  it("takes more than the server does in one packet, and refuses a statement that alone is more, by itself", async () => {
    const { sessions, wish } = sessionsOn(inject("serverUrl"));
    await sessions.withAdminPackets(wish, async (session) => {
      const [most] = await session.query<{ bytes: number }>("SELECT @@max_allowed_packet AS bytes");
      if (!most) throw new TypeError("The server did not say how much it takes.");
      const text = (bytes: number) => `SELECT LENGTH('${"x".repeat(bytes)}') AS bytes`;
      const third = Math.ceil(most.bytes / 3);
      const sent = ["SET @a = 1", text(third), text(third), text(third), text(third), "SELECT @a AS a"];
      const told = { carriedOut: 6, rows: [[], ...Array(4).fill([{ bytes: third }]), [{ a: 1 }]] };
      expect(await session.send(sent)).toEqual(told);
      const tooMuch = await session.send(["SET @a = 2", text(third), text(most.bytes), "SET @a = 3"]);
      expect(tooMuch).toMatchObject({ carriedOut: 2, rows: [], refusal: { code: "QUERY_FAILED", errno: 1153 } });
      expect(await session.send(["SELECT @a AS a"])).toEqual({ carriedOut: 1, rows: [[{ a: 2 }]] });
    });
  });

  it("is lent again as it was left where nothing is left, reset where something may be, and not at all after a failure", async () => {
    const { sessions, wish } = sessionsOn(inject("serverUrl"));
    const seen = async (after: (session: PacketSession) => Promise<void> | void) =>
      sessions.withAdminPackets(wish, async (session) => {
        const { rows } = await session.send([
          "SELECT CONNECTION_ID() AS id, @left AS behind, DATABASE() AS `database`",
        ]);
        await session.send(["SET @left = 1", "USE mysql"]);
        await after(session);
        return rows[0]?.[0];
      });
    const fresh = { behind: null, database: "information_schema" };
    const first = await seen((session) => session.leavesNothing());
    const { id } = first as { id: number };
    expect(first).toEqual({ id, ...fresh });
    expect(await seen(() => undefined)).toEqual({ id, behind: 1, database: "mysql" });
    const failing = seen(() => {
      throw new TypeError("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await seen(() => undefined)).toEqual({ id: expect.not.toSatisfy((other) => other === id), ...fresh });
  });
});

describe("a pooled admin session", () => {
  it("says itself that each statement commits and ends its transaction, since a server may have other defaults", async () => {
    const heard: string[] = [];
    const listening = await stoppableServer((bytes) => heard.push(bytes.toString("latin1")));
    const { sessions, wish } = sessionsOn(listening.url);
    for (const text of ["SELECT 1", "SELECT 2"]) await sessions.withAdmin(wish, (session) => session.query(text));
    const settings = heard.join("").match(/SET SESSION time_zone[^;]*?autocommit = 1, completion_type = 0/g);
    expect(settings?.length).toBeGreaterThanOrEqual(2);
  });

  it("is strict, in UTC and utf8mb4, on the first use and on the second", async () => {
    const { sessions, wish } = sessionsOn(inject("serverUrl"));
    const ask = () =>
      sessions.withAdmin(wish, (session) =>
        session.query<{ id: number; zone: string; mode: string; client: string; connection: string }>(
          "SELECT CONNECTION_ID() AS id, @@time_zone AS zone, @@sql_mode AS mode, @@character_set_client AS client, @@collation_connection AS connection",
        ),
      );
    const [first] = await ask();
    const [second] = await ask();
    expect(first).toMatchObject({ zone: "+00:00", client: "utf8mb4", connection: "utf8mb4_unicode_ci" });
    expect(first?.mode).toContain("STRICT_ALL_TABLES");
    expect(first?.mode).toContain("NO_AUTO_CREATE_USER");
    expect(second).toEqual(first);
  });

  it("leaves nothing behind for the next borrower", async () => {
    const { sessions, wish } = sessionsOn(inject("serverUrl"));
    await sessions.withAdmin(wish, async (session) => {
      await session.run("SET @left = 'behind', SESSION sql_mode = ''");
      await session.run("SET SESSION autocommit = 0");
    });
    const [row] = await sessions.withAdmin(wish, (session) =>
      session.query<{ behind: string | null; autocommit: number; mode: string }>(
        "SELECT @left AS behind, @@autocommit AS autocommit, @@sql_mode AS mode",
      ),
    );
    expect(row).toMatchObject({ behind: null, autocommit: 1 });
    expect(row?.mode).toContain("STRICT_ALL_TABLES");
  });

  it("is not lent again when its borrower chose a database", async () => {
    const { sessions, wish } = sessionsOn(inject("serverUrl"));
    await sessions.withAdmin(wish, (session) => session.run("USE mysql"));
    const [row] = await sessions.withAdmin(wish, (session) =>
      session.query<{ database: string | null }>("SELECT DATABASE() AS `database`"),
    );
    expect(row).toEqual({ database: null });
  });

  it("tells how long connecting took, and nothing for a connection that was open", async () => {
    const { sessions, wish } = sessionsOn(inject("serverUrl"));
    expect(await sessions.withAdmin(wish, async (session) => session.connectMs)).toBeGreaterThan(0);
    expect(await sessions.withAdmin(wish, async (session) => session.connectMs)).toBe(0);
  });

  it("stays usable after a statement that was refused", async () => {
    const { sessions, wish } = sessionsOn(inject("serverUrl"));
    const error = await failureOf(sessions.withAdmin(wish, (session) => session.query("SELECT nonsense")));
    expect(error).toMatchObject({ code: "QUERY_FAILED", errno: 1054 });
    expect(String(error)).not.toContain("nonsense");
    expect(await sessions.withAdmin(wish, (session) => session.query("SELECT 1 AS one"))).toEqual([{ one: 1 }]);
  });
});

describe("a server that falls silent", () => {
  it("ends a statement at its deadline, and the connection with it", async () => {
    const server = await stoppableServer();
    const { sessions, wish } = sessionsOn(server.url);
    await sessions.withAdmin(wish, (session) => session.query("SELECT 1"));
    server.stop();
    const error = await failureOf(
      sessions.withAdmin({ ...wish, deadlineMs: 150 }, (session) => session.query("SELECT 2")),
    );
    expect(error).toBeInstanceOf(ServerTrouble);
    expect(error).toMatchObject({ code: "UNREACHABLE", retryable: true });
    await expect.poll(server.openSockets).toBe(0);
    server.resume();
    expect(await sessions.withAdmin(wish, (session) => session.query("SELECT 3 AS three"))).toEqual([{ three: 3 }]);
  });

  it("ends a log-in at its deadline", async () => {
    const server = await stoppableServer();
    server.stop();
    const { sessions, wish } = sessionsOn(server.url);
    const password = new Secret("x");
    const logIn = sessions.withTenant({ ...wish, deadlineMs: 150, databaseName: "tntabcdefgh", password }, (session) =>
      session.query("SELECT 1"),
    );
    expect(await failureOf(logIn)).toMatchObject({ code: "UNREACHABLE" });
    await expect.poll(server.openSockets).toBe(0);
  });

  it("lets go at once when the borrower's own signal aborts, with its reason", async () => {
    const { sessions, wish } = sessionsOn(inject("serverUrl"));
    const controller = new AbortController();
    const reason = new TypeError("enough");
    const waiting = sessions.withAdmin({ ...wish, signal: controller.signal }, (session) => {
      const answer = session.query("SELECT SLEEP(3)");
      controller.abort(reason);
      return answer;
    });
    expect(await failureOf(waiting)).toBe(reason);
  });

  it("is UNREACHABLE when it breaks off in the middle of a statement", async () => {
    const server = await stoppableServer();
    const { sessions, wish } = sessionsOn(server.url);
    const waiting = failureOf(
      sessions.withAdmin(wish, (session) => {
        const answer = session.query("SELECT SLEEP(3)");
        server.close();
        return answer;
      }),
    );
    expect(await waiting).toMatchObject({ code: "UNREACHABLE" });
  });

  it("is UNREACHABLE when nobody listens", async () => {
    const { sessions, wish } = sessionsOn("mysql://tester:tester@127.0.0.1:1");
    expect(await failureOf(sessions.withAdmin(wish, (session) => session.query("SELECT 1")))).toMatchObject({
      code: "UNREACHABLE",
    });
  });

  it("says nothing of tenants when it is our own account that is refused", async () => {
    const url = new URL(inject("serverUrl"));
    url.password = "wrong";
    const { sessions, wish } = sessionsOn(url.href);
    expect(await failureOf(sessions.withAdmin(wish, (session) => session.query("SELECT 1")))).toMatchObject({
      code: "UNREACHABLE",
      errno: 1045,
    });
  });
});

describe("the budget of a server", () => {
  it("is never exceeded, whatever is asked for at once", async () => {
    const server = await stoppableServer();
    const { sessions, wish } = sessionsOn(server.url, 4);
    let most = 0;
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => {
        const work = async (session: { query(sql: string): Promise<unknown> }) => {
          await session.query("SELECT SLEEP(0.002)");
          most = Math.max(most, server.openSockets());
        };
        return n % 2 === 0
          ? sessions.withAdmin(wish, work)
          : sessions.withAdminOn({ ...wish, database: "mysql" }, work);
      }),
    );
    expect(most).toBeGreaterThanOrEqual(2);
    expect(most).toBeLessThanOrEqual(4);
  });

  it("keeps a place for what a person waits for while bulk work has taken its share", async () => {
    const { sessions, wish } = sessionsOn(inject("serverUrl"), 2);
    const held = deferred();
    const started = deferred();
    const bulk = sessions.withAdmin(wish, async () => {
      started.resolve();
      await held.promise;
    });
    await started.promise;
    const queued = failureOf(sessions.withAdmin({ ...wish, deadlineMs: 50 }, (session) => session.query("SELECT 1")));
    expect(await sessions.withAdmin({ ...wish, interactive: true }, (s) => s.query("SELECT 1 AS one"))).toEqual([
      { one: 1 },
    ]);
    expect(await queued).toBeInstanceOf(QueueTimeout);
    held.resolve();
    await bulk;
  });
});
