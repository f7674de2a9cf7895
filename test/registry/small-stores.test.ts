import { smallStoresContract } from "../support/contracts/small-stores.contract.ts";
import { openDrizzleWorld } from "./drizzle-world.ts";

smallStoresContract("drizzle", openDrizzleWorld);
