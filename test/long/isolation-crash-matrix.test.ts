import { afterAll, beforeAll } from "vitest";
import { PrivateServer } from "../e2e/support/private-server.ts";
import { StartIsolationTestDocument } from "../gql/graphql.ts";
import { buildService } from "../support/service.ts";
import { describeCrashes, threeActive } from "./support/crash-matrix.ts";

let server: PrivateServer;

beforeAll(async () => {
  await buildService();
  server = await PrivateServer.start();
}, 120_000);

afterAll(() => server?.stop());

describeCrashes(
  {
    name: "testing the isolation",
    word: "isolation",
    steps: ["lab", "planted", "attacked"],
    prepare: threeActive,
    begin: async (stage) => {
      const { startIsolationTest } = await stage.api.data(StartIsolationTestDocument, { input: {} });
      return startIsolationTest.testRun?.job.id;
    },
  },
  () => server,
);
