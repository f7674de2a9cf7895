import { testRunStoreContract } from "../support/contracts/test-run-store.contract.ts";
import { openDrizzleWorld } from "./drizzle-world.ts";

testRunStoreContract("drizzle", openDrizzleWorld);
