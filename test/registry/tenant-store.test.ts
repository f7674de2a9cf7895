import { tenantStoreContract } from "../support/contracts/tenant-store.contract.ts";
import { openDrizzleWorld } from "./drizzle-world.ts";

tenantStoreContract("drizzle", openDrizzleWorld);
