import { jobItemsContract } from "../support/contracts/job-items.contract.ts";
import { openFakeWorld } from "../support/fakes/fake-world.ts";
import { openDrizzleWorld } from "./drizzle-world.ts";

jobItemsContract("drizzle", openDrizzleWorld);
jobItemsContract("fake", openFakeWorld);
