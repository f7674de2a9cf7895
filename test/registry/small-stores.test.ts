import { smallStoresContract } from "../support/contracts/small-stores.contract.ts";
import { openFakeWorld } from "../support/fakes/fake-world.ts";
import { openDrizzleWorld } from "./drizzle-world.ts";

smallStoresContract("drizzle", openDrizzleWorld);
smallStoresContract("fake", openFakeWorld);
