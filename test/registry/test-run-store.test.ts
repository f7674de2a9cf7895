import { testRunStoreContract } from "../support/contracts/test-run-store.contract.ts";
import { openFakeWorld } from "../support/fakes/fake-world.ts";
import { openDrizzleWorld } from "./drizzle-world.ts";

testRunStoreContract("drizzle", openDrizzleWorld);
testRunStoreContract("fake", openFakeWorld);
