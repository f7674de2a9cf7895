import { jobStoreContract } from "../support/contracts/job-store.contract.ts";
import { openDrizzleWorld } from "./drizzle-world.ts";

jobStoreContract("drizzle", openDrizzleWorld);
