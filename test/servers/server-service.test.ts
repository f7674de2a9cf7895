import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { QueueTimeout } from "../../src/kit/concurrency.ts";
import { uuidv7Ids } from "../../src/kit/ids.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { Secret } from "../../src/kit/secret.ts";
import { MysqlServerSessions } from "../../src/mysql/pools/mysql-server-sessions.ts";
import { MysqlServerContact } from "../../src/mysql/servers/mysql-server-contact.ts";
import type { DatabaseServer } from "../../src/servers/database-server.ts";
import { chooseServer, NoEligibleServer } from "../../src/servers/server-choice.ts";
import type { ServerContact, ServerIdentity } from "../../src/servers/server-contact.ts";
import { ServerService } from "../../src/servers/server-service.ts";
import { ServerTrouble } from "../../src/servers/server-trouble.ts";
import { openDrizzleWorld } from "../registry/drizzle-world.ts";
import { aServer } from "../support/builders.ts";

const never = new AbortController().signal;
const url = new Secret("mysql://admin:secret@db.example:3310");

let world: Awaited<ReturnType<typeof openDrizzleWorld>>;
beforeEach(async () => {
  world = await openDrizzleWorld();
});
afterEach(() => world.close());

/** A server that says what the test lets it say. */
class FakeContact implements ServerContact {
  answer: ServerIdentity | Error = { engine: "MARIADB", version: "10.11.1-MariaDB", maxConnections: 100 };
  asked = 0;

  attach(_id: string, adminUrl: Secret): { readonly host: string; readonly port: number } {
    const { hostname, port } = new URL(adminUrl.reveal());
    return { host: hostname, port: Number(port) };
  }

  async identify(): Promise<ServerIdentity> {
    this.asked += 1;
    if (this.answer instanceof Error) throw this.answer;
    return this.answer;
  }
}

const silence = new ServerTrouble("UNREACHABLE", "The database server did not answer.");

function bench() {
  const contact = new FakeContact();
  const parts = { store: world.servers, contact, ids: uuidv7Ids, clock: world.clock, logger: silentLogger };
  return { contact, service: new ServerService(parts) };
}

describe("registering a server", () => {
  it("enters what it says of itself", async () => {
    const { service } = bench();
    const server = await service.register("default", url, never);
    expect(server).toMatchObject({
      name: "default",
      host: "db.example",
      port: 3310,
      engine: "MARIADB",
      status: "ONLINE",
    });
    expect(server.version).toBe("10.11.1-MariaDB");
    expect(server.lastContactAt).toBeInstanceOf(Date);
    expect(await service.list()).toEqual([server]);
  });

  it("keeps its row when it is found at another port after a restart", async () => {
    const first = await bench().service.register("default", url, never);
    const second = await bench().service.register("default", new Secret("mysql://admin:x@db.example:4000"), never);
    expect(second).toMatchObject({ id: first.id, port: 4000 });
  });

  it("that does not answer enters it all the same, and the watch finds it later", async () => {
    const { service, contact } = bench();
    contact.answer = silence;
    const server = await service.register("default", url, never);
    expect(server).toMatchObject({ status: "UNREACHABLE" });
    await expect(service.choose({ tenants: 1, field: [] })).rejects.toThrow(NoEligibleServer);
    contact.answer = { engine: "MARIADB", version: "11.4.2-MariaDB", maxConnections: 100 };
    await service.runOnce(never);
    expect(await service.choose({ tenants: 1, field: [] })).toMatchObject({ id: server.id, version: "11.4.2-MariaDB" });
  });

  it("asks a real server, and lets our budget follow its max_connections", async () => {
    const sessions = new MysqlServerSessions();
    const contact = new MysqlServerContact(sessions);
    const parts = { store: world.servers, contact, ids: uuidv7Ids, clock: world.clock, logger: silentLogger };
    const server = await new ServerService(parts).register("default", new Secret(inject("serverUrl")), never);
    expect(server).toMatchObject({ engine: "MARIADB", status: "ONLINE", host: "127.0.0.1" });
    expect(server.version).toMatch(/^1\d\.\d+\.\d+-MariaDB/);
    const [row] = await sessions.withAdmin({ serverId: server.id, deadlineMs: 5_000 }, (session) =>
      session.query<{ max: number }>("SELECT @@GLOBAL.max_connections AS max"),
    );
    expect(sessions.budgetOf(server.id)).toBe(Math.max(8, Math.min(40, Math.floor(Number(row?.max) / 4))));
    await sessions.close();
  });
});

describe("watching servers", () => {
  it("sees one fall silent and come back", async () => {
    const { service, contact } = bench();
    const { id } = await service.register("default", url, never);
    const status = async () => (await service.list())[0]?.status;
    const answer = contact.answer;
    contact.answer = silence;
    await service.runOnce(never);
    expect(await status()).toBe("UNREACHABLE");
    contact.answer = answer;
    expect(await service.check(id, never)).toBe(true);
    expect(await status()).toBe("ONLINE");
  });

  it("leaves a server that is set aside as it is", async () => {
    const { service } = bench();
    const id = uuidv7Ids.next<"DatabaseServer">();
    await world.servers.ensure(aServer({ id, status: "CORDONED" }));
    await service.runOnce(never);
    expect(await service.list()).toMatchObject([{ id, status: "CORDONED" }]);
  });

  it("takes no news for neither good nor bad", async () => {
    const { service, contact } = bench();
    await service.register("default", url, never);
    contact.answer = new QueueTimeout("Waited 1 ms.");
    await service.runOnce(never);
    expect((await service.list())[0]?.status).toBe("ONLINE");
  });

  it("stops by its signal without a verdict", async () => {
    const { service, contact } = bench();
    await service.register("default", url, never);
    contact.answer = silence;
    const controller = new AbortController();
    controller.abort(silence);
    await expect(service.runOnce(controller.signal)).rejects.toBe(silence);
    expect((await service.list())[0]?.status).toBe("ONLINE");
  });
});

describe("the server for a new tenant", () => {
  const server = (name: string, over: Partial<DatabaseServer> = {}): DatabaseServer => {
    const id = uuidv7Ids.next<"DatabaseServer">();
    return aServer({ id, name, ...over });
  };
  const field = ["input", "serverId"];

  it("is the emptiest that is online and has room", () => {
    const [full, roomy, busy] = [server("full", { maxTenants: 10 }), server("roomy"), server("busy")];
    const down = server("down", { status: "UNREACHABLE" });
    const aside = server("aside", { status: "CORDONED" });
    const counts = new Map([
      [full.id, 9],
      [roomy.id, 20],
      [busy.id, 30],
    ]);
    const all = [down, aside, busy, roomy, full];
    expect(chooseServer(all, counts, { tenants: 1, field })).toBe(full);
    expect(chooseServer(all, counts, { tenants: 2, field })).toBe(roomy);
    expect(chooseServer(all, counts, { tenants: 2, field, serverId: busy.id })).toBe(busy);
  });

  it.each(["UNREACHABLE", "CORDONED"] as const)("is never one that is %s, also when it is asked for", (status) => {
    const only = server("only", { status });
    expect(() => chooseServer([only], new Map(), { tenants: 1, field })).toThrow(NoEligibleServer);
    expect(() => chooseServer([only, server("other")], new Map(), { tenants: 1, field, serverId: only.id })).toThrow(
      NoEligibleServer,
    );
  });
});
