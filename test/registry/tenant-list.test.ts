import { tenantListContract } from "../support/contracts/tenant-list.contract.ts";
import { openDrizzleWorld } from "./drizzle-world.ts";

tenantListContract("drizzle", openDrizzleWorld);
