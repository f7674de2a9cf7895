import { tenantStoreContract } from "../support/contracts/tenant-store.contract.ts";
import { openFakeWorld } from "../support/fakes/fake-world.ts";
import { openDrizzleWorld } from "./drizzle-world.ts";

tenantStoreContract("drizzle", openDrizzleWorld);
tenantStoreContract("fake", openFakeWorld);
