import { afterAll, expect, inject, it } from "vitest";
import { uuidv7Ids } from "../../../src/kit/ids.ts";
import { Secret } from "../../../src/kit/secret.ts";
import { MysqlServerLoad } from "../../../src/mysql/metrics/mysql-server-load.ts";
import { MysqlServerSessions } from "../../../src/mysql/pools/mysql-server-sessions.ts";

const serverId = uuidv7Ids.next<"DatabaseServer">();
const sessions = new MysqlServerSessions({ connectionsPerServer: 2 });
sessions.attach(serverId, new Secret(inject("serverUrl")));
const loads = new MysqlServerLoad(sessions);
const { signal } = new AbortController();

afterAll(() => sessions.close());

it("reads a server's load, and sees its statements grow", async () => {
  const before = await loads.load(serverId, 5_000, signal);
  const after = await loads.load(serverId, 5_000, signal);
  expect(before.pingMs).toBeGreaterThan(0);
  expect(before.maxConnections).toBeGreaterThan(10);
  expect(before.threadsConnected).toBeGreaterThanOrEqual(1);
  expect(before.threadsRunning).toBeGreaterThanOrEqual(1);
  expect(after.questions).toBeGreaterThanOrEqual(before.questions + 2);
});

it("tells how the connections are used, who waits, and who waited in vain", async () => {
  const usage = () => sessions.usageOf(serverId);
  const refusedBefore = usage()?.refusedTotal ?? 0;
  const wish = { serverId, deadlineMs: 5_000 };
  await sessions.withAdmin(wish, async () => {
    expect(usage()).toMatchObject({ limit: 2, inUse: 1, waiting: 0 });
    const inVain = sessions.withAdmin({ serverId, deadlineMs: 50 }, async () => undefined);
    expect(usage()).toMatchObject({ waiting: 1 });
    await expect(inVain).rejects.toMatchObject({ code: "QUEUE_TIMEOUT" });
  });
  expect(usage()).toMatchObject({ inUse: 0, waiting: 0, refusedTotal: refusedBefore + 1 });
  expect(usage()?.waitedMsTotal).toBeGreaterThanOrEqual(49);
  expect(sessions.usageOf(uuidv7Ids.next<"DatabaseServer">())).toBeUndefined();
});
