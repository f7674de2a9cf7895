import { jobItemsContract } from "../support/contracts/job-items.contract.ts";
import { openDrizzleWorld } from "./drizzle-world.ts";

jobItemsContract("drizzle", openDrizzleWorld);
