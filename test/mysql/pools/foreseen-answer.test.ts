import { connect, createServer, type Socket } from "node:net";
import mysql, { type Connection } from "mysql2/promise";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { uuidv7Ids } from "../../../src/kit/ids.ts";
import { Secret } from "../../../src/kit/secret.ts";
import { MysqlServerSessions } from "../../../src/mysql/pools/mysql-server-sessions.ts";

const changeUser = 0x11;
/** The first of an exchange, header included. */
const beginsChange = (packet: Buffer) => packet[3] === 0 && packet[4] === changeUser;

let admin: Connection;
let name: string;
const cleanUps: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  admin = await mysql.createConnection(inject("serverUrl"));
  name = `scratch${uuidv7Ids.next<"Scratch">().replaceAll("-", "").slice(-24)}`;
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.query(`CREATE USER '${name}'@'%' IDENTIFIED BY 'right'`);
  await admin.query(`GRANT ALL ON ${name}.* TO '${name}'@'%'`);
});

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  await admin.query(`DROP DATABASE ${name}`);
  await admin.query(`DROP USER '${name}'@'%'`);
  await admin.end();
});

/** A way to the server on which each packet of the client is passed on as it is, together with another one, or later. */
async function overheard(pass: (packet: Buffer) => Buffer | undefined) {
  const target = new URL(inject("serverUrl"));
  const { hostname, port } = target;
  const open = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname);
    for (const side of [client, server]) {
      open.add(side);
      side.on("error", () => undefined).on("close", () => [client, server].map((one) => one.destroy()));
    }
    let rest = Buffer.alloc(0);
    client.on("data", (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readUIntLE(0, 3)) {
        const packet = rest.subarray(0, 4 + rest.readUIntLE(0, 3));
        rest = rest.subarray(packet.length);
        const onward = pass(packet);
        if (onward) server.write(onward);
      }
    });
    server.pipe(client);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  if (typeof address === "object" && address) target.port = String(address.port);
  const sessions = new MysqlServerSessions();
  const serverId = uuidv7Ids.next<"DatabaseServer">();
  sessions.attach(serverId, new Secret(target.href));
  cleanUps.push(async () => {
    await sessions.close();
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => proxy.close(resolve));
  });
  /** Logs in, and tells on which connection and as whom. */
  return (password = "right") =>
    sessions.withTenantInTurn(
      { serverId, deadlineMs: 5_000, databaseName: name, password: new Secret(password) },
      async (session) => {
        const [row] = await session.query<{ readonly id: number; readonly account: string }>(
          "SELECT CONNECTION_ID() AS id, CURRENT_USER() AS account",
        );
        return row;
      },
    );
}

describe("an answer that is foreseen", () => {
  it("is sent with the change of account, once the server has asked twice in the same way", async () => {
    let changes = 0;
    let held: Buffer | undefined;
    const logIn = await overheard((packet) => {
      if (beginsChange(packet)) changes += 1;
      // Of these the server hears with the answer alone, so that it cannot have asked before.
      if (beginsChange(packet) && changes > 2) {
        held = packet;
        return undefined;
      }
      const both = held ? Buffer.concat([held, packet]) : packet;
      held = undefined;
      return both;
    });
    const ids = [];
    for (let n = 0; n < 6; n += 1) ids.push((await logIn())?.id);
    expect(changes).toBe(5);
    expect(new Set(ids).size).toBe(1);
  });

  it("is no way around the password", async () => {
    const logIn = await overheard((packet) => packet);
    for (let n = 0; n < 4; n += 1) await logIn();
    await expect(logIn("wrong")).rejects.toMatchObject({ code: "WRONG_CREDENTIALS" });
    expect(await logIn()).toMatchObject({ account: `${name}@%` });
  });
});
