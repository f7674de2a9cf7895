import { warmPoolContract } from "../support/contracts/warm-pool.contract.ts";
import { openFakeWorld } from "../support/fakes/fake-world.ts";
import { openDrizzleWorld } from "./drizzle-world.ts";

warmPoolContract("drizzle", openDrizzleWorld);
warmPoolContract("fake", openFakeWorld);
