import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { SetWarmPoolTargetDocument, WarmPoolsDocument } from "../gql/graphql.ts";
import { buildService } from "../support/service.ts";
import { PrivateServer, sqlAt } from "./support/private-server.ts";
import { Stage } from "./support/stage.ts";
import { jobEnded, until } from "./support/steps.ts";

let server: PrivateServer;
let stage: Stage;

beforeAll(async () => {
  await buildService();
  server = await PrivateServer.start();
  // The registry lives elsewhere: it goes on while the tenants' server is gone.
  stage = await Stage.started(inject("serverUrl"), { TENANTRY_SERVER_URL: server.url });
}, 120_000);

afterAll(async () => {
  await stage?.close();
  await server?.stop();
});

async function pool() {
  const [only] = (await stage.api.data(WarmPoolsDocument, {})).databaseServers;
  if (!only) throw new TypeError("There is no server.");
  return { id: only.id, ...only.warmPool };
}

it("waits for a server that is gone while its pool is filled, and leaves nothing behind on it", async () => {
  const input = { serverId: (await pool()).id, target: 20 };
  const { setWarmPoolTarget } = await stage.api.data(SetWarmPoolTargetDocument, { input });
  await until("some are ready", 30_000, async () => (await pool()).ready >= 3);
  await server.crash();
  const ended = await jobEnded(() => stage.api, setWarmPoolTarget.job?.id ?? "", 60_000);
  expect(ended).toMatchObject({ status: "SUCCEEDED" });
  await until("the pool is full", 30_000, async () => (await pool()).ready === 20);
  const names = async (url: string, sql: string) => (await sqlAt(url, sql)).map(({ name }) => name);
  const known = (await stage.rows("SELECT database_name AS name FROM warm_databases ORDER BY 1")).map(
    ({ name }) => name,
  );
  const databases =
    "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'tnt%' ORDER BY 1";
  expect(await names(server.url, databases)).toEqual(known);
  expect(
    await names(server.url, "SELECT User AS name FROM mysql.global_priv WHERE User LIKE 'tnt%' ORDER BY 1"),
  ).toEqual(known);
}, 120_000);
