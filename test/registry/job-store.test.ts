import { jobStoreContract } from "../support/contracts/job-store.contract.ts";
import { openFakeWorld } from "../support/fakes/fake-world.ts";
import { openDrizzleWorld } from "./drizzle-world.ts";

jobStoreContract("drizzle", openDrizzleWorld);
jobStoreContract("fake", openFakeWorld);
