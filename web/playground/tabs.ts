import createTestTenants from "../../examples/create-test-tenants.graphql?raw";
import followJob from "../../examples/follow-job.graphql?raw";
import followTestRun from "../../examples/follow-test-run.graphql?raw";
import listTenants from "../../examples/list-tenants.graphql?raw";
import lookAtFleet from "../../examples/look-at-fleet.graphql?raw";
import startConnectionTest from "../../examples/start-connection-test.graphql?raw";

function tab(query: string, variables: object) {
  return { query, variables: JSON.stringify(variables, null, 2) };
}

/** What a first visitor finds: a first session from left to right. */
export const exampleTabs = [
  tab(createTestTenants, { count: 32 }),
  tab(followJob, { id: "the job's id, from the first tab" }),
  tab(startConnectionTest, { input: {} }),
  tab(followTestRun, { id: "the run's id, from the third tab" }),
  tab(listTenants, { first: 25 }),
  tab(lookAtFleet, {}),
];
