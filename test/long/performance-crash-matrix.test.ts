import { afterAll, beforeAll } from "vitest";
import { PrivateServer } from "../e2e/support/private-server.ts";
import { StartPerformanceTestDocument } from "../gql/graphql.ts";
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
    name: "testing the performance",
    word: "performance",
    steps: ["planned", "prepared", "begun", "loaded", "deeply-tested", "dropped", "written"],
    onceOnly: ["begun", "loaded", "deeply-tested", "dropped", "written"],
    prepare: threeActive,
    begin: async (stage) => {
      const input = { maxTenants: 3, maxUsers: 3, operationsPerUser: 5, durationSeconds: 1 };
      const { startPerformanceTest } = await stage.api.data(StartPerformanceTestDocument, { input });
      return startPerformanceTest.testRun?.job.id;
    },
  },
  () => server,
);
